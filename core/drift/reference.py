"""Drift references: the distributions that a window is compared with."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from core.domain.plain_values import from_plain, to_plain
from core.drift.quantity import NUMBERS, Quantity

REFERENCE_FORMAT = 1
"""Version of the file format; newer ones are refused."""

LONGEST_NAME = 40
NAME_PATTERN = re.compile(rf"\w[\w-]{{0,{LONGEST_NAME - 1}}}")
"""Names of references: letters of any script, digits and dashes, as for file names."""


@dataclass(frozen=True)
class NumberReference:
    """Reference distribution of a numeric quantity. The names of the fields are keys of its file.

    Attributes:
        quantity: that was measured.
        cuts: ascending bin edges; bin `k` reaches from `cuts[k - 1]` up to, not including,
            `cuts[k]`, and the outer bins are open.
        shares: of the bins, one more than there are cuts; they sum to 1.
        points: evenly spaced quantiles in ascending order.
        rows: number of values.
        independent_rows: their effective sample size.
        alike: intraclass correlation of faces, in [0, 1]; 0 for pictures.
    """

    quantity: Quantity
    cuts: tuple[float, ...]
    shares: tuple[float, ...]
    points: tuple[float, ...]
    rows: int
    independent_rows: float
    alike: float = 0.0

    def __post_init__(self) -> None:
        _check(self)
        if self.quantity not in NUMBERS:
            raise ValueError(f"{self.quantity} is no number")
        if len(self.shares) != len(self.cuts) + 1 or not self.cuts or not self.points:
            raise ValueError(f"{self.quantity}: {len(self.shares)} bins, {len(self.cuts)} cuts")
        if not all(low < high for low, high in pairwise(self.cuts)):
            raise ValueError(f"{self.quantity}: cuts must ascend")
        if not all(map(math.isfinite, (*self.cuts, *self.points))):
            raise ValueError(f"{self.quantity}: cuts and points must be finite")
        if list(self.points) != sorted(self.points):
            raise ValueError(f"{self.quantity}: points must ascend")

    def quantile(self, share: float) -> float:
        """The value that a share in [0, 1] of the reference does not exceed."""
        return self.points[round(share * (len(self.points) - 1))]


@dataclass(frozen=True)
class MixReference:
    """Reference distribution of the predicted classes.

    Attributes:
        labels: in the scheme's order.
        shares: of the labels; they sum to 1.
        rows: number of classified faces.
        independent_rows: their effective sample size.
        alike: intraclass correlation of faces, in [0, 1]; 0 for pictures.
    """

    labels: tuple[str, ...]
    shares: tuple[float, ...]
    rows: int
    independent_rows: float
    alike: float = 0.0

    def __post_init__(self) -> None:
        _check(self)
        if len(self.labels) != len(self.shares) or len(self.labels) < 2:
            raise ValueError(f"{len(self.labels)} labels with {len(self.shares)} shares")


@dataclass(frozen=True)
class DriftReference:
    """The distributions that a window is compared with.

    Attributes:
        name: also its file's name; see `NAME_PATTERN`.
        source: a sentence about its origin.
        rows: number of measured faces.
        made_at: aware.
        numbers: one for each numeric quantity that was measured and varies.
        mix: None without predictions.
        agreement: share of faces on which a person and the model agreed; None if unknown.
        session_ids: of the sessions it was made from; empty for pictures.
        model: name of the model of the predictions; empty if unknown, as in files of earlier
            versions.
    """

    name: str
    source: str
    rows: int
    made_at: datetime
    numbers: tuple[NumberReference, ...]
    mix: MixReference | None = None
    agreement: float | None = None
    session_ids: tuple[str, ...] = ()
    model: str = ""

    def __post_init__(self) -> None:
        if NAME_PATTERN.fullmatch(self.name) is None:
            raise ValueError(f"not a name for a reference: {self.name!r}")
        if self.made_at.utcoffset() is None:
            raise ValueError(f"{self.name}: times need a time zone, got {self.made_at}")
        if len({one.quantity for one in self.numbers}) != len(self.numbers):
            raise ValueError(f"{self.name}: a quantity comes twice")
        if self.agreement is not None and not 0 <= self.agreement <= 1:
            raise ValueError(f"{self.name}: agreement must lie in [0, 1], got {self.agreement}")

    def number(self, quantity: Quantity) -> NumberReference | None:
        """The distribution of a numeric quantity; None where it was not measured."""
        return next((one for one in self.numbers if one.quantity is quantity), None)

    def to_json(self) -> dict[str, Any]:
        """Plain values, ready for `json.dumps`."""
        return {"format": REFERENCE_FORMAT, **to_plain(self)}

    @classmethod
    def from_json(cls, read: Mapping[str, Any]) -> DriftReference:
        """The inverse of `to_json`.

        Raises:
            KeyError, TypeError, ValueError: not a reference, or of a newer format.
        """
        if read["format"] != REFERENCE_FORMAT:
            raise ValueError(f"its format is {read['format']}, known is {REFERENCE_FORMAT}")
        return from_plain(cls, {name: one for name, one in read.items() if name != "format"})


def _check(one: NumberReference | MixReference) -> None:
    if not all(math.isfinite(share) and share >= 0 for share in one.shares):
        raise ValueError("shares must not be negative")
    if abs(math.fsum(one.shares) - 1) > 1e-6:
        raise ValueError(f"shares must sum to 1, got {math.fsum(one.shares)}")
    if not 0 < one.independent_rows <= one.rows:
        raise ValueError(f"{one.independent_rows} independent rows of {one.rows}")
    if not 0 <= one.alike <= 1:
        raise ValueError(f"alike must lie in [0, 1], got {one.alike}")
