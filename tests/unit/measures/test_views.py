"""As what scores are shown."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.domain import (
    CONFIDENT2,
    EXPRESSIVENESS3,
    FER7,
    TO_CONFIDENT2,
    EmotionScores,
    FacialMovement,
    LabelScheme,
    RejectReason,
    Timeline,
    rounded_blendshapes,
)
from core.evaluation.predictions.predictions import SplitPredictions
from core.evaluation.scorecard.protocols import under_map
from core.evaluation.scorecard.scorecard_metrics import scores_of
from core.measures import (
    MEASURES,
    NOT_SURE,
    OWN,
    MeasuresOnly,
    MovementView,
    RunningExpressiveness,
    baseline_text,
    shown_labels,
    view_named,
    views_of,
)
from tests.make import make_moment, make_observation, make_scores, make_timeline

TWO = CONFIDENT2.name


def test_seven_expressions_can_be_shown_as_they_are_as_two_or_as_levels_of_movement():
    titles = ["Seven expressions", "Confident or stressed", "Expressiveness level"]
    assert [view.title for view in views_of(FER7)] == titles
    assert [view.scheme for view in views_of(FER7)] == [FER7, CONFIDENT2, EXPRESSIVENESS3]


def test_a_models_own_view_changes_nothing():
    own, timeline, seen = view_named(FER7, OWN), make_timeline(1), make_observation()
    assert own.of_timeline(timeline) is timeline
    assert own.of_observation(seen) is seen


def test_two_classes_are_scored_as_evaluations_score_them():
    rng = np.random.default_rng(3)
    logits = rng.normal(0, 2, (50, 7)).astype(np.float32)
    labels = np.full(50, FER7.index("happy"))
    answers = SplitPredictions(np.arange(50, dtype=np.uint64), labels, logits, FER7.labels)
    judged = scores_of(under_map(answers, TO_CONFIDENT2, temperature=0.9), 1.0)
    raw = scores_of(answers, 0.9)
    timeline = Timeline.from_frames(
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
    (row,) = view.of_timeline(Timeline.from_frames(FER7, [make_moment(0.0, seen)])).steady
    shown = view.of_observation(seen)
    assert shown.steady.values == pytest.approx(row, abs=1e-6)
    assert shown.steady["confident"] == pytest.approx(0.54 / 0.66)
    assert shown.quality == seen.quality


def test_what_was_not_measured_stays_unmeasured():
    dark = make_observation(reason=RejectReason.TOO_DARK)
    view = view_named(FER7, TWO)
    assert view.of_observation(dark).steady is None
    timeline = view.of_timeline(Timeline.from_frames(FER7, [make_moment(0.0, dark)]))
    assert np.isnan(timeline.steady).all()


def test_a_model_of_two_classes_shows_them_as_its_own():
    own, moved = views_of(CONFIDENT2)
    assert (own.title, own.scheme) == ("Confident or stressed", CONFIDENT2)
    assert moved == MovementView()
    assert len(views_of(replace(CONFIDENT2, labels=("stressed", "confident")))) == 2


def test_a_trained_model_of_the_levels_differs_from_the_levels_of_movement():
    own, moved = views_of(EXPRESSIVENESS3)
    assert (own.name, own.title) == (OWN, "Expressiveness (trained)")
    assert (moved.name, moved.title) == ("expressiveness", "Expressiveness level")


def test_levels_of_movement_are_the_same_live_and_stored():
    rng, running = np.random.default_rng(1), RunningExpressiveness()
    view, live = MovementView(), []
    for number in range(4 * 90):
        reason = RejectReason.TOO_DARK if 20 <= number / 4 < 22 else None
        seen = make_observation(number / 4, reason=reason)
        seen = replace(seen, blendshapes=rounded_blendshapes(rng.random(52)))
        seen = replace(seen, frame_index=number)
        live.append(make_moment(number / 4, *running.update(number / 4, (seen,))))
    stored = view.of_timeline(Timeline.from_frames(FER7, live))
    shown = Timeline.from_frames(
        EXPRESSIVENESS3,
        [
            replace(one, observations=tuple(view.of_observation(seen) for seen in one.observations))
            for one in live
        ],
    )
    assert np.allclose(stored.steady, shown.steady, equal_nan=True)
    assert np.isnan(stored.steady[: 4 * 6]).all()
    assert np.isnan(stored.steady[stored.reason == "too_dark"]).all()
    assert not np.isnan(stored.steady[-1]).any()


def test_nothing_is_shown_of_movement_before_enough_is_known():
    shown = shown_labels(MovementView().of_timeline(make_timeline(12)), not_sure_below=0.0)
    assert set(shown) == {NOT_SURE}


def test_the_baseline_is_named_by_face():
    moved = FacialMovement(0.1, 0.0, 0.1, None, (1.0, 0.0, 0.0), is_own=False)
    faces = [
        replace(make_observation(track_id=1), movement=replace(moved, is_own=True)),
        replace(make_observation(track_id=2), movement=moved),
        replace(make_observation(track_id=3), movement=moved),
        make_observation(track_id=4),
    ]
    assert baseline_text(faces) == "Own baseline: face 1; not calibrated: face 2, 3."
    assert baseline_text(faces[3:]) == ""
    assert "not a population" in MovementView().note


@pytest.mark.parametrize(
    ("labels", "count"),
    [
        (("sad", "happy"), 3),
        (("neutral", "happy", "surprise"), 2),  # it could only ever say confident
        (("happy", "sad", "bored"), 2),
        (EXPRESSIVENESS3.labels, 2),
        (tuple(reversed(FER7.labels)), 3),
    ],
)
def test_any_model_whose_classes_map_can_be_shown_as_two(labels, count):
    assert len(views_of(LabelScheme("theirs", labels))) == count


def test_measures_only_has_no_scores_and_keeps_the_rest():
    only, seen = MeasuresOnly(FER7), make_observation()
    shown = only.of_observation(seen)
    assert vars(shown) == {**vars(seen), "scores": None, "steady": None}
    rows = only.of_timeline(make_timeline(1.0))
    assert np.isnan(rows.scores).all()
    assert np.isnan(rows.steady).all()
    assert only.name not in {view.name for view in views_of(FER7)}


def test_a_view_remembered_of_another_model_falls_back_to_the_models_own():
    assert view_named(EXPRESSIVENESS3, TWO).scheme == EXPRESSIVENESS3


def test_a_view_explains_which_expressions_are_merged():
    note = view_named(FER7, TWO).note
    assert "Confident: happy, neutral." in note
    assert "Surprise and disgust are left out" in note
    assert note.endswith(MEASURES["confident_stressed"].limits)


def test_every_view_of_a_measure_says_what_that_cannot_tell():
    assert MEASURES["expressiveness"].limits in MovementView().note
    assert view_named(CONFIDENT2, OWN).note == MEASURES["confident_stressed"].limits
    assert view_named(FER7, OWN).note == ""
