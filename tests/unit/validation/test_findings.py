"""What is said of measures and ratings, with nobody on both sides of a choice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.validation.columns import ClipRow, Columns
from core.validation.findings import (
    SAME_RATING,
    SAME_VALUE,
    TOO_FEW,
    TOO_FEW_PERSONS,
    find_relations,
    try_on_others,
)
from tests.unit.validation.rows import made_rows

PLANTED = {"tension": -0.6, "facing": 0.0, "smile": 0.0}


def relations(rows, rating="calm", measures=tuple(PLANTED)):
    (found,) = find_relations(rows, [rating], measures)
    return {one.measure: one for one in found.relations}, found


def columns_of(rows):
    return Columns(
        np.array([row.person for row in rows]),
        np.array([row.ratings["calm"] for row in rows]),
        {name: np.array([row.values[name] for row in rows]) for name in rows[0].values},
    )


def test_a_planted_correlation_is_found_with_its_sign_and_the_others_are_not():
    rows = made_rows(np.random.default_rng(1), persons=20, planted=PLANTED)
    found, rating = relations(rows)
    assert found["tension"].ranks.interval.high < 0
    assert found["tension"].within.interval.high < 0
    assert found["tension"].adjusted_p < 0.01
    assert found["tension"].adjusted_p >= found["tension"].ranks.p
    assert found["facing"].adjusted_p > 0.05
    assert [(one.measure, one.is_turned, one.chosen_on) for one in rating.trials] == [
        ("tension", True, 10),
        ("tension", True, 10),
    ]
    assert all(one.ranks.interval.low > 0 for one in rating.trials)


def test_what_is_chosen_by_chance_fails_on_others_and_a_leak_would_show():
    rng = np.random.default_rng(2)
    nothing = {f"measure {number}": 0.0 for number in range(12)}
    on_others, on_themselves, tries = 0, 0, 120
    for _ in range(tries):
        columns = columns_of(made_rows(rng, persons=16, planted=nothing))
        half = np.isin(columns.persons, [f"p{number}" for number in range(8)])
        on_others += try_on_others(columns, half).ranks.interval.low > 0
        twice = Columns(  # the same people on both sides, under other names
            np.concatenate([columns.persons[half], np.char.add("again ", columns.persons[half])]),
            np.tile(columns.rating[half], 2),
            {name: np.tile(values[half], 2) for name, values in columns.measures.items()},
        )
        first = np.arange(len(twice.rating)) < half.sum()
        on_themselves += try_on_others(twice, first).ranks.interval.low > 0
    assert on_others / tries <= 0.07
    assert on_themselves / tries > 0.2


def test_what_is_chosen_does_not_depend_on_those_it_is_tried_on():
    columns = columns_of(made_rows(np.random.default_rng(3), planted=PLANTED))
    half = np.isin(columns.persons, [f"p{number}" for number in range(6)])
    before = try_on_others(columns, half)
    turned = replace(columns, rating=np.where(half, columns.rating, -columns.rating))
    after = try_on_others(turned, half)
    assert (after.measure, after.is_turned) == (before.measure, before.is_turned)
    assert after.ranks.interval.value == pytest.approx(-before.ranks.interval.value)


def test_shuffled_persons_change_the_figures():
    """As they would not if persons were not kept apart."""
    rng = np.random.default_rng(4)
    rows = made_rows(rng, persons=8, clips=8, planted=PLANTED, alike=0.8)
    names = rng.permutation([row.person for row in rows])
    shuffled = [replace(row, person=str(name)) for row, name in zip(rows, names, strict=True)]
    (kept, rating), (mixed, mixed_rating) = relations(rows), relations(shuffled)
    width = lambda one: one.ranks.interval.high - one.ranks.interval.low  # noqa: E731
    assert width(kept["smile"]) > 1.3 * width(mixed["smile"])
    assert kept["tension"].within.interval.value != mixed["tension"].within.interval.value
    assert rating.trials != mixed_rating.trials


def test_differences_between_persons_alone_are_none_within_them():
    rng = np.random.default_rng(5)
    rows = []
    for person in range(12):
        level = rng.normal()
        for _ in range(5):
            values = {"tension": level + 0.05 * rng.normal()}
            rows.append(ClipRow(f"p{person}", {"calm": level + 0.05 * rng.normal()}, values))
    found, _ = relations(rows, measures=("tension",))
    assert found["tension"].ranks.interval.value > 0.9
    assert found["tension"].within.interval.low < 0 < found["tension"].within.interval.high


def test_persons_with_four_clips_have_a_correlation_of_their_own():
    rows = made_rows(np.random.default_rng(6), persons=5, clips=4, planted=PLANTED)
    found, _ = relations(rows[:-1])
    assert sorted(found["tension"].of_persons) == ["p0", "p1", "p2", "p3"]


def test_a_rating_of_persons_is_compared_with_one_value_of_each():
    rows = made_rows(np.random.default_rng(7), persons=9, clips=3, planted=PLANTED)
    rated = [replace(row, ratings={"anxiety": float(row.person[1:])}) for row in rows]
    found, rating = relations(rated, "anxiety")
    assert rating.is_of_persons
    assert (found["tension"].clips, found["tension"].persons) == (9, 9)
    assert found["tension"].within is None
    assert found["tension"].of_persons == {}


def test_a_rating_of_persons_is_compared_with_the_change_from_their_rest():
    rows = []
    for person in range(10):
        at_rest = 100.0 * (person % 3)
        rows.append(ClipRow(f"p{person}", {}, {"tension": at_rest}, is_rest=True))
        for _ in range(2):
            rows.append(
                ClipRow(f"p{person}", {"anxiety": float(person)}, {"tension": at_rest + person})
            )
    found, _ = relations(rows, "anxiety", ("tension",))
    assert found["tension"].ranks.interval.value == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([ClipRow("a", {"calm": float(n)}, {"tension": float(n)}) for n in range(20)], TOO_FEW),
        ([ClipRow(f"p{n}", {"calm": n}, {"tension": n}) for n in range(7)], TOO_FEW),
        (
            [ClipRow(f"p{n % 6}", {"calm": n % 6}, {"tension": n}) for n in range(24)],
            TOO_FEW_PERSONS,
        ),
        ([ClipRow(f"p{n % 6}", {"calm": 3.0}, {"tension": n}) for n in range(24)], SAME_RATING),
        ([ClipRow(f"p{n % 6}", {"calm": n}, {"tension": 3.0}) for n in range(24)], SAME_VALUE),
        ([ClipRow(f"p{n % 6}", {"calm": n}, {}) for n in range(24)], TOO_FEW),
        ([], TOO_FEW),
    ],
    ids=["one person", "seven clips", "few persons", "rating", "measure", "unmeasured", "none"],
)
def test_where_nothing_can_be_said_there_is_a_reason_and_no_figure(rows, problem):
    found, rating = relations(rows, measures=("tension",))
    assert found["tension"].ranks is None
    assert found["tension"].adjusted_p is None
    assert found["tension"].problem == problem
    assert rating.trials == ()


def test_p_is_corrected_for_all_measures_and_ratings():
    rows = made_rows(np.random.default_rng(8), planted=PLANTED)
    doubled = [replace(row, ratings={**row.ratings, "other": row.ratings["calm"]}) for row in rows]
    (one,) = find_relations(rows, ["calm"], ["tension"])
    first, _ = find_relations(doubled, ["calm", "other"], ["tension"])
    assert one.relations[0].adjusted_p == one.relations[0].ranks.p
    assert first.relations[0].adjusted_p == pytest.approx(2 * one.relations[0].ranks.p)
