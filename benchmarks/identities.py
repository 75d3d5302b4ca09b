"""Tracking metrics: IDF1 and identity switches."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment

from core.domain import Box

MIN_OVERLAP = 0.3  # the landmarker's boxes exclude the forehead, the detector's do not
Boxes = Mapping[str, Box]


@dataclass(frozen=True)
class LabelledFrame:
    """Hand-labelled people in one frame of a clip.

    Attributes:
        time_s: of the frame.
        people: name -> box, in pixels.
    """

    time_s: float
    people: Boxes


@dataclass(frozen=True)
class Identities:
    """Tracking metrics over some frames.

    Attributes:
        idf1: 2 IDTP / (2 IDTP + IDFP + IDFN), Ristani et al. 2016, in [0, 1]: the share of faces
            with the track id that is, over all frames, the best match of their person.
        switches: times that a person got another track id than when seen last.
        missed: faces without a track id.
    """

    idf1: float
    switches: int
    missed: int


def read_truth(path: Path, clip: str) -> list[LabelledFrame]:
    """The labelled frames of a clip."""
    frames = json.loads(path.read_text(encoding="utf-8"))[clip]
    return [
        LabelledFrame(one["time_s"], {who: Box(*sides) for who, sides in one["people"].items()})
        for one in frames
    ]


def compare(truth: Sequence[LabelledFrame], seen: Sequence[Mapping[int, Box]]) -> Identities:
    """Compare tracked boxes with people, frame by frame.

    Args:
        truth: the labelled frames.
        seen: track id -> box in each of them. A face of nobody counts as an error (IDFP).
    """
    pairs: Counter[tuple[str, int]] = Counter()
    last: dict[str, int] = {}
    switches = missed = 0
    for frame, tracked in zip(truth, seen, strict=True):
        matched = _matched(frame.people, tracked)
        missed += len(frame.people) - len(matched)
        for who, number in matched.items():
            pairs[who, number] += 1
            switches += last.get(who, number) != number
            last[who] = number
    people = sum(len(frame.people) for frame in truth)
    faces = sum(len(tracked) for tracked in seen)
    idf1 = 2 * _best(pairs) / (people + faces) if people + faces else 1.0
    return Identities(idf1, switches, missed)


def _matched(people: Boxes, tracked: Mapping[int, Box]) -> dict[str, int]:
    names, numbers = list(people), list(tracked)
    if not names or not numbers:
        return {}
    overlaps = np.array([[people[who].overlap(tracked[n]) for n in numbers] for who in names])
    rows, columns = linear_sum_assignment(-overlaps)
    return {
        names[row]: numbers[column]
        for row, column in zip(rows, columns, strict=True)
        if overlaps[row, column] >= MIN_OVERLAP
    }


def _best(pairs: Mapping[tuple[str, int], int]) -> int:
    """IDTP: most frames that a one-to-one assignment of people and track ids can explain."""
    names = sorted({who for who, _ in pairs})
    numbers = sorted({number for _, number in pairs})
    counts = np.array([[pairs.get((who, number), 0) for number in numbers] for who in names])
    if counts.size == 0:
        return 0
    rows, columns = linear_sum_assignment(-counts)
    return int(counts[rows, columns].sum())
