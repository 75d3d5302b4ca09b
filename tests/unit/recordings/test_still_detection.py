"""A film, or stills: told by how a file begins, and nothing of it is lost by looking."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.domain import Frame
from core.domain.errors import MediaError
from core.recordings.still_detection import are_stills, peek_frames
from tests.make import make_frame


def frames(*times_s: float, breaks: bool = False) -> Iterator[Frame]:
    for time_s in times_s:
        yield make_frame(time_s)
    if breaks:
        raise MediaError("the file breaks off", advice="Record it again.")


@pytest.mark.parametrize("count", [1, 2, 3, 50])
def test_peeking_keeps_every_frame_in_order(count):
    first, everything = peek_frames(frames(*range(count)))
    times_s = [frame.time_s for frame in everything]
    assert times_s == list(range(count))
    assert [frame.time_s for frame in first] == times_s[:2]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_frames_before_an_error_are_kept(count):
    _, everything = peek_frames(frames(*range(count), breaks=True))
    given = []
    with pytest.raises(MediaError, match="breaks off"):
        given.extend(frame.time_s for frame in everything)
    assert given == list(range(count))


def test_a_file_without_a_frame_is_refused():
    with pytest.raises(MediaError):
        peek_frames(frames(breaks=True))


@pytest.mark.parametrize(
    ("times_s", "stills"), [((0.0,), True), ((0.0, 0.04), False), ((0.0, 1.0), False)]
)
def test_one_frame_is_a_still_and_two_close_frames_are_a_film(times_s, stills):
    first, _ = peek_frames(frames(*times_s))
    assert are_stills(first) == stills


def test_frames_too_far_apart_for_tracking_are_stills():
    assert not are_stills([make_frame(0.0), make_frame(2.0)])
    assert are_stills([make_frame(0.0), make_frame(2.1)])
