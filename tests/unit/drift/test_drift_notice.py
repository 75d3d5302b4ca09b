"""Drift in words for people who never heard of it."""

from __future__ import annotations

import numpy as np
import pytest

from core.drift import drift_notice, measure
from tests.drift_columns import OTHER_MIX, make_columns, make_reference


@pytest.mark.parametrize(
    ("changed", "words", "help_words"),
    [
        ({"times": {"roll": 3.0}}, "head tilt varies more", "Set the camera level."),
        ({"times": {"confidence": 0.75}}, "lower confidence", ""),
        ({"mix": OTHER_MIX}, "another mix of expressions", ""),
    ],
    ids=["pose", "confidence", "mix"],
)
def test_a_notice_says_what_changed_and_what_may_help(changed, words, help_words) -> None:
    report = measure(make_reference(), make_columns(np.random.default_rng(5), 300, **changed))
    what, meaning = drift_notice(report, days=7)
    assert what.startswith("Sessions of the last 7 days differ from the pictures that their model")
    assert words in what
    assert meaning.startswith("Expressions may be recognised less well")
    assert ("What may help" in meaning) == bool(help_words)
    assert help_words in meaning
