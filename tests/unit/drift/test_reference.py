"""References: validation, and round trip through JSON."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from core.drift import DriftReference
from tests.drift_columns import make_reference
from tests.make import BEGAN_AT


def test_it_survives_json():
    reference = replace(make_reference(), agreement=0.71, session_ids=("a", "b"))
    assert DriftReference.from_json(json.loads(json.dumps(reference.to_json()))) == reference


def test_a_newer_format_is_refused():
    read = make_reference().to_json() | {"format": 2}
    with pytest.raises(ValueError, match="format is 2"):
        DriftReference.from_json(read)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"cuts": (0.5, 0.4)}, "bins|ascend"),
        ({"shares": (0.5, 0.6)}, "sum to 1|bins"),
        ({"shares": (1.5, -0.5)}, "negative|bins"),
        ({"points": (0.2, 0.1)}, "ascend"),
        ({"points": (float("nan"),)}, "finite"),
        ({"independent_rows": 1e9}, "independent rows"),
        ({"alike": 1.5}, "alike"),
    ],
)
def test_a_distribution_that_cannot_be_is_refused(change, why):
    with pytest.raises(ValueError, match=why):
        replace(make_reference().numbers[0], **change)


def test_a_time_without_a_zone_and_a_quantity_twice_are_refused():
    reference = make_reference()
    with pytest.raises(ValueError, match="time zone"):
        replace(reference, made_at=BEGAN_AT.replace(tzinfo=None))
    with pytest.raises(ValueError, match="twice"):
        replace(reference, numbers=reference.numbers[:1] * 2)
