"""What earlier versions stored as JSON is read to the same values, and written the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.domain.errors import MienError
from tests.stored_values import STORED

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "stored_values.json").read_text())

LENIENT = {"OpenPlan", "GroupsReport", "Corrections"}
"""Read entry by entry, so that further ones are passed over."""


def test_every_class_has_its_golden_json():
    assert STORED.keys() == GOLDEN.keys()


@pytest.mark.parametrize("name", STORED)
def test_a_value_is_written_as_before(name):
    one = STORED[name]
    assert json.dumps(one.write(one.value), allow_nan=False) == json.dumps(GOLDEN[name])


@pytest.mark.parametrize("name", STORED)
def test_what_was_written_before_is_read_to_the_same_value(name):
    one = STORED[name]
    assert one.read(GOLDEN[name]) == one.value


@pytest.mark.parametrize("name", sorted(STORED.keys() - LENIENT))
def test_an_entry_that_nobody_knows_is_refused(name):
    one = STORED[name]
    with pytest.raises((ValueError, TypeError, MienError), match="louder"):
        one.read({**GOLDEN[name], "louder": 1})
