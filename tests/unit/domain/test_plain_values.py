"""What is written as JSON is read back; what does not fit is named with its place."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import numpy as np
import pytest

from core.domain.errors import PlanError
from core.domain.plain_values import from_plain, parse_json, to_plain


class Colour(StrEnum):
    GREEN = "green"
    BLUE = "blue"


@dataclass(frozen=True)
class Leaf:
    colour: Colour
    width_mm: float = 1.0

    def __post_init__(self) -> None:
        if self.width_mm < 0:
            raise ValueError("narrower than nothing")
        if self.width_mm > 1000:
            raise PlanError("Too wide.", advice="Choose less.")


@dataclass(frozen=True)
class Tree:
    name: str
    age: int
    leaves: tuple[Leaf, ...] = ()
    place: tuple[float, float] = (0.0, 0.0)
    fruit: Leaf | None = None
    planted_at: datetime | None = None
    notes: Mapping[str, Any] = field(default_factory=dict)
    is_old: bool = False


TREE = Tree(
    "oak",
    3,
    (Leaf(Colour.BLUE, 2.5), Leaf(Colour.GREEN)),
    (1.0, 2.0),
    Leaf(Colour.GREEN),
    datetime(2026, 11, 21, 12, tzinfo=UTC),
    {"sizes": [[1, 2]]},
    True,
)
PLAIN = {
    "name": "oak",
    "age": 3,
    "leaves": [{"colour": "blue", "width_mm": 2.5}, {"colour": "green", "width_mm": 1.0}],
    "place": [1.0, 2.0],
    "fruit": {"colour": "green", "width_mm": 1.0},
    "planted_at": "2026-11-21T12:00:00+00:00",
    "notes": {"sizes": [[1, 2]]},
    "is_old": True,
}


def test_plain_values_are_what_json_gives_back():
    assert to_plain(TREE) == PLAIN
    assert json.loads(json.dumps(to_plain(TREE))) == PLAIN
    assert from_plain(Tree, PLAIN) == TREE


def test_numbers_of_numpy_are_written_as_numbers():
    tree = Tree("oak", int(np.int64(3)), place=(np.float64(0.5), np.float32(0.25)))
    assert json.dumps(to_plain(tree)["place"]) == "[0.5, 0.25]"
    assert to_plain({"shares": np.array([[1, 2]])}) == {"shares": [[1, 2]]}


def test_fields_that_are_missing_take_their_defaults():
    assert from_plain(Tree, {"name": "oak", "age": 3}) == Tree("oak", 3)


def test_several_are_read_at_once():
    read = from_plain(tuple[Leaf, ...], [{"colour": "blue"}])
    assert read == (Leaf(Colour.BLUE),)


def test_a_whole_number_may_stand_for_a_float():
    assert from_plain(Leaf, {"colour": "blue", "width_mm": 2}) == Leaf(Colour.BLUE, 2.0)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"age": "3"}, "age: Expected int, got str"),
        ({"age": 3.5}, "age: Expected int, got float"),
        ({"age": True}, "age: Expected int, got bool"),
        ({"age": None}, "age: Expected int, got null"),
        ({"name": 3}, "name: Expected str, got int"),
        ({"is_old": 1}, "is_old: Expected bool, got int"),
        ({"leaves": "blue"}, "leaves: Expected array, got str"),
        ({"place": [1.0]}, "place: Expected array of length 2, got 1"),
        ({"leaves": [{"colour": "blue"}, {"colour": "red"}]}, r"leaves\[1\].colour: .*'red'"),
        ({"leaves": [{}]}, r"leaves\[0\]: Object missing required field colour"),
        ({"fruit": {"colour": "blue", "width_mm": -1}}, "fruit: narrower than nothing"),
        ({"planted_at": "soon"}, "planted_at: Invalid RFC3339 encoded datetime"),
        ({"height": 3}, "height: Unknown entry"),
        ({"fruit": {"colour": "blue", "taste": 1}}, "fruit.taste: Unknown entry"),
        ({"leaves": [{"colour": "blue", "taste": 1}]}, r"leaves\[0\].taste: Unknown entry"),
    ],
)
def test_what_does_not_fit_is_named_with_its_place(changed, told):
    with pytest.raises(ValueError, match=f"^{told}"):
        from_plain(Tree, {**PLAIN, **changed})


@pytest.mark.parametrize("read", [None, 3, "oak", [], [PLAIN]])
def test_what_is_no_object_is_refused(read):
    with pytest.raises(ValueError, match="Expected object"):
        from_plain(Tree, read)


def test_an_entry_that_must_be_there_is_named():
    with pytest.raises(ValueError, match=r"^Object missing required field age$"):
        from_plain(Tree, {"name": "oak"})


def test_errors_of_the_class_itself_are_passed_on():
    with pytest.raises(PlanError, match="Too wide"):
        from_plain(Leaf, {"colour": "blue", "width_mm": 2000})


@pytest.mark.parametrize(
    ("where", "changed"),
    [
        ("place[1]", {"place": [0.0, math.nan]}),
        ("leaves[0].width_mm", {"leaves": [{"colour": "blue", "width_mm": math.inf}]}),
        ("notes.sizes[0]", {"notes": {"sizes": [-math.inf]}}),
        ("age", {"age": 10**400}),
    ],
)
def test_a_number_that_is_not_finite_is_refused_with_its_place(where, changed):
    with pytest.raises(ValueError, match=f"^{re.escape(where)}: Expected a finite number"):
        from_plain(Tree, {**PLAIN, **changed})


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, b"[" * 100_000])
def test_json_that_is_nested_too_deeply_is_refused_like_any_that_is_damaged(text):
    with pytest.raises(ValueError, match="nested too deeply"):
        parse_json(text)


def test_values_that_are_nested_too_deeply_are_refused():
    deep: Any = []
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(ValueError, match="nested too deeply"):
        from_plain(Tree, {**PLAIN, "notes": {"deep": deep}})
