"""Laws of what is measured of an answer, and of what is said about it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.domain import BLENDSHAPES, Timeline
from core.measures import ENOUGH_USABLE
from core.practice.answers import (
    AnswerFigures,
    Moment,
    Remark,
    feedback,
    figures_of,
    moments_of,
    series_of,
)
from core.practice.answers.answer_data import AnswerData
from tests.answers import answer_of, answer_of_parts, part, shifted
from tests.examples import examples
from tests.faces_in_time import AT_REST, OWN, face_with

LENGTH_S = 60.0
_SHAPES = ("browDownLeft", "browDownRight", "mouthSmileLeft", "mouthSmileRight", "browInnerUp")

steps = st.lists(
    st.tuples(
        st.sampled_from((4.0, 7.0, 11.0)),  # seconds that it lasts
        st.sampled_from(((0, 0), (0, 0), (0, -40), (40, 0), (-45, 5), (0, 38))),  # yaw, pitch
        st.sampled_from((0.0, 0.0, 0.3, 0.6)),  # of brows
        st.sampled_from((0.0, 0.0, 0.5)),  # of a smile
        st.sampled_from((True, True, True, False)),  # usable
    ),
    min_size=1,
    max_size=14,
)
"""What a person does, one thing after the other, and again from the first."""


def acted(script: list, *, fps: float = 15.0) -> Timeline:
    """The rows of a person who does that for `LENGTH_S`."""
    times = np.arange(round(LENGTH_S * fps)) / fps
    lasts = np.array([step[0] for step in script])
    ends = np.cumsum(np.tile(lasts, int(LENGTH_S / lasts.sum()) + 1))
    at = np.searchsorted(ends, times + 1e-9, side="right") % len(script)
    yaw, pitch, brows, smile = (
        np.array(column, dtype=np.float64)[at]
        for column in (
            [step[1][0] for step in script],
            [step[1][1] for step in script],
            [step[2] for step in script],
            [step[3] for step in script],
        )
    )
    usable = np.array([step[4] for step in script])[at]
    moved = dict(zip(_SHAPES, (brows, brows, smile, smile, brows), strict=True))
    rows = face_with(times, **{name: AT_REST + 0.5 * by for name, by in moved.items()})
    blendshapes = rows.blendshapes.copy()
    blendshapes[~usable] = np.nan
    return replace(
        rows,
        pose=np.stack([yaw, pitch, 0 * yaw], axis=1),
        blendshapes=blendshapes,
        usable=usable,
        reason=np.where(usable, "", "too_dark"),
    )


def all_of(data: AnswerData) -> tuple[AnswerFigures, tuple[Remark, ...], tuple[Moment, ...]]:
    figures = figures_of(data)
    return figures, feedback(figures, data), moments_of(data)


@given(steps, st.sampled_from((10.0, 30.0)))
def test_the_rate_of_frames_changes_no_figure_by_more_than_a_frame(script, fps):
    one, other = (figures_of(answer_of(acted(script, fps=rate), OWN)) for rate in (15.0, fps))
    assume(abs(one.usable_share - ENOUGH_USABLE) > 0.1)  # there a frame decides
    for name in ("usable_share", "facing_share", "smile_share", "mouth_moving_share"):
        ours, theirs = getattr(one, name), getattr(other, name)
        assert (ours is None) == (theirs is None)
        assert ours is None or ours == pytest.approx(theirs, abs=0.04)
    for name, within in (("tension", 0.2), ("expressiveness", 0.01)):
        ours, theirs = getattr(one, name), getattr(other, name)
        assert (ours is None) == (theirs is None)
        assert ours is None or ours == pytest.approx(theirs, abs=within)
    for direction, seconds in one.looked_s.items():
        assert seconds == pytest.approx(other.looked_s[direction], abs=2.0)


@given(steps, st.floats(0.2, 5.0))
def test_how_large_a_face_is_changes_nothing(script, scale):
    rows = acted(script)
    larger = replace(rows, box=rows.box * scale, face_px=rows.face_px * scale)
    assert all_of(answer_of(larger, OWN)) == all_of(answer_of(rows, OWN))


@given(steps, st.integers(0, 4_000_000_000))
def test_when_in_its_session_an_answer_was_given_changes_nothing(script, shift_us):
    rows, by_s = acted(script), shift_us / 1e6
    late = answer_of_parts(shifted(rows, by_s), OWN, part(by_s, LENGTH_S + by_s))
    assert all_of(late) == all_of(answer_of_parts(rows, OWN, part(0.0, LENGTH_S)))


@given(steps, st.lists(st.integers(1, 59), min_size=1, max_size=3, unique=True))
def test_an_answer_in_parts_without_a_gap_is_the_same_answer(script, cuts):
    rows = acted(script)
    edges = [0.0, *map(float, sorted(cuts)), LENGTH_S]
    parts = [part(begins_s, ends_s, offset_s=begins_s) for begins_s, ends_s in pairwise(edges)]
    whole = answer_of_parts(rows, OWN, part(0.0, LENGTH_S))
    assert all_of(answer_of_parts(rows, OWN, *parts)) == all_of(whole)


@given(steps, st.integers(0, 40), st.integers(4, 20))
def test_rows_that_are_missing_become_no_values(script, begins_s, length_s):
    rows = acted(script)
    lost = (rows.time_s >= begins_s) & (rows.time_s < begins_s + length_s)
    data = answer_of(rows.where(~lost), OWN, length_s=LENGTH_S)
    # A last row before the gap holds for up to a second.
    inside = slice(begins_s + 1, begins_s + length_s)
    series, before = series_of(data), series_of(answer_of(rows, OWN))
    for name in ("usable", "facing", "expressiveness", "tension", "confident", "speaking"):
        assert np.isnan(getattr(series, name)[inside]).all(), name
    figures, complete = figures_of(data), figures_of(answer_of(rows, OWN))
    assert figures.usable_share <= complete.usable_share + 0.01
    for direction, seconds in figures.looked_s.items():
        assert seconds <= figures.facing_known_s
        assert direction in complete.looked_s
    known = ~np.isnan(series.usable)
    assert known.sum() >= (~np.isnan(before.usable)).sum() - length_s


@given(steps)
def test_shares_are_shares_and_seconds_are_within_the_answer(script):
    data = answer_of(acted(script), OWN)
    figures, remarks, moments = all_of(data)
    for name, value in vars(figures).items():
        if name.endswith("_share") and value is not None:
            assert 0.0 <= value <= 1.0, name
    if figures.facing_share is not None:
        away_s = sum(figures.looked_s.values())
        facing_s = figures.facing_share * figures.facing_known_s
        assert away_s + facing_s == pytest.approx(figures.facing_known_s)
    for one in (*remarks, *moments):
        assert 0.0 <= one.begins_s <= one.ends_s <= LENGTH_S + 1e-6
    assert len(remarks) <= 3
    assert [one.kind for one in remarks] == sorted(
        (one.kind for one in remarks), key=[*type(remarks[0].kind)].index if remarks else None
    )


@examples(10)
@given(steps, st.integers(0, 2**32 - 1))
def test_what_two_eyes_may_differ_by_changes_no_remark(script, seed):
    rows, rng = acted(script), np.random.default_rng(seed)
    shapes = rows.blendshapes + rng.normal(0, 0.001, (len(rows), len(BLENDSHAPES)))
    pose = rows.pose + rng.normal(0, 0.1, rows.pose.shape)
    other = replace(rows, blendshapes=np.clip(shapes, 0, 1).astype(np.float32), pose=pose)
    ours, theirs = (all_of(answer_of(one, OWN))[1] for one in (rows, other))
    key = [(one.kind, one.direction, one.third, one.reason) for one in ours]
    assert [(one.kind, one.direction, one.third, one.reason) for one in theirs] == key
