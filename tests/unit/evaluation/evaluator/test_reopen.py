"""An evaluation's pictures and model brought together once more."""

from __future__ import annotations

import numpy as np
import pytest

from core.domain.errors import EmptySplit, ModelError, PlanError, UnknownDataset
from core.evaluation.evaluator.ensemble import Ensemble, EnsembleMember
from core.evaluation.evaluator.reopen import as_read, ensemble_of, expect_same, predict_again
from core.evaluation.subgroups.measure import names_of, scored_labels_of
from tests.conditioned import SPLIT, first_right, put_judged
from tests.explained import looks_at
from tests.judged import make_answers, put_evaluation
from tests.make import make_card


@pytest.fixture
def judged(settings):
    return put_judged(settings)


def _panel(size_px, views="one"):
    model = looks_at(size_px=size_px)
    return Ensemble([EnsembleMember(model, np.arange(7))], views, 7)


def test_the_split_that_judges_is_found_and_drawn_from_by_seed(judged, settings):
    again = predict_again(judged, "", settings)
    assert again.split == SPLIT
    assert len(again.usable) == 56
    assert np.array_equal(again.draw(10, seed=1), again.draw(10, seed=1))
    assert not np.array_equal(again.draw(10, seed=1), again.draw(10, seed=2))
    assert len(again.draw(1000, seed=1)) == 56


def test_the_same_model_answers_as_it_did(judged, settings):
    again = predict_again(judged, "", settings)
    panel = ensemble_of(judged, settings, threads=1)
    said = panel.answers(again.found.pixels(again.usable)).argmax(axis=1)
    expect_same(said, again, again.usable)
    with pytest.raises(ModelError, match="another class than when it was evaluated"):
        expect_same((said + 1) % 7, again, again.usable)


def test_repeated_pictures_are_called_as_in_their_own_split(judged, settings):
    # Of the synthetic faces, eight of the tests repeat one of the training's.
    names, subjects = names_of(predict_again(judged, "", settings))
    first = 2 + 7 * (40 + 8)
    assert names == [f"demo_faces.csv:{first + at}" for at in range(56)]
    assert subjects == [""] * 56


def test_groups_are_judged_by_what_was_said_then(judged, settings):
    again = predict_again(judged, "", settings)
    assert np.array_equal(scored_labels_of(again).label, again.answers.logits.argmax(axis=1))


def test_splits_and_pictures_that_are_not_there_are_said(judged, settings):
    with pytest.raises(PlanError, match="was not evaluated on a split 'elsewhere'"):
        predict_again(judged, "elsewhere", settings)
    answers = {SPLIT: make_answers(first_right(30, 10), seed=3)}
    with pytest.raises(UnknownDataset, match="not on this machine"):
        predict_again(put_evaluation(settings.models_dir, make_card(), answers), "", settings)
    empty = {SPLIT: make_answers(first_right(0, 0))}
    with pytest.raises(EmptySplit, match="has no pictures"):
        predict_again(put_evaluation(settings.models_dir, make_card(), empty), "", settings)


def test_larger_pictures_are_brought_to_the_size_a_model_reads():
    large = np.zeros((2, 96, 96), dtype=np.uint8)
    assert as_read(large, _panel(48)).shape == (2, 48, 48)
    assert as_read(large, _panel(48, "ten-crop")).shape == (2, 96, 96)
    assert as_read(large, _panel(224)).shape == (2, 96, 96)
