"""Claims of the five systems that Mien replaces, and their possible outcomes."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from core.domain import Interval


class Outcome(StrEnum):
    """Result of checking a claim."""

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
        system: that makes it.
        what: the quantity, in words.
        figure: the metric that checks it; see claims.toml.
        claimed: as published; None where it is stored with the recipe, the preparation report or in
            accuracy, precision and recall, or where it is not a number.
        recipe: that reproduces the system; empty where none does.
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
class CheckedClaim:
    """A claim with its outcome.

    Attributes:
        claim: which claim.
        claimed: the published value, formatted; empty where it is not a number.
        outcome: of the check.
        measured: the value measured here, formatted; empty where there is none.
        sentence: the reason.
    """

    claim: SystemClaim
    claimed: str
    outcome: Outcome
    measured: str
    sentence: str


@lru_cache(maxsize=1)
def system_claims() -> tuple[SystemClaim, ...]:
    """All claims of claims.toml."""
    path = Path(__file__).with_name("claims.toml")
    return tuple(SystemClaim(**one) for one in tomllib.loads(path.read_text("utf-8"))["claim"])


def outcome_of(claimed: float, measured: Interval) -> Outcome:
    """Reproduced where the measured value is at least the claim, tied where its CI holds it."""
    if measured.value >= claimed:
        return Outcome.REPRODUCED
    return Outcome.TIED if measured.high >= claimed else Outcome.NOT_MET


def implied_share(accuracy: float, precision: float, recall: float) -> Interval:
    """The share of one class of two that three published figures imply.

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
