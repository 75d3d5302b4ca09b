"""Every shipped model has a full evaluation, so that its page is full without any dataset."""

from __future__ import annotations

import pytest

from core.domain import FER7
from core.evaluation.predictions.evaluation_files import (
    HISTORY_FILE,
    VOTES_FILE,
    read_history,
    read_votes_part,
)
from core.evaluation.predictions.evaluation_store import (
    EVALUATION_FILE,
    folder_of,
    list_evaluations,
    load_predictions,
    read_part,
)
from core.evaluation.predictions.leakage import LEAKAGE_FILE, read_leakage
from core.evaluation.scorecard.protocols import protocols_of
from core.evaluation.scorecard.scorecard_metrics import figures_of
from core.models import list_cards
from core.settings import PROJECT_DIR

MODELS_DIR = PROJECT_DIR / "models"
CARDS = list_cards(MODELS_DIR)
EVALUATIONS = [one for card in CARDS for one in list_evaluations(MODELS_DIR, card.name)]


def _named(one):
    return getattr(one, "slug", one.name)


def test_there_is_a_shipped_model():
    assert CARDS


@pytest.mark.parametrize("card", CARDS, ids=_named)
def test_a_shipped_model_was_judged_in_one_view_and_with_mirrored_pictures(card):
    assert {one.views for one in EVALUATIONS if one.model == card.name} >= {"one", "flip"}


@pytest.mark.parametrize("card", CARDS, ids=_named)
def test_its_newest_evaluation_says_what_its_card_says(card):
    evaluation = list_evaluations(MODELS_DIR, card.name)[0]
    found = {
        one.name: one for one in protocols_of(evaluation, load_predictions(MODELS_DIR, evaluation))
    }
    assert set(found) == {report.split for report in card.own_reports}
    for report in card.own_reports:
        figures = figures_of(found[report.split].answers)
        assert figures.accuracy == report.accuracy
        assert figures.macro_f1 == report.macro_f1
        assert figures.counts.tolist() == [list(row) for row in report.counts]
    assert evaluation.temperature == card.temperature
    assert evaluation.not_sure_below == card.not_sure_below


@pytest.mark.parametrize("evaluation", EVALUATIONS, ids=_named)
def test_every_part_is_the_one_that_was_written(evaluation):
    for name in evaluation.files:
        assert read_part(MODELS_DIR, evaluation, name)


@pytest.mark.parametrize("evaluation", EVALUATIONS, ids=_named)
def test_nothing_lies_beside_what_the_evaluation_names(evaluation):
    folder = folder_of(MODELS_DIR, evaluation.model, evaluation.slug)
    there = {path.name for path in folder.iterdir()}
    assert there == {EVALUATION_FILE, *evaluation.files}


@pytest.mark.parametrize("evaluation", EVALUATIONS, ids=_named)
def test_repeats_votes_and_history_are_kept(evaluation):
    answers = load_predictions(MODELS_DIR, evaluation)
    repeats = read_leakage(read_part(MODELS_DIR, evaluation, LEAKAGE_FILE))
    assert {split: len(one.labels) for split, one in answers.items()} == {
        split: len(one.of) for split, one in repeats.items()
    }
    if evaluation.scheme == FER7:  # people voted for FER2013's own classes
        votes = read_votes_part(read_part(MODELS_DIR, evaluation, VOTES_FILE))
        assert {split: len(one) for split, one in votes.items()} == {
            split: len(one.labels) for split, one in answers.items()
        }
    if not evaluation.together:  # several models have no one history
        assert read_history(read_part(MODELS_DIR, evaluation, HISTORY_FILE))


@pytest.mark.parametrize("evaluation", EVALUATIONS, ids=_named)
def test_no_path_of_a_machine_is_shipped(evaluation):
    assert evaluation.source["data"] == ""
    assert evaluation.source["votes"] == ""
