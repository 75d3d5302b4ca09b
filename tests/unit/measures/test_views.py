"""As what scores are shown."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.evaluation.figures import scores_of
from core.evaluation.kept_answers import KeptAnswers
from core.evaluation.protocols import under_map
from core.measures import OWN, view_named, views_of
from core.vocabulary import (
    CONFIDENT2,
    EXPRESSIVENESS3,
    FER7,
    TO_CONFIDENT2,
    EmotionScores,
    LabelScheme,
    RejectReason,
    Timeline,
)
from tests.make import make_moment, make_observation, make_scores, make_timeline

TWO = CONFIDENT2.name


def test_seven_expressions_can_be_shown_as_they_are_or_as_two():
    assert [view.title for view in views_of(FER7)] == ["Seven expressions", "Confident or stressed"]
    assert [view.scheme for view in views_of(FER7)] == [FER7, CONFIDENT2]


def test_a_models_own_view_changes_nothing():
    own, timeline, seen = view_named(FER7, OWN), make_timeline(1), make_observation()
    assert own.of_timeline(timeline) is timeline
    assert own.of_observation(seen) is seen


def test_two_classes_are_scored_as_evaluations_score_them():
    rng = np.random.default_rng(3)
    logits = rng.normal(0, 2, (50, 7)).astype(np.float32)
    labels = np.full(50, FER7.index("happy"))
    answers = KeptAnswers(np.arange(50, dtype=np.uint64), labels, logits, FER7.labels)
    judged = scores_of(under_map(answers, TO_CONFIDENT2, temperature=0.9), 1.0)
    raw = scores_of(answers, 0.9)
    timeline = Timeline.from_moments(
        FER7,
        [
            make_moment(at, make_observation(at, scores=EmotionScores(FER7, row)))
            for at, row in enumerate(raw)
        ],
    )
    shown = view_named(FER7, TWO).of_timeline(timeline)
    assert shown.scheme == CONFIDENT2
    assert shown.steady == pytest.approx(judged, abs=1e-5)
    assert shown.scores == pytest.approx(judged, abs=1e-5)


def test_one_face_is_shown_as_its_row_is():
    view, scores = view_named(FER7, TWO), make_scores(happy=0.5, surprise=0.3)
    seen = make_observation(scores=scores)
    (row,) = view.of_timeline(Timeline.from_moments(FER7, [make_moment(0.0, seen)])).steady
    shown = view.of_observation(seen)
    assert shown.steady.values == pytest.approx(row, abs=1e-6)
    assert shown.steady["confident"] == pytest.approx(0.54 / 0.66)
    assert shown.quality == seen.quality


def test_what_was_not_measured_stays_unmeasured():
    dark = make_observation(reason=RejectReason.TOO_DARK)
    view = view_named(FER7, TWO)
    assert view.of_observation(dark).steady is None
    timeline = view.of_timeline(Timeline.from_moments(FER7, [make_moment(0.0, dark)]))
    assert np.isnan(timeline.steady).all()


def test_a_model_of_two_classes_shows_them_without_a_choice():
    (own,) = views_of(CONFIDENT2)
    assert (own.title, own.scheme) == ("Confident or stressed", CONFIDENT2)
    assert len(views_of(replace(CONFIDENT2, labels=("stressed", "confident")))) == 1


@pytest.mark.parametrize(
    ("labels", "count"),
    [
        (("sad", "happy"), 2),
        (("neutral", "happy", "surprise"), 1),  # it could only ever say confident
        (("happy", "sad", "bored"), 1),
        (EXPRESSIVENESS3.labels, 1),
        (tuple(reversed(FER7.labels)), 2),
    ],
)
def test_any_model_whose_classes_map_can_be_shown_as_two(labels, count):
    assert len(views_of(LabelScheme("theirs", labels))) == count


def test_a_view_remembered_of_another_model_falls_back_to_the_models_own():
    assert view_named(EXPRESSIVENESS3, TWO).scheme == EXPRESSIVENESS3


def test_a_view_says_which_expressions_count_for_what():
    note = view_named(FER7, TWO).note
    assert "Confident: happy, neutral." in note
    assert "Surprise and disgust count for neither" in note
