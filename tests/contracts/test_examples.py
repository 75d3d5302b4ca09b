"""Which examples property tests draw."""

from __future__ import annotations

import os
import re

import pytest
from hypothesis import settings

from core.settings import PROJECT_DIR
from tests.contracts.sources import found_in, text_of
from tests.examples import examples

TESTS = [path for path in sorted(PROJECT_DIR.glob("tests/**/test_*.py"))]


@pytest.mark.skipif(
    os.environ.get("HYPOTHESIS_PROFILE", "ci") != "ci", reason="another profile was asked for"
)
def test_property_tests_draw_the_same_examples_everywhere_unless_asked_otherwise():
    assert settings.default.derandomize
    assert settings.default.deadline is None  # a slow machine is no wrong answer


def test_the_thorough_profile_draws_new_examples_and_more_of_them():
    thorough = settings.get_profile("thorough")
    assert not thorough.derandomize
    assert thorough.max_examples > settings.get_profile("ci").max_examples


def test_thorough_is_thorough_where_a_test_says_how_many_examples_it_wants(monkeypatch):
    usual, wanted = settings.get_profile("ci").max_examples, 25
    assert wanted < usual
    monkeypatch.setattr("tests.examples.all_are_asked_for", lambda: False)
    assert examples(wanted).max_examples == wanted
    assert examples(usual + 1).max_examples == usual
    monkeypatch.setattr("tests.examples.all_are_asked_for", lambda: True)
    assert examples(wanted).max_examples == 10 * wanted


def test_no_test_keeps_the_thorough_profile_from_its_number_of_examples():
    own = re.compile(r"settings\((?:[^()]*, )?max_examples=\d+")
    assert found_in(TESTS, lambda path: own.findall(text_of(path))) == {}
