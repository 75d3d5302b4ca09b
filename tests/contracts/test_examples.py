"""Which examples property tests draw."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings


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
