"""A report as files to take home."""

from __future__ import annotations

import csv
import io
import json

from core.drift.drift_report import DriftReport, QuantityDrift

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
