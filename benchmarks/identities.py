"""How well numbers stay with people: IDF1 and identity switches."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment

from core.domain import Box

SAME_PLACE = 0.3  # overlap: the landmarker's boxes leave out the forehead, the detector's do not
Boxes = Mapping[str, Box]


@dataclass(frozen=True)
class TrueMoment:
    """Who is where at one time of a clip, by hand.

    Attributes:
        time_s: of the frame.
        people: name -> box, in pixels.
    """

    time_s: float
    people: Boxes


@dataclass(frozen=True)
class Identities:
    """How numbers compare with people over some moments.

    Attributes:
        idf1: 2 IDTP / (2 IDTP + IDFP + IDFN), Ristani et al. 2016, in [0, 1]: the share of faces
            that bear the number which is, over all moments, the best one for their person.
        switches: times that a person bore another number than when seen last.
        missed: faces that bore no number at all.
    """

    idf1: float
    switches: int
    missed: int


def read_truth(path: Path, clip: str) -> list[TrueMoment]:
    """The moments of a clip."""
    moments = json.loads(path.read_text(encoding="utf-8"))[clip]
    return [
        TrueMoment(one["time_s"], {who: Box(*sides) for who, sides in one["people"].items()})
        for one in moments
    ]


def compare(truth: Sequence[TrueMoment], seen: Sequence[Mapping[int, Box]]) -> Identities:
    """Compare numbered boxes with people, moment by moment.

    Args:
        truth: the moments.
        seen: number -> box at each of them. A face that is nobody's counts as an error (IDFP).
    """
    pairs: Counter[tuple[str, int]] = Counter()
    last: dict[str, int] = {}
    switches = missed = 0
    for moment, numbered in zip(truth, seen, strict=True):
        matched = _matched(moment.people, numbered)
        missed += len(moment.people) - len(matched)
        for who, number in matched.items():
            pairs[who, number] += 1
            switches += last.get(who, number) != number
            last[who] = number
    people = sum(len(moment.people) for moment in truth)
    faces = sum(len(numbered) for numbered in seen)
    idf1 = 2 * _best(pairs) / (people + faces) if people + faces else 1.0
    return Identities(idf1, switches, missed)


def _matched(people: Boxes, numbered: Mapping[int, Box]) -> dict[str, int]:
    names, numbers = list(people), list(numbered)
    if not names or not numbers:
        return {}
    overlaps = np.array([[people[who].overlap(numbered[n]) for n in numbers] for who in names])
    rows, columns = linear_sum_assignment(-overlaps)
    return {
        names[row]: numbers[column]
        for row, column in zip(rows, columns, strict=True)
        if overlaps[row, column] >= SAME_PLACE
    }


def _best(pairs: Mapping[tuple[str, int], int]) -> int:
    """IDTP: most moments that one number for each person, and one person for each, can explain."""
    names = sorted({who for who, _ in pairs})
    numbers = sorted({number for _, number in pairs})
    counts = np.array([[pairs.get((who, number), 0) for number in numbers] for who in names])
    if counts.size == 0:
        return 0
    rows, columns = linear_sum_assignment(-counts)
    return int(counts[rows, columns].sum())
