"""The file of a session holds what was shown: the summary can be worked out from it again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain import (
    CONFIDENT2,
    EXPRESSIVENESS3,
    FER7,
    LabelScheme,
    Observation,
    RejectReason,
    Timeline,
    normalised,
)
from core.measures import summarise, views_of
from core.sessions.exporters.export_session import derive_columns
from tests.exported import csv_bytes
from tests.make import make_mark, make_moment, make_observation, make_session
from tests.recomputed import recompute

SCHEMES = st.sampled_from((FER7, CONFIDENT2, EXPRESSIVENESS3))
STEPS_S = st.sampled_from((0.03, 0.1, 0.5, 1.0, 1.3, 4.0))
REASONS = st.sampled_from((None, None, None, RejectReason.TOO_DARK, RejectReason.TURNED_AWAY))
AFTER_S = st.sampled_from((0.0, 0.0, 0.02, 2.5))
MARKS = st.sampled_from(("", "", "", "paused", "=1+1"))


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    """Up to three faces that come and go; each shows a few expressions for a while."""
    scheme = draw(SCHEMES)
    shown = draw(st.lists(st.integers(0, len(scheme) - 1), min_size=1, max_size=3))
    rng = np.random.default_rng(draw(st.integers(0, 2**16)))
    steps = draw(st.lists(STEPS_S, max_size=30))
    moments, events = [], []
    for time_s in np.cumsum([0.0, *steps]).tolist() if steps else []:
        faces = [
            _face(scheme, float(time_s), track_id, (draw(REASONS), int(rng.choice(shown))), rng)
            for track_id in (1, 2, 3)
            if rng.random() < (0.9, 0.5, 0.2)[track_id - 1]
        ]
        moments.append(make_moment(float(time_s), *faces))
        if words := draw(MARKS):
            events.append(make_mark(float(time_s) + draw(AFTER_S), words))
    return Timeline.from_frames(scheme, moments, events)


def _face(
    scheme: LabelScheme,
    time_s: float,
    track_id: int,
    seen: tuple[RejectReason | None, int],
    rng: np.random.Generator,
) -> Observation:
    reason, top = seen
    values = rng.random(len(scheme)) + 0.01
    values[top] += rng.uniform(0, 4)
    scores = normalised(scheme, values)
    return make_observation(time_s, track_id=track_id, scores=scores, reason=reason)


@given(timelines(), st.sampled_from((0.0, 0.4, 0.55)))
def test_every_figure_of_the_summary_follows_from_the_file(timeline, not_sure_below):
    for view in views_of(timeline.scheme):
        shown = summarise(view.of_timeline(timeline), not_sure_below=not_sure_below)
        measured = derive_columns(timeline, not_sure_below=not_sure_below, shown_as=view)
        found = recompute(csv_bytes(make_session(), timeline, measured), timeline.scheme)
        assert found.duration_s == pytest.approx(shown.duration_s)
        assert found.usable_share == pytest.approx(shown.usable_share)
        assert (found.frames, found.faces) == (shown.frames, len(shown.faces))
        assert found.mean_fps == pytest.approx(shown.mean_fps)
        for one in shown.faces:
            in_view_s, usable_s, shares = found.each_face[one.face_id]
            assert (in_view_s, usable_s) == pytest.approx((one.seen_s, one.usable_s))
            assert shares == pytest.approx(one.shares)
        assert found.shares == pytest.approx(shown.shares)
        assert found.lost == pytest.approx(shown.lost)
        set_at = [at for times, _ in found.marks for at in times]
        assert set_at == pytest.approx([at for at, _ in shown.marks])
        said = "; ".join(words for _, words in shown.marks)
        assert "; ".join(words for _, words in found.marks) == said
        assert found.changes == sorted(
            (one.time_s, one.face_id, one.before, one.after) for one in shown.changes
        )
