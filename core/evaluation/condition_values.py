"""Values of a report on conditions: pictures as they happen to be, and faces found in frames."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.domain import Interval
from core.evaluation.differences import ALPHA, Difference, PairedTest


@dataclass(frozen=True)
class NaturalBin:
    """The pictures between two values of a measure.

    Attributes:
        low, high: the values; None is open.
        pictures: how many.
        accuracy: with its Wilson interval.
    """

    low: float | None
    high: float | None
    pictures: int
    accuracy: Interval


@dataclass(frozen=True)
class NaturalCondition:
    """How a model does on pictures that differ in something by themselves.

    Attributes:
        name: a key of `NATURAL`.
        bins: from low to high; those without a picture are left out.
        not_measured: pictures of which nobody could say.
        accuracy_elsewhere: of those; None where there are none.
        p: that so uneven bins are chance (chi-squared test of homogeneity), corrected for all the
            measures (Holm).
    """

    name: str
    bins: tuple[NaturalBin, ...]
    not_measured: int
    accuracy_elsewhere: Interval | None
    p: float

    @property
    def differs(self) -> bool:
        """Whether the bins differ by more than chance."""
        return self.p < ALPHA

    @classmethod
    def from_json(cls, read: dict[str, Any]) -> NaturalCondition:
        """The inverse of `dataclasses.asdict`."""
        bins = tuple(
            NaturalBin(**{**one, "accuracy": Interval(**one["accuracy"])}) for one in read["bins"]
        )
        elsewhere = read["accuracy_elsewhere"]
        return cls(
            **{
                **read,
                "bins": bins,
                "accuracy_elsewhere": None if elsewhere is None else Interval(**elsewhere),
            }
        )


@dataclass(frozen=True)
class FindingPoint:
    """What becomes of faces in frames at one level of one condition.

    Attributes:
        level: from 1.
        found: share of the faces that were found.
        usable: share that was found and good enough to be judged.
        same_label: of these, the share named as in the frames as they are; None without any.
        fewer: usable here less usable in the frames as they are, where all of them were.
    """

    level: int
    found: Interval
    usable: Interval
    same_label: Interval | None
    fewer: Difference | None

    @classmethod
    def from_json(cls, read: dict[str, Any]) -> FindingPoint:
        """The inverse of `dataclasses.asdict`."""
        same = read["same_label"]
        return cls(
            level=int(read["level"]),
            found=Interval(**read["found"]),
            usable=Interval(**read["usable"]),
            same_label=None if same is None else Interval(**same),
            fewer=difference_from(read["fewer"]),
        )


@dataclass(frozen=True)
class FindingCurve:
    """Faces in frames along the levels of one condition; see `ConditionCurve`."""

    name: str
    amounts: tuple[float, ...]
    points: tuple[FindingPoint, ...]

    @classmethod
    def from_json(cls, read: dict[str, Any]) -> FindingCurve:
        """The inverse of `dataclasses.asdict`."""
        points = tuple(FindingPoint.from_json(one) for one in read["points"])
        return cls(str(read["name"]), tuple(read["amounts"]), points)


@dataclass(frozen=True)
class FindingReport:
    """How the real detector does, and what follows for the answer.

    Attributes:
        faces: how many were looked for each time.
        files: pictures and videos they are from.
        too_small: faces of those files that were left out because they are too small to start from.
        face_px: side of the face picture in the frames as they are.
        curves: one for each condition a frame can suffer.
    """

    faces: int
    files: int
    too_small: int
    face_px: int
    curves: tuple[FindingCurve, ...]

    @classmethod
    def from_json(cls, read: dict[str, Any]) -> FindingReport:
        """The inverse of `dataclasses.asdict`."""
        return cls(**{**read, "curves": tuple(FindingCurve.from_json(c) for c in read["curves"])})


def difference_from(read: Mapping[str, Any] | None) -> Difference | None:
    """The inverse of `dataclasses.asdict` of a difference, or of none."""
    if read is None:
        return None
    test = read["test"]
    return Difference(
        int(read["pictures"]),
        Interval(**read["accuracy"]),
        None if test is None else PairedTest(**test),
    )
