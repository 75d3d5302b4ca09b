"""Copies of rows with other fields."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.domain import Box, Face
from core.domain.changed import changed
from tests.make import make_observation


def test_a_changed_copy_is_what_replace_makes_and_the_original_stays() -> None:
    seen = make_observation()
    copy = changed(seen, shown="happy", track_id=7)
    assert vars(copy) == vars(replace(seen, shown="happy", track_id=7))
    assert seen.shown == ""


def test_a_changed_copy_is_checked_as_any_other() -> None:
    with pytest.raises(ValueError, match="confidence"):
        changed(Face(Box(0, 0, 1, 1), 0.5), confidence=2.0)
