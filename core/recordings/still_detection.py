"""Distinguishes films from still pictures by the first frames."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice

from core.domain import Frame
from core.domain.errors import MediaError
from core.vision.faces import MAX_GAP_S

_PEEKED = 2


def peek_frames(frames: Iterator[Frame]) -> tuple[tuple[Frame, ...], Iterator[Frame]]:
    """The first two frames, or the only one; and an iterator of all frames, these included. An
    error after the first frame is raised by that iterator.

    Raises:
        MediaError: no frame can be read.
    """
    first = list(islice(frames, 1))
    try:
        first += islice(frames, _PEEKED - 1)
    except MediaError as error:
        return tuple(first), _broken_off(tuple(first), error)
    return tuple(first), chain(first, frames)


def are_stills(first: Sequence[Frame]) -> bool:
    """Whether there is one frame only, or the next comes too late for tracking.

    Args:
        first: as `peek_frames` gives it.
    """
    return len(first) < _PEEKED or first[1].time_s - first[0].time_s > MAX_GAP_S


def _broken_off(first: Sequence[Frame], error: MediaError) -> Iterator[Frame]:
    yield from first
    raise error
