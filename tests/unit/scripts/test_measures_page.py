"""The page about measures is the one that the registry gives."""

from __future__ import annotations

from core.measures import MEASURES
from scripts.measures_page import PAGE, page


def test_the_page_is_what_the_script_writes():
    assert PAGE.read_text(encoding="utf-8") == page()


def test_the_page_says_of_every_measure_what_it_cannot_tell():
    text = page()
    for measure in MEASURES.values():
        assert f"What it cannot tell: {measure.limits}" in text
