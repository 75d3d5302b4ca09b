"""Files of a drift report."""

from __future__ import annotations

import csv
import io
import json

import numpy as np
import pytest

from core.drift import columns_of_pictures, measure, report_csv, report_json
from tests.drift_columns import make_columns, make_numbers, make_reference


def test_the_csv_has_a_row_for_each_quantity_and_its_numbers_survive():
    report = measure(make_reference(), make_columns(np.random.default_rng(5), 200))
    rows = list(csv.DictReader(io.StringIO(report_csv(report).decode("utf-8-sig"))))
    assert [row["quantity"] for row in rows] == [one.quantity.value for one in report.quantities]
    assert [float(row["psi"]) for row in rows] == [one.psi for one in report.quantities]
    assert rows[0]["sentence"] == report.quantities[0].sentence
    assert rows[-1]["quantity"] == "class_mix"
    assert rows[-1]["ks"] == ""


def test_what_was_not_compared_comes_last_with_its_reason():
    report = measure(
        make_reference(), columns_of_pictures(make_numbers(np.random.default_rng(5), 200))
    )
    last = list(csv.reader(io.StringIO(report_csv(report).decode("utf-8-sig"))))[-1]
    assert (last[0], last[1], last[-1]) == ("class_mix", "", "it was not measured here")


def test_the_json_holds_verdict_and_alarms():
    changed = make_columns(np.random.default_rng(5), 200, times={"brightness": 0.5})
    report = measure(make_reference(), changed)
    read = json.loads(report_json(report))
    assert read["verdict"] == "moved"
    assert [one["quantity"] for one in read["quantities"] if one["alarm"]] == ["brightness"]
    assert read["quantities"][0]["psi"] == pytest.approx(report.quantities[0].psi)
