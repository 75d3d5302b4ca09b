"""Whether a file is a film or stills, told by how it begins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice

from core.domain import Frame
from core.domain.errors import MediaError
from core.vision.faces import KEEPS_FOR_S

_LOOKED_AT = 2


def start_time_of(frames: Iterator[Frame]) -> tuple[tuple[Frame, ...], Iterator[Frame]]:
    """The first two frames, or the one that there is; and all frames, these included. Where reading
    breaks off after the first, the trouble comes behind it as it would have.

    Raises:
        MediaError: not one can be read.
    """
    first = list(islice(frames, 1))
    try:
        first += islice(frames, _LOOKED_AT - 1)
    except MediaError as trouble:
        return tuple(first), _broken_off(tuple(first), trouble)
    return tuple(first), chain(first, frames)


def are_stills(first: Sequence[Frame]) -> bool:
    """Whether there is one frame, or the next comes too late to show the same face again.

    Args:
        first: as `start_time_of` gives it.
    """
    return len(first) < _LOOKED_AT or first[1].time_s - first[0].time_s > KEEPS_FOR_S


def _broken_off(first: Sequence[Frame], trouble: MediaError) -> Iterator[Frame]:
    yield from first
    raise trouble
