"""An evaluation's pictures and model brought together once more."""

from __future__ import annotations

import numpy as np
import pytest

from core.domain.errors import EmptySplit, ModelError, PlanError, UnknownDataset
from core.evaluation.evaluator.ensemble import Ensemble, EnsembleMember
from core.evaluation.evaluator.reopen import (
    at_model_size,
    ensemble_of,
    expect_same_model,
    reopen_evaluation,
)
from core.evaluation.subgroups.measure import names_of, scored_labels_of
from tests.evaluations_on_disk import make_answers, put_evaluation
from tests.explanations import looks_at
from tests.make import make_card
from tests.robustness_results import SPLIT, first_right, put_evaluated


@pytest.fixture
def evaluation(settings):
    return put_evaluated(settings)


def _ensemble(size_px, views="one"):
    model = looks_at(size_px=size_px)
    return Ensemble([EnsembleMember(model, np.arange(7))], views, 7)


def test_the_test_split_is_found_and_sampled_by_seed(evaluation, settings):
    reopened = reopen_evaluation(evaluation, "", settings)
    assert reopened.split == SPLIT
    assert len(reopened.usable) == 56
    assert np.array_equal(reopened.sample(10, seed=1), reopened.sample(10, seed=1))
    assert not np.array_equal(reopened.sample(10, seed=1), reopened.sample(10, seed=2))
    assert len(reopened.sample(1000, seed=1)) == 56


def test_the_same_model_predicts_as_before(evaluation, settings):
    reopened = reopen_evaluation(evaluation, "", settings)
    ensemble = ensemble_of(evaluation, settings, threads=1)
    predicted = ensemble.logits(reopened.found.pixels(reopened.usable)).argmax(axis=1)
    expect_same_model(predicted, reopened, reopened.usable)
    with pytest.raises(ModelError, match="another class than when it was evaluated"):
        expect_same_model((predicted + 1) % 7, reopened, reopened.usable)


def test_repeated_pictures_are_called_as_in_their_own_split(evaluation, settings):
    # Of the synthetic faces, eight of the tests repeat one of the training's.
    names, subjects = names_of(reopen_evaluation(evaluation, "", settings))
    first = 2 + 7 * (40 + 8)
    assert names == [f"demo_faces.csv:{first + at}" for at in range(56)]
    assert subjects == [""] * 56


def test_groups_use_the_stored_predictions(evaluation, settings):
    reopened = reopen_evaluation(evaluation, "", settings)
    assert np.array_equal(
        scored_labels_of(reopened).predicted, reopened.answers.logits.argmax(axis=1)
    )


def test_missing_splits_and_pictures_are_errors(evaluation, settings):
    with pytest.raises(PlanError, match="was not evaluated on a split 'elsewhere'"):
        reopen_evaluation(evaluation, "elsewhere", settings)
    answers = {SPLIT: make_answers(first_right(30, 10), seed=3)}
    with pytest.raises(UnknownDataset, match="not on this machine"):
        reopen_evaluation(put_evaluation(settings.models_dir, make_card(), answers), "", settings)
    empty = {SPLIT: make_answers(first_right(0, 0))}
    with pytest.raises(EmptySplit, match="has no pictures"):
        reopen_evaluation(put_evaluation(settings.models_dir, make_card(), empty), "", settings)


def test_larger_pictures_are_brought_to_the_size_a_model_reads():
    large = np.zeros((2, 96, 96), dtype=np.uint8)
    assert at_model_size(large, _ensemble(48)).shape == (2, 48, 48)
    assert at_model_size(large, _ensemble(48, "ten-crop")).shape == (2, 96, 96)
    assert at_model_size(large, _ensemble(224)).shape == (2, 96, 96)
