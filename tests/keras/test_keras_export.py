from __future__ import annotations

import numpy as np
import pytest

from core.domain import FER7, Dataset, PictureSet, SplitProtocol
from core.training.fit import keras_fit
from core.training.plan import TrainingPlan
from core.training.trainer.keras_export import export_model
from tests.training_runs import FakeContext

pytestmark = pytest.mark.keras


def test_a_network_of_another_input_size_than_the_dataset_is_trained_and_evaluated(tmp_path):
    rng = np.random.default_rng(2)

    def pictures(count):
        labels = np.arange(count) % 7
        return PictureSet(rng.integers(0, 256, (count, 24, 24), np.uint8), labels)

    splits = {"Training": pictures(32), "PublicTest": pictures(14), "PrivateTest": pictures(14)}
    protocol = SplitProtocol("Training", "PublicTest", "PrivateTest")
    dataset = Dataset.from_splits("made", FER7, splits, protocol, content_hash="x")
    options = {"sizes_px": [[32, 1.0]], "batch_size": 16}
    plan = TrainingPlan("csv-1-two-blocks", data=str(tmp_path), epochs=1, options=options)
    trained = keras_fit.fit(dataset, plan, FakeContext(tmp_path))
    done = export_model(trained, dataset, plan, tmp_path / "result")
    assert done.logits["PrivateTest"].shape == (14, 7)
    assert np.isfinite(done.logits["PrivateTest"]).all()
