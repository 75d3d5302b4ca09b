"""Every path predicts through the same code: same faces, same bits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.domain import CONFIDENT2, ModelInput
from core.domain.errors import DamagedModel
from core.models import LITERT_FILE, PREDICTION_BATCH_SIZE, Predictor, predict
from core.models.prediction import litert_logits
from core.settings import PROJECT_DIR
from tests.convertible import shelve_linear
from tests.fakes import FakeEngine
from tests.make import make_card, make_photo
from tests.predictions import scores_by_every_path
from tests.shelves import put_model

PICTURES = PREDICTION_BATCH_SIZE + 5


@pytest.fixture(scope="module")
def pixels():
    return np.stack([make_photo(seed) for seed in range(PICTURES)])


@pytest.mark.parametrize("put", [put_model, shelve_linear], ids=["LiteRT", "ONNX"])
def test_every_path_gives_the_same_bits_for_the_same_faces(settings, pixels, put):
    put(settings.models_dir, "small")
    found = scores_by_every_path(settings, "small", pixels)
    expected = found["evaluation"]
    assert np.ptp(expected, axis=0).max() > 0.1  # the faces differ
    for path, scores in found.items():
        assert np.array_equal(scores, expected[: len(scores)]), path


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_outputs_that_are_not_finite_are_refused_with_their_count(value):
    class Broken(FakeEngine):
        def predict(self, batch):
            numbers = super().predict(batch)
            numbers[:2, 3] = value
            return numbers

    faces = np.zeros((9, 48, 48), np.uint8)
    with pytest.raises(DamagedModel, match="small for 2 of 9 pictures are NaN or infinite"):
        predict(Broken(), faces, make_card())


def test_outputs_whose_count_differs_from_the_card_are_refused():
    card = replace(make_card(), scheme=CONFIDENT2)
    with pytest.raises(DamagedModel, match=r"7 outputs per picture.*card: 2 are expected"):
        predict(FakeEngine(), np.zeros((1, 48, 48), np.uint8), card)
    # A card that selects outputs may select fewer than there are.
    chosen = replace(card, outputs=(3, 0))
    found = predict(FakeEngine(), np.zeros((1, 48, 48), np.uint8), chosen)
    assert found[0, 0] == pytest.approx(np.log(0.8), abs=1e-6)


def test_no_pictures_have_no_scores():
    nothing = Predictor(FakeEngine(), make_card()).scores(np.zeros((0, 48, 48), np.uint8))
    assert nothing.shape == (0, 7)


def test_pictures_are_predicted_in_batches_and_the_progress_callback_may_stop():
    engine, calls = FakeEngine(), []
    pixels = np.zeros((PICTURES, 48, 48), np.uint8)
    predict(engine, pixels, make_card(), on_progress=lambda *one: calls.append(one))
    assert engine.batches == [PREDICTION_BATCH_SIZE, 5]
    assert calls == [(PREDICTION_BATCH_SIZE, PICTURES), (PICTURES, PICTURES)]

    def stop(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        predict(engine, pixels, make_card(), on_progress=stop)


def test_pictures_of_another_size_are_resized_to_the_model_s():
    engine = FakeEngine()
    Predictor(engine, replace(make_card(), input=ModelInput(48))).logits(
        np.zeros((2, 60, 60), np.uint8)
    )
    assert engine.batches == [2]  # the engine itself expects 48 px


def test_pictures_of_another_size_are_resized_before_prediction():
    file = PROJECT_DIR / "models" / "compact-1" / LITERT_FILE
    small = np.random.default_rng(2).integers(0, 256, (3, 48, 48), np.uint8)
    large = small.repeat(2, axis=1).repeat(2, axis=2)  # halving it by area gives it back
    wanted = litert_logits(file, small, threads=1)
    assert np.allclose(litert_logits(file, large, threads=1), wanted, atol=1e-4)


def test_a_file_that_is_no_model_is_refused(tmp_path):
    path = tmp_path / "model.tflite"
    path.write_bytes(b"nothing of the kind")
    with pytest.raises(DamagedModel, match="it is no LiteRT file"):
        litert_logits(path, np.zeros((1, 48, 48), np.uint8), threads=1)
