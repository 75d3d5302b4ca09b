"""Numbers of a report, as they are written."""

from __future__ import annotations

from core.domain import Interval
from core.domain.counted import tenths
from core.evaluation.report.sentences import entry, figure, million, share


def test_numbers_are_written_for_people() -> None:
    found = Interval(0.6868, 0.6714, 0.7018)
    assert tenths(found.value) == "68.7 %"
    assert share(found) == "68.7 % [67.1, 70.2]"
    assert figure(found) == "0.687 [0.671, 0.702]"
    assert share(None) == figure(None) == million(None) == "-"
    assert (million(1_476_583), million(20e6), million(9_000)) == (
        "1.48 million",
        "20 million",
        "9,000",
    )
    assert (entry(0.30000000000000004), entry("adam")) == ("0.3", "adam")
