"""What was measured stays so under its version: people have files with these numbers."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from core.measures import MEASURES
from tests.measures_golden import GOLDEN, figures_of, problem

STORED = json.loads(GOLDEN.read_text(encoding="utf-8"))
FACING = MEASURES["facing"]


def test_every_measure_has_golden_figures_and_no_other_has():
    assert list(STORED) == list(MEASURES)


@pytest.mark.parametrize("measure", MEASURES.values(), ids=list(MEASURES))
def test_a_measure_gives_the_numbers_of_its_version(measure):
    assert problem(measure, STORED, figures_of(measure)) == ""


@pytest.mark.parametrize(
    ("version", "moved_by", "words"),
    [
        ("2", 0.0, ""),
        ("2", 0.001, r"share of a lively face.* raise its version in the registry"),
        ("3", 0.001, r"version 3 now: run `python -m tests\.measures_golden`"),
        ("3", 0.0, r"version 3 now"),
        ("1", 0.0, r"versions only rise"),
    ],
    ids=["same", "other numbers", "higher version", "only the version", "lower version"],
)
def test_other_numbers_want_a_higher_version_and_the_file_made_anew(version, moved_by, words):
    figures = json.loads(json.dumps(figures_of(FACING)))
    shares = figures["a lively face"]["share"]
    shares[3] += moved_by
    found = problem(replace(FACING, version=version), STORED, figures)
    assert re.search(words, found) if words else found == ""


def test_a_value_where_none_was_is_another_number_too():
    figures = json.loads(json.dumps(figures_of(FACING)))
    figures["a lively face"]["share"][0] = 0.5
    assert "raise its version" in problem(FACING, STORED, figures)
    assert "other sessions or parts" in problem(FACING, STORED, {})
    assert "no golden figures yet" in problem(replace(FACING, id="new"), STORED, {})
