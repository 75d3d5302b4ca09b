"""One way to ask a model: every path says the same of the same faces, bit for bit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.domain import CONFIDENT2, ModelInput
from core.domain.errors import DamagedModel
from core.models import PICTURES_AT_ONCE, Predictor, predict
from tests.convertible import shelve_linear
from tests.fakes import FakeEngine
from tests.make import make_card, make_photo
from tests.predictions import scores_by_every_path
from tests.shelves import put_model

PICTURES = PICTURES_AT_ONCE + 5


@pytest.fixture(scope="module")
def pixels():
    return np.stack([make_photo(seed) for seed in range(PICTURES)])


@pytest.mark.parametrize("put", [put_model, shelve_linear], ids=["LiteRT", "ONNX"])
def test_every_path_says_the_same_bits_of_the_same_faces(settings, pixels, put):
    put(settings.models_dir, "small")
    found = scores_by_every_path(settings, "small", pixels)
    wanted = found["evaluation"]
    assert np.ptp(wanted, axis=0).max() > 0.1  # faces that lie apart
    for path, scores in found.items():
        assert np.array_equal(scores, wanted[: len(scores)]), path


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_answers_that_are_no_numbers_are_refused_with_their_count(value):
    class Broken(FakeEngine):
        def answer(self, batch):
            numbers = super().answer(batch)
            numbers[:2, 3] = value
            return numbers

    faces = np.zeros((9, 48, 48), np.uint8)
    with pytest.raises(DamagedModel, match="small for 2 of 9 pictures are NaN or infinite"):
        predict(Broken(), faces, make_card())


def test_another_number_of_answers_than_the_card_has_places_for_is_refused():
    card = replace(make_card(), scheme=CONFIDENT2)
    with pytest.raises(DamagedModel, match=r"7 outputs per picture.*card: 2 are expected"):
        predict(FakeEngine(), np.zeros((1, 48, 48), np.uint8), card)
    # Where the card says which of them to take, there may be more.
    chosen = replace(card, outputs=(3, 0))
    found = predict(FakeEngine(), np.zeros((1, 48, 48), np.uint8), chosen)
    assert found[0, 0] == pytest.approx(np.log(0.8), abs=1e-6)


def test_no_pictures_have_no_scores():
    nothing = Predictor(FakeEngine(), make_card()).scores(np.zeros((0, 48, 48), np.uint8))
    assert nothing.shape == (0, 7)


def test_pictures_are_asked_about_in_batches_and_whoever_listens_may_stop():
    engine, told = FakeEngine(), []
    pixels = np.zeros((PICTURES, 48, 48), np.uint8)
    predict(engine, pixels, make_card(), tell=lambda *one: told.append(one))
    assert engine.batches == [PICTURES_AT_ONCE, 5]
    assert told == [(PICTURES_AT_ONCE, PICTURES), (PICTURES, PICTURES)]

    def stop(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        predict(engine, pixels, make_card(), tell=stop)


def test_pictures_of_another_size_are_read_in_the_models():
    engine = FakeEngine()
    Predictor(engine, replace(make_card(), input=ModelInput(48))).logits(
        np.zeros((2, 60, 60), np.uint8)
    )
    assert engine.batches == [2]  # the engine itself expects 48 px
