"""The file formats of a report."""

from __future__ import annotations

import pytest

from core.domain.errors import PlanError
from core.evaluation.report import REPORT_FORMATS, REPORT_SUFFIXES, report_format


def test_a_suffix_names_one_format():
    assert len(set(REPORT_SUFFIXES)) == len(REPORT_FORMATS)
    for one in REPORT_FORMATS:
        assert report_format(f"out{one.suffix.upper()}") is one


def test_a_suffix_that_no_format_has_is_refused_with_those_that_there_are():
    with pytest.raises(PlanError, match=r"written as report\.pdf") as refused:
        report_format("report.pdf")
    assert all(suffix in str(refused.value.advice) for suffix in REPORT_SUFFIXES)
