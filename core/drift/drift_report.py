"""The drift report and its files (CSV, JSON)."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from core.domain.intervals import Interval
from core.drift.quantity import Change, Quantity


class DriftVerdict(StrEnum):
    """Overall result of a report. The values are stored and exported."""

    TOO_FEW_SAMPLES = "too_few"
    """Too few samples to decide."""
    NO_DRIFT = "steady"
    """No quantity exceeds its alarm threshold."""
    LESS_VARIED = "narrower"
    """Some quantities vary less than in the reference, and none differs otherwise."""
    DRIFT = "moved"
    """Some quantity differs from the reference."""


@dataclass(frozen=True)
class QuantityDrift:
    """Drift of one quantity.

    Attributes:
        quantity: that was compared.
        psi: population stability index, 0 or more.
        threshold: alarm threshold of the PSI: 0.25, or more where chance exceeds 0.25.
        ks: Kolmogorov-Smirnov distance in [0, 1]; None for the class mix.
        ks_p: its p-value; None for the class mix.
        rows: values in the window.
        independent_rows: their effective sample size.
        now, was: medians in the window and the reference; None for the class mix.
        change: kind of change; `Change.NONE` without alarm.
        sentence: the result in words.
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
        """Whether the PSI exceeds its threshold."""
        return self.psi > self.threshold


@dataclass(frozen=True)
class NotCompared:
    """A quantity that could not be compared.

    Attributes:
        quantity: that was not compared.
        why: the reason, without a full stop.
    """

    quantity: Quantity
    why: str


@dataclass(frozen=True)
class DriftReport:
    """A window of observations compared with a reference.

    Attributes:
        reference: name of the reference.
        rows: rows of the window, at most one per face and second.
        verdict: overall result.
        sentence: the same in words.
        quantities: those compared; empty with too few samples.
        not_judged: those not compared, each with its reason; the name is also a key of the JSON.
    """

    reference: str
    rows: int
    verdict: DriftVerdict
    sentence: str
    quantities: tuple[QuantityDrift, ...] = ()
    not_judged: tuple[NotCompared, ...] = ()

    @property
    def alarms(self) -> tuple[QuantityDrift, ...]:
        """The quantities with an alarm."""
        return tuple(one for one in self.quantities if one.alarm)

    def to_json(self) -> dict[str, Any]:
        """Plain values, ready for `json.dumps`."""
        read = asdict(self)
        for row, one in zip(read["quantities"], self.quantities, strict=True):
            row["alarm"] = one.alarm
        return read


@dataclass(frozen=True)
class LabelConsistency:
    """Agreement of a person's labels and the model's predictions.

    Attributes:
        faces: number of faces with both labels.
        agreement: share of equal labels, with its Wilson 95 % interval.
        kappa: Cohen's kappa, at most 1; None where both gave one and the same label only.
        expected: agreement in the reference; None if unknown.
    """

    faces: int
    agreement: Interval
    kappa: float | None
    expected: float | None = None

    @property
    def alarm(self) -> bool:
        """Whether the agreement is significantly lower than expected."""
        return self.expected is not None and self.agreement.high < self.expected


@dataclass(frozen=True)
class RetrainingProposal:
    """A recommendation to retrain a model; nothing is started.

    Attributes:
        reasons: sentences, one per drifted quantity.
        remedies: what may help without training, one sentence each.
        command: shell command of the training, with placeholders in capitals.
    """

    reasons: tuple[str, ...]
    remedies: tuple[str, ...]
    command: str


_ENCODING = "utf-8-sig"  # Excel needs the byte-order mark to recognise UTF-8
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
    """One row per quantity; those that were not compared come last, with the reason."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows(_row(one) for one in report.quantities)
    empty = [""] * (len(_COLUMNS) - 2)
    writer.writerows([one.quantity.value, *empty, one.why] for one in report.not_judged)
    return text.getvalue().encode(_ENCODING)


def report_json(report: DriftReport) -> bytes:
    """The report as JSON."""
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
