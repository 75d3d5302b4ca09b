"""What the five systems that Mien replaces say of themselves, and what became of each claim."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from core.domain import Interval


class Outcome(StrEnum):
    """What became of a claim."""

    REPRODUCED = "reproduced"
    TIED = "tied"
    NOT_MET = "not met"
    NOT_TESTABLE = "not testable"
    INCONSISTENT = "inconsistent"
    NOT_YET = "not measured here yet"


@dataclass(frozen=True)
class SystemClaim:
    """One claim of one system.

    Attributes:
        system: whose.
        what: the quantity, in words.
        figure: which figure answers it; see claims.toml.
        claimed: as published; None where it stands with the recipe, the preparation report or in
            the three figures, or where it is no number.
        recipe: what repeats it; empty where none can.
        label: the class it is about.
        of: the preparation report's name for a share of pictures.
        why: why it cannot be tested.
        accuracy, precision, recall: published together, of one class of two.
    """

    system: str
    what: str
    figure: str
    claimed: float | None = None
    recipe: str = ""
    label: str = ""
    of: str = ""
    why: str = ""
    accuracy: float = 0.0
    precision: float = 0.0
    recall: float = 0.0


@dataclass(frozen=True)
class JudgedClaim:
    """A claim with its outcome.

    Attributes:
        claim: which.
        claimed: what was published, as it is written; empty where it is no number.
        outcome: what became of it.
        measured: what was found here, as it is written; empty where nothing was.
        sentence: why.
    """

    claim: SystemClaim
    claimed: str
    outcome: Outcome
    measured: str
    sentence: str


@lru_cache(maxsize=1)
def system_claims() -> tuple[SystemClaim, ...]:
    """Every claim, as in the file beside this module."""
    path = Path(__file__).with_name("claims.toml")
    return tuple(SystemClaim(**one) for one in tomllib.loads(path.read_text("utf-8"))["claim"])


def against(claimed: float, measured: Interval) -> Outcome:
    """Whether a measured figure is at least the claimed one, or the pictures cannot tell."""
    if measured.value >= claimed:
        return Outcome.REPRODUCED
    return Outcome.TIED if measured.high >= claimed else Outcome.NOT_MET


def implied_share(accuracy: float, precision: float, recall: float) -> Interval:
    """The share of one class of two that three published figures leave room for.

    Of accuracy a, precision p and recall r, with a share s of the class: its misses are s (1 - r),
    its false alarms s r (1 / p - 1), and both together 1 - a. So s = (1 - a) / (1 - 2 r + r / p),
    which falls with a and rises with p and r: its ends are those of the rounding of the three.

    Args:
        accuracy: given to a tenth of a percent.
        precision, recall: given to a percent; above 0.5.
    """

    def share(a: float, p: float, r: float) -> float:
        return (1 - a) / (1 - 2 * r + r / p)

    thousandth, hundredth = 0.0005, 0.005
    return Interval(
        share(accuracy, precision, recall),
        share(accuracy + thousandth, precision - hundredth, recall - hundredth),
        share(accuracy - thousandth, precision + hundredth, recall + hundredth),
    )
