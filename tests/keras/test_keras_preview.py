from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.domain import PictureSet
from core.training import TrainingPlan
from core.training.fit.keras_batches import EpochPlan, Targets, epoch_order, training_batches
from core.training.monitoring import keras_preview, preview_job
from core.training.monitoring.preview import PreviewPlan, find_preview
from tests.datasets_on_disk import make_pictures, write_csv

pytestmark = pytest.mark.keras

CHANGES = {"augmentation": {"rotation_deg": 20.0, "erasing": 0.5, "flip": 0.5}}


@pytest.fixture
def plan(tmp_path):
    training = TrainingPlan(recipe="compact-residual", data=str(tmp_path), options=CHANGES)
    return replace(PreviewPlan.of(training, content=""), sizes_px=(16, 24))


@pytest.fixture
def pictures():
    rng = np.random.default_rng(5)
    return PictureSet(rng.integers(0, 256, (8, 24, 24), dtype=np.uint8), np.arange(8) % 7)


def test_the_preview_is_what_the_code_that_trains_makes_of_them(pictures, plan):
    drawn = keras_preview.augmented_preview(pictures, plan, classes=7)
    assert drawn.first.shape == (8, 5, 16, 16)
    assert drawn.final.shape == (8, 5, 24, 24)
    epoch_plan = EpochPlan(epoch=3, seed=plan.seed, size_px=24, batch_size=8)
    targets = Targets(
        np.eye(7, dtype=np.float32)[pictures.labels], pictures.labels, np.ones(7, np.float32)
    )
    faces, *_ = next(
        iter(training_batches(pictures, targets, epoch_plan, plan.parsed_augmentation))
    )
    in_order = np.asarray(faces)[np.argsort(epoch_order(pictures.labels, epoch_plan)), :, :, 0]
    assert np.array_equal(drawn.final[:, 3], (in_order * 255).round().astype(np.uint8))


def test_each_row_shows_one_picture_and_each_version_is_another(pictures, plan):
    none = {name: 0.0 for name in plan.augmentation}
    same = keras_preview.augmented_preview(pictures, replace(plan, augmentation=none), classes=7)
    for version in range(5):
        assert np.array_equal(same.final[:, version], pictures.pixels)
    final = keras_preview.augmented_preview(pictures, plan, classes=7).final
    assert len({final[:, version].tobytes() for version in range(5)}) == 5


class Place:
    def __init__(self, settings, name):
        self.settings, self.folder = settings, settings.runs_dir / name
        self.folder.mkdir(parents=True)


def test_the_job_makes_the_preview_with_one_picture_per_class(settings, tmp_path):
    path = write_csv(tmp_path / "fer2013.csv", make_pictures(size_px=24))
    training = TrainingPlan(recipe="compact-residual", data=str(path), options=CHANGES)
    plan = PreviewPlan.of(training, content="")
    assert find_preview(settings.runs_dir, plan) is None
    assert preview_job.run(plan.to_json(), Place(settings, "one")) == {"preview": plan.key}
    found = find_preview(settings.runs_dir, plan)
    assert sorted(set(found.labels.tolist())) == list(range(7))
    assert len(found.labels) == 8
    assert found.final.shape[2] == plan.sizes_px[1]
