"""What is said about an answer: only what stands out, with its figure and its place."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.domain import BLENDSHAPES, NO_FACE_ID, RejectReason, Timeline
from core.practice.answers import (
    REMEDY_TEXT,
    AnswerFigures,
    Direction,
    Remark,
    RemarkKind,
    Third,
    compared,
    feedback,
    figures_of,
    hindrance_text,
    readable,
    remark_text,
    remedy_text,
)
from core.practice.answers.answer_data import AnswerData
from tests.answers import answer_of, unusable
from tests.faces_in_time import OWN, face_with, seconds


def looking(*looks: tuple[float, float, float, float], length_s: float = 90.0) -> Timeline:
    """A face at rest that looks away: (from, to, yaw, pitch) each."""
    times = seconds(length_s)
    pose = np.zeros((len(times), 3))
    for begins_s, ends_s, yaw, pitch in looks:
        pose[(times >= begins_s) & (times < ends_s), :2] = yaw, pitch
    return replace(face_with(times), pose=pose)


def remarks_of(data: AnswerData) -> tuple[Remark, ...]:
    return feedback(figures_of(data), data)


def figures_with(expressiveness: float) -> AnswerFigures:
    return replace(figures_of(answer_of(looking(), OWN)), expressiveness=expressiveness)


def test_a_look_down_is_said_with_its_seconds_its_third_and_where_to_see_it():
    data = answer_of(looking((5, 10, 0, -40), (62, 75, 0, -40), (78, 88, 0, -40)), OWN)
    (remark,) = remarks_of(data)
    assert remark.kind is RemarkKind.LOOKED_AWAY
    assert (remark.direction, remark.third) == (Direction.DOWN, Third.LAST)
    assert remark.seconds == pytest.approx(28.0)
    assert (remark.begins_s, remark.ends_s) == (pytest.approx(62.0), pytest.approx(75.0))
    assert remark_text(remark) == "You looked down for 28 of 90 seconds, mostly in the last third."


def test_a_look_that_is_spread_evenly_has_no_third():
    data = answer_of(looking((10, 18, 40, 0), (40, 48, 40, 0), (70, 78, 40, 0)), OWN)
    (remark,) = remarks_of(data)
    assert remark.third is None
    assert remark_text(remark) == "You looked to your left for 24 of 90 seconds."


@pytest.mark.parametrize(
    ("yaw", "pitch", "direction"),
    [
        (40, 0, Direction.LEFT),
        (-40, 0, Direction.RIGHT),
        (0, 40, Direction.UP),
        (0, -40, Direction.DOWN),
        (30, -35, Direction.DOWN),
    ],
    ids=["left", "right", "up", "down", "mostly-down"],
)
def test_a_direction_is_the_persons_own(yaw, pitch, direction):
    found = figures_of(answer_of(looking((10, 40, yaw, pitch)), OWN))
    assert found.looked_s[direction] == pytest.approx(30.0)
    assert found.facing_share == pytest.approx(60 / 90)
    assert sum(found.looked_s.values()) == pytest.approx(30.0)


def test_a_glance_is_no_look_away():
    glances = [(at, at + 1.5, 0.0, -40.0) for at in range(5, 85, 4)]
    figures = figures_of(answer_of(looking(*glances), OWN))
    assert figures.facing_share == 1.0
    assert figures.looked_s[Direction.DOWN] == 0.0


def test_a_short_look_back_does_not_end_a_look_away_and_counts_as_facing():
    data = answer_of(looking((10, 20, 0, -40), (20.5, 30, 0, -40)), OWN)
    figures = figures_of(data)
    assert figures.looked_s[Direction.DOWN] == pytest.approx(19.5)
    assert figures.facing_share == pytest.approx(70.5 / 90)
    (remark,) = feedback(figures, data)
    assert (remark.begins_s, remark.ends_s) == (pytest.approx(10.0), pytest.approx(30.0))


def test_a_head_that_swings_past_the_screen_faced_it_meanwhile():
    rows = looking(*[(at, at + 1.2, 40 * (-1) ** (at // 2), 0) for at in range(0, 90, 2)])
    figures = figures_of(answer_of(rows, OWN))
    assert figures.facing_share == pytest.approx(0.8 / 2, abs=0.01)


def test_where_nothing_stands_out_there_is_one_neutral_fact():
    data = answer_of(looking((10, 13, 0, -40)), OWN)
    (remark,) = remarks_of(data)
    assert remark.kind is RemarkKind.FACING
    assert remark_text(remark) == "You faced the screen for 87 of 90 seconds."


def test_at_most_three_remarks_are_made_with_where_one_looked_first():
    rows = looking((0, 20, 0, -40), (20, 40, 40, 0), (40, 58, -40, 0), (58, 76, 0, 40))
    data = answer_of(rows, OWN)
    data = replace(data, with_other=np.ones(len(data.rows), dtype=bool))
    found = remarks_of(data)
    assert [one.kind for one in found] == [RemarkKind.LOOKED_AWAY] * 3
    assert [one.seconds for one in found] == sorted((one.seconds for one in found), reverse=True)


def test_a_tense_third_is_said_where_the_own_calm_face_is_known():
    times = seconds(90.0)
    tense = np.where(times >= 60, 0.4, 0.1)
    rows = face_with(times, browDownLeft=tense, browDownRight=tense, mouthPressLeft=tense)
    (remark,) = remarks_of(answer_of(rows, OWN))
    assert (remark.kind, remark.third) == (RemarkKind.TENSION, Third.LAST)
    assert remark.value == pytest.approx((7.5 + 3.75) / 3, abs=0.01)
    assert remark.begins_s >= 58
    assert remark_text(remark) == (
        "In the last third, brows or lips were 3.8 SD tenser than in your own calm face."
    )
    (neutral,) = remarks_of(answer_of(rows))
    assert neutral.kind is RemarkKind.FACING


def test_tension_that_is_the_same_all_the_time_is_no_remark():
    rows = face_with(seconds(90.0), browDownLeft=0.6, browDownRight=0.6)
    (remark,) = remarks_of(answer_of(rows, OWN))
    assert remark.kind is RemarkKind.FACING


def test_a_still_face_is_compared_with_own_earlier_answers():
    data = answer_of(looking(), OWN)
    earlier = [figures_with(0.1 + at / 100) for at in range(5)]
    few = compared(figures_of(data), earlier[:4])
    assert few.expressiveness_percentile is None
    figures = compared(figures_of(data), earlier)
    assert figures.expressiveness_percentile == 0.0
    (remark,) = feedback(figures, data)
    assert remark.kind is RemarkKind.STILL_FACE
    assert remark_text(remark) == "Your face moved less than in all of your own earlier answers."
    assert compared(figures_with(0.12), earlier).expressiveness_percentile == 0.5


def test_answers_of_another_basis_or_that_cannot_be_read_are_not_compared():
    earlier = [figures_with(0.1 + at / 100) for at in range(5)]
    own = figures_with(0.12)
    unread = [*earlier[:4], replace(earlier[4], usable_share=0.5)]
    assert compared(own, unread).expressiveness_percentile is None
    without = [replace(one, basis={"expressiveness": "not calibrated"}) for one in earlier]
    assert compared(own, without).expressiveness_percentile is None


@pytest.mark.parametrize("reason", RejectReason, ids=str)
def test_an_answer_that_cannot_be_read_has_a_remedy_and_no_remark(reason):
    rows = unusable(looking((0, 30, 0, -40)), 20.0, 80.0, reason)
    data = answer_of(rows, OWN)
    figures = figures_of(data)
    assert not readable(figures)
    assert figures.usable_share == pytest.approx(30 / 90)
    assert feedback(figures, data) == ()
    assert figures.hindrance is not None
    assert figures.hindrance.reason is reason
    assert figures.hindrance.lasted_s == pytest.approx(60.0)
    assert remedy_text(figures.hindrance) == REMEDY_TEXT[reason]


def test_an_answer_that_was_hardly_recorded_says_so():
    data = answer_of(looking(length_s=20.0), OWN, length_s=90.0)
    figures = figures_of(data)
    assert not readable(figures)
    assert figures.hindrance is not None
    assert hindrance_text(figures.hindrance) == "not recorded"
    assert remedy_text(figures.hindrance) == "keep this tab open and the camera on"


def test_a_part_that_could_not_be_read_is_said_with_its_reason():
    data = answer_of(unusable(looking(), 40.0, 60.0, RejectReason.TOO_DARK), OWN)
    (remark,) = remarks_of(data)
    assert (remark.kind, remark.reason) == (RemarkKind.NOT_MEASURED, RejectReason.TOO_DARK)
    assert (remark.begins_s, remark.ends_s) == (pytest.approx(40.0), pytest.approx(60.0))
    assert remark_text(remark) == (
        "20 of 90 seconds could not be read, mostly for one reason (too dark): "
        "more light from the front."
    )


def test_a_head_that_turned_away_is_said_once():
    rows = unusable(looking((40, 60, 50, 0)), 40.0, 60.0, RejectReason.TURNED_AWAY)
    (remark,) = remarks_of(answer_of(rows, OWN))
    assert remark.kind is RemarkKind.LOOKED_AWAY


def test_another_face_is_said_with_where_it_was():
    data = answer_of(looking(), OWN)
    with_other = (data.rows.time_s >= 30) & (data.rows.time_s < 45)
    (remark,) = remarks_of(replace(data, with_other=with_other))
    assert (remark.begins_s, remark.ends_s) == (pytest.approx(30.0), pytest.approx(45.0))
    assert remark_text(remark) == "Another face was in the picture for 15 of 90 seconds."


def test_rows_without_scores_have_no_confident_share_and_say_why():
    data = answer_of(looking(), OWN)
    rows = replace(data.rows, scores=np.full_like(data.rows.scores, np.nan))
    figures = figures_of(replace(data, rows=rows))
    assert figures.confident_share is None
    assert figures.basis["confident_share"] == "no scores stored"


def test_rows_without_blendshapes_have_no_figure_of_the_face_and_say_why():
    nothing = np.full((900, len(BLENDSHAPES)), np.nan, np.float32)
    figures = figures_of(answer_of(replace(looking(), blendshapes=nothing), OWN))
    for name in ("expressiveness", "tension", "smile_share"):
        assert getattr(figures, name) is None
        assert figures.basis[name] == "no blendshapes stored"
    assert figures.facing_share == 1.0


def test_too_few_rows_a_second_have_no_nods_and_no_blinks_and_say_why():
    times = seconds(60.0, fps=5.0)
    figures = figures_of(answer_of(face_with(times), OWN))
    assert figures.nods is None
    assert figures.blinks_per_min is None
    assert figures.basis["nods"] == "under 10 rows a second"
    assert figures.basis["blinks_per_min"] == "under 15 rows a second"


def test_an_answer_without_any_face_has_no_figure():
    rows = looking()
    away = replace(
        rows,
        face_id=np.full(len(rows), NO_FACE_ID),
        usable=np.zeros(len(rows), dtype=bool),
        reason=np.full(len(rows), "no_face"),
        pose=np.full_like(rows.pose, np.nan),
        blendshapes=np.full_like(rows.blendshapes, np.nan),
    )
    data = answer_of(away)
    figures = figures_of(data)
    assert (figures.facing_share, figures.tension, figures.nods) == (None, None, None)
    assert set(figures.looked_s) == set()
    assert figures.hindrance is not None
    assert figures.hindrance.reason is RejectReason.NO_FACE
    assert feedback(figures, data) == ()


@pytest.mark.parametrize(
    ("rows", "is_said"),
    [
        (looking((40, 44.5, 0, -40), length_s=45.0), False),
        (looking((10, 15.5, 0, -40), length_s=30.0), True),
        (looking((10, 22, 0, -40)), False),
        (looking((10, 25, 0, -40)), True),
        (unusable(looking(), 40.0, 48.0, RejectReason.TOO_DARK), False),
        (unusable(looking(), 40.0, 50.0, RejectReason.TOO_DARK), True),
    ],
    ids=["4.5-s", "5.5-s-of-30", "12-s-of-90", "15-s-of-90", "8-s-dark", "10-s-dark"],
)
def test_what_lasts_less_than_its_threshold_is_not_said(rows, is_said):
    kinds = {one.kind for one in remarks_of(answer_of(rows, OWN))}
    assert (kinds != {RemarkKind.FACING}) == is_said


def test_a_face_that_passes_in_the_background_is_not_said():
    data = answer_of(looking(), OWN)
    passing = (data.rows.time_s >= 30) & (data.rows.time_s < 38)
    (remark,) = remarks_of(replace(data, with_other=passing))
    assert remark.kind is RemarkKind.FACING
