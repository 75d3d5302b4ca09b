"""One face among all analysed frames."""

from __future__ import annotations

import numpy as np

from core.domain import FER7, NO_FACE_ID, RejectReason, Timeline
from core.measures.face_rows import with_absences
from tests.make import make_moment, make_observation


def faces_at(*who: tuple[int, ...]) -> Timeline:
    """A frame each second with these faces."""
    moments = [
        make_moment(float(at), *(make_observation(float(at), track_id=one) for one in numbers))
        for at, numbers in enumerate(who)
    ]
    return Timeline.from_frames(FER7, moments)


def test_each_frame_is_one_row_with_the_face_or_without_it() -> None:
    rows = with_absences(faces_at((1,), (1, 2), (), (2,), (2, 3)), 2)
    assert rows.time_s.tolist() == [0, 1, 2, 3, 4]
    assert rows.face_id.tolist() == [NO_FACE_ID, 2, NO_FACE_ID, 2, 2]


def test_a_row_without_the_face_holds_nothing_of_another_one() -> None:
    away = with_absences(faces_at((1,), (1, 2), (2,)), 2).where(np.array([True, False, False]))
    assert not away.usable.any()
    assert away.reason.tolist() == [RejectReason.NO_FACE.value]
    for name in ("box", "pose", "eyes_open", "blendshapes", "lip_gap", "scores", "steady"):
        assert np.isnan(getattr(away, name)).all(), name


def test_the_session_itself_stays_as_it_was() -> None:
    timeline = faces_at((1,), (1, 2))
    with_absences(timeline, 2)
    assert timeline.face_id.tolist() == [1, 1, 2]
    assert np.isfinite(timeline.scores).all()


def test_no_rows_stay_none() -> None:
    assert len(with_absences(faces_at(), 1)) == 0
