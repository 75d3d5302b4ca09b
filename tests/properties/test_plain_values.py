"""Whatever a dataclass holds comes back from JSON; whatever else a file holds is refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from core.domain.plain_values import from_plain, to_plain


class Colour(StrEnum):
    GREEN = "green"
    BLUE = "blue"


@dataclass(frozen=True)
class Leaf:
    colour: Colour
    width_mm: float | None = None


@dataclass(frozen=True)
class Tree:
    name: str
    leaves: tuple[Leaf, ...]
    counts: tuple[tuple[int, int], ...]
    planted_at: datetime
    is_old: bool
    notes: Mapping[str, Any]


NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | NUMBERS | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
ZONES = st.integers(-14, 14).map(lambda hours: timezone(timedelta(hours=hours)))
TREES = st.builds(
    Tree,
    st.text(),
    st.lists(st.builds(Leaf, st.sampled_from(Colour), st.none() | NUMBERS), max_size=3).map(tuple),
    st.lists(st.tuples(st.integers(), st.integers()), max_size=3).map(tuple),
    st.datetimes(timezones=ZONES),
    st.booleans(),
    st.dictionaries(st.text(max_size=5), JSON, max_size=3),
)


@given(TREES)
def test_a_value_comes_back_from_json_and_is_written_the_same(tree):
    written = json.dumps(to_plain(tree))
    assert json.loads(written) == to_plain(tree)
    read = from_plain(Tree, json.loads(written))
    assert read == tree
    assert json.dumps(to_plain(read)) == written


def refusal(read):
    try:
        from_plain(Tree, read)
    except ValueError as error:
        return str(error)
    return None


@given(TREES, st.sampled_from(list(Tree.__dataclass_fields__)), JSON)
def test_a_changed_entry_is_read_or_refused_by_its_name(tree, name, changed):
    told = refusal({**to_plain(tree), name: changed})
    assert told is None or told.startswith(name)


@given(TREES, st.sampled_from(list(Tree.__dataclass_fields__)))
def test_an_entry_without_default_must_be_there(tree, name):
    plain = to_plain(tree)
    del plain[name]
    assert refusal(plain) == f"Object missing required field {name}"


@given(JSON)
def test_whatever_a_file_holds_it_is_no_tree_or_one(read):
    with suppress(ValueError):
        assert isinstance(from_plain(Tree, read), Tree)
