"""What a drift report holds, and its files (CSV, JSON)."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from core.domain.evaluation_report import Interval


class Quantity(StrEnum):
    """What is watched."""

    BRIGHTNESS = "brightness"
    """Mean luma of the cut-out face, in [0, 1]."""
    CONTRAST = "contrast"
    """Standard deviation of its luma, in [0, 0.5]."""
    BLUR = "blur"
    """Sharpness of the cut-out face; higher is sharper."""
    FACE_PX = "face_px"
    """Shorter side of the face's box, in pixels of its frame."""
    YAW = "yaw"
    """Degrees; positive turns to the picture's right."""
    PITCH = "pitch"
    """Degrees; positive looks up."""
    ROLL = "roll"
    """Degrees; positive tilts clockwise."""
    CONFIDENCE = "confidence"
    """The model's top score, in [0, 1]."""
    CLASS_MIX = "class_mix"
    """How often each label scores highest: shares, not a number."""


NUMBERS = tuple(one for one in Quantity if one is not Quantity.CLASS_MIX)
"""The quantities that are numbers."""


class Change(StrEnum):
    """In which way a quantity differs from its reference."""

    NONE = "none"
    """Not more than chance."""
    LOWER = "lower"
    """Its middle has moved down."""
    HIGHER = "higher"
    """Its middle has moved up."""
    WIDER = "wider"
    """Its middle has stayed, and it varies more."""
    NARROWER = "narrower"
    """It stays within what the reference holds: nothing new, only less varied."""
    MIX = "mix"
    """Other shares of the labels."""


class Verdict(StrEnum):
    """What a whole report comes to."""

    TOO_FEW = "too_few"
    """Too little was seen to tell."""
    STEADY = "steady"
    """No quantity differs more than chance and the fixed threshold allow."""
    NARROWER = "narrower"
    """Some vary less than the reference; nothing new is seen."""
    MOVED = "moved"
    """Something new is seen."""


@dataclass(frozen=True)
class QuantityDrift:
    """How far one quantity has moved.

    Attributes:
        quantity: which.
        psi: population stability index, 0 or more.
        threshold: what it must exceed to raise the alarm: 0.25, or more where chance alone goes
            further.
        ks: Kolmogorov-Smirnov distance in [0, 1]; None for the class mix.
        ks_p: how often chance alone goes that far, in [0, 1]; None likewise.
        rows: values in the window.
        independent_rows: how many independent ones they are worth.
        now, was: medians in the window and the reference; None for the class mix.
        change: in which way; `Change.NONE` without alarm.
        sentence: the same in plain words.
    """

    quantity: Quantity
    psi: float
    threshold: float
    ks: float | None
    ks_p: float | None
    rows: int
    independent_rows: float
    now: float | None
    was: float | None
    change: Change
    sentence: str

    @property
    def alarm(self) -> bool:
        """Whether it has moved further than allowed."""
        return self.psi > self.threshold


@dataclass(frozen=True)
class NotJudged:
    """A quantity that could not be compared.

    Attributes:
        quantity: which.
        why: in plain words, without a full stop.
    """

    quantity: Quantity
    why: str


@dataclass(frozen=True)
class DriftReport:
    """A window of observations compared with a reference.

    Attributes:
        reference: its name.
        rows: faces in the window, at most one a face a second.
        verdict: what it comes to.
        sentence: the same in plain words.
        quantities: those compared; empty where too little was seen.
        not_judged: the others, each with its reason.
    """

    reference: str
    rows: int
    verdict: Verdict
    sentence: str
    quantities: tuple[QuantityDrift, ...] = ()
    not_judged: tuple[NotJudged, ...] = ()

    @property
    def alarms(self) -> tuple[QuantityDrift, ...]:
        """The quantities that have moved further than allowed."""
        return tuple(one for one in self.quantities if one.alarm)

    def to_json(self) -> dict[str, Any]:
        """Plain values, ready for `json.dumps`."""
        read = asdict(self)
        for row, one in zip(read["quantities"], self.quantities, strict=True):
            row["alarm"] = one.alarm
        return read


@dataclass(frozen=True)
class LabelConsistency:
    """How often a person and the model gave the same label to the same face.

    Attributes:
        faces: how many both labelled.
        agreement: share of equal labels, with its Wilson 95 % interval.
        kappa: Cohen's: agreement beyond chance, at most 1; None where both always said the same
            one label.
        expected: the agreement that the reference knows; None if unknown.
    """

    faces: int
    agreement: Interval
    kappa: float | None
    expected: float | None = None

    @property
    def alarm(self) -> bool:
        """Whether they agree less than expected, chance allowed for."""
        return self.expected is not None and self.agreement.high < self.expected


@dataclass(frozen=True)
class RetrainingProposal:
    """Why a model might be trained again, and how. Nothing is started.

    Attributes:
        reasons: sentences, one for each thing that has moved.
        remedies: what may help without training, one sentence each.
        command: what to type to train; words in capitals are the person's to fill in.
    """

    reasons: tuple[str, ...]
    remedies: tuple[str, ...]
    command: str


_ENCODING = "utf-8-sig"  # with a byte-order mark, or Excel takes it for another alphabet
_COLUMNS = (
    "quantity",
    "psi",
    "threshold",
    "alarm",
    "ks",
    "ks_p",
    "rows",
    "independent_rows",
    "median_now",
    "median_reference",
    "change",
    "sentence",
)


def report_csv(report: DriftReport) -> bytes:
    """One row a quantity; those that could not be compared come last, with the reason."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows(_row(one) for one in report.quantities)
    empty = [""] * (len(_COLUMNS) - 2)
    writer.writerows([one.quantity.value, *empty, one.why] for one in report.not_judged)
    return text.getvalue().encode(_ENCODING)


def report_json(report: DriftReport) -> bytes:
    """Everything the report holds."""
    return json.dumps(report.to_json(), indent=1, allow_nan=False).encode()


def _row(one: QuantityDrift) -> list[object]:
    # None becomes an empty cell.
    return [
        one.quantity.value,
        one.psi,
        one.threshold,
        one.alarm,
        one.ks,
        one.ks_p,
        one.rows,
        one.independent_rows,
        one.now,
        one.was,
        one.change.value,
        one.sentence,
    ]
