"""Figures against plain Python that shares nothing with them."""

import math
import statistics
from collections import defaultdict

import numpy as np
import pytest
from scipy import stats

from core.classroom.board.class_figures import SETTLE_S, ClassFigures
from core.classroom.board.shown_here import ShownHere
from core.classroom.board.view import FACING, INDEX, PART_FIGURES, PRESENT, Withheld
from core.domain.classroom import SECOND_BY_SECOND, ClassSeconds, Shared
from core.measures import NOT_SURE

LABELS = ("happy", "sad", "neutral")
NOT_SURE_BELOW = 0.45
EVERYTHING = ShownHere(
    SECOND_BY_SECOND,
    {PRESENT: 1, FACING: 1, INDEX: 1, "mix": 1},
    frozenset(Shared),
    (*LABELS, NOT_SURE),
)
GROUPS = ShownHere(
    SECOND_BY_SECOND,
    {PRESENT: 5, FACING: 5, INDEX: 5, "mix": 5},
    frozenset(),
    (*LABELS, NOT_SURE),
)


def made_rows(*, seconds, learners, seed=1, missing=0.2):
    """Rows as browsers might send: holes, unusable seconds, unknown poses."""
    rng = np.random.default_rng(seed)
    pairs = [
        (second, learner)
        for second in range(seconds)
        for learner in range(1, learners + 1)
        if rng.random() >= missing
    ]
    n = len(pairs)
    usable = rng.choice([0.0, 0.5, 1.0], n, p=[0.1, 0.1, 0.8])
    present = np.maximum(usable, rng.choice([0.0, 1.0], n, p=[0.3, 0.7]))
    facing = np.where(present == 0, np.nan, rng.choice([0.0, 0.25, 1.0, np.nan], n))
    eyes_open = np.where(usable == 0, np.nan, rng.random(n))
    scores = rng.dirichlet([1.0, 1.0, 1.0], n)
    scores[usable == 0] = np.nan
    columns = [rng.uniform(0.7, 1.0, n), usable, present, facing, eyes_open]
    columns += [np.where(usable == 0, np.nan, rng.random(n)), scores]
    second, learner = np.array(pairs, dtype=np.int64).T
    return ClassSeconds(second, learner, *(one.astype(np.float32) for one in columns))


def plain_windows(rows):
    """Window -> learner -> name -> value, None where it is not known; by loops alone."""
    sums = defaultdict(lambda: defaultdict(float))
    for at in range(len(rows)):
        cell = sums[int(rows.second[at]) // 10, int(rows.learner[at])]
        measured = float(rows.measured[at])
        usable, present = measured * float(rows.usable[at]), measured * float(rows.present[at])
        cell["measured"] += measured
        cell["usable"] += usable
        cell["present"] += present
        for name, weight in (("facing", present), ("eyes_open", usable), ("expression", usable)):
            share = float(getattr(rows, name)[at])
            if not math.isnan(share):
                cell[f"{name} known"] += weight
                cell[name] += weight * share
        if not math.isnan(float(rows.scores[at][0])):
            cell["scores known"] += usable
            for label, score in zip(LABELS, rows.scores[at], strict=True):
                cell[label] += usable * float(score)
    found = defaultdict(dict)
    for (window, learner), cell in sums.items():
        found[window][learner] = plain_learner(cell)
    return found


def plain_learner(cell):
    measured, usable = cell["measured"] >= 6, cell["measured"] >= 6 and cell["usable"] >= 6
    one = {"measured": measured, "usable": usable}
    one["present"] = cell["present"] / cell["measured"] if measured else None
    for name in ("facing", "eyes_open", "expression"):
        known = cell[f"{name} known"]
        one[name] = cell[name] / known if usable and known >= 6 else None
    parts = [one[name] for name in ("present", "facing", "eyes_open", "expression")]
    weights = (0.30, 0.35, 0.20, 0.15)
    one["index"] = (
        None
        if not usable or None in parts
        else 100 * sum(weight * part for weight, part in zip(weights, parts, strict=True))
    )
    one["label"] = None
    if usable and cell["scores known"] >= 6:
        top = max(LABELS, key=lambda label: cell[label])
        sure = cell[top] / cell["scores known"] >= NOT_SURE_BELOW
        one["label"] = top if sure else NOT_SURE
    return one


def plain_wilson(hits, of):
    low, high = stats.binomtest(hits, of).proportion_ci(0.95, method="wilson")
    return hits / of, low, high


def plain_mean(values, scale):
    mean = statistics.fmean(values)
    if len(values) == 1:
        return mean, 0.0, scale
    half = stats.t.ppf(0.975, len(values) - 1) * statistics.stdev(values) / math.sqrt(len(values))
    low, high = mean - half, mean + half
    return mean, max(low, 0.0), min(high, scale)


def same(figure, expected):
    assert (figure.value, figure.low, figure.high) == pytest.approx(expected, rel=1e-5, abs=1e-5)


@pytest.fixture(scope="module")
def rows():
    return made_rows(seconds=200, learners=12)


@pytest.fixture(scope="module")
def whole(rows):
    found = ClassFigures(EVERYTHING, not_sure_below=NOT_SURE_BELOW)
    found.add(rows)
    found.advance(200, is_over=True)
    return found


@pytest.mark.parametrize("name", [PRESENT, FACING])
def test_shares_of_learners_are_those_of_plain_loops(rows, whole, name):
    figures, _ = whole.series()
    for window, learners in plain_windows(rows).items():
        shares = [
            one[name]
            for one in learners.values()
            if one[name] is not None and (name == PRESENT or one["usable"])
        ]
        figure = figures[name].at(window)
        assert figure.n == len(shares)
        if shares:
            same(figure, plain_wilson(sum(one >= 0.5 for one in shares), len(shares)))
        else:
            assert figure.withheld is Withheld.NOT_MEASURED


def test_the_index_and_its_parts_are_means_over_learners_with_all_parts(rows, whole):
    figures, _ = whole.series()
    compared = 0
    for window, learners in plain_windows(rows).items():
        whole_ones = [one for one in learners.values() if one["index"] is not None]
        for part, name in (("index", INDEX), *PART_FIGURES.items()):
            figure = figures[name].at(window)
            assert figure.n == len(whole_ones)
            if whole_ones:
                scale = 100.0 if part == "index" else 1.0
                same(figure, plain_mean([one[part] for one in whole_ones], scale))
                compared += 1
    assert compared > 20


def test_the_mix_are_shares_of_the_labels_shown(rows, whole):
    _, mix = whole.series()
    for window, learners in plain_windows(rows).items():
        labels = [one["label"] for one in learners.values() if one["label"] is not None]
        for name, series in mix.items():
            if labels:
                same(series.at(window), plain_wilson(labels.count(name), len(labels)))
        assert sum(series.at(window).value for series in mix.values()) == pytest.approx(1)


def test_counts_are_of_learners_with_sixty_percent(rows, whole):
    measured, usable = whole.counts()
    for window, learners in plain_windows(rows).items():
        assert measured[window] == sum(one["measured"] for one in learners.values())
        assert usable[window] == sum(one["usable"] for one in learners.values())


def series_of(figures):
    found, mix = figures.series()
    return {
        name: (one.n.tolist(), one.value.tolist(), one.low.tolist(), one.withheld)
        for name, one in (found | mix).items()
    }


def taken(rows, keep):
    return ClassSeconds(*(getattr(rows, name)[keep] for name in vars(rows)))


def test_second_by_second_gives_what_the_whole_lesson_gives(rows, whole):
    found = ClassFigures(EVERYTHING, not_sure_below=NOT_SURE_BELOW)
    for second in range(200):
        found.add(taken(rows, rows.second == second))
        found.advance(second + 1, is_over=False)
    found.advance(200, is_over=True)
    for name, expected in series_of(whole).items():
        for one, other in zip(series_of(found)[name], expected, strict=True):
            if one and isinstance(one[0], float):
                assert one == pytest.approx(other, rel=1e-5, abs=1e-5, nan_ok=True)
            else:
                assert one == other


def test_a_second_that_comes_twice_counts_once(rows, whole):
    found = ClassFigures(EVERYTHING, not_sure_below=NOT_SURE_BELOW)
    found.add(rows)
    changed = taken(rows, slice(None))
    changed.present[:] = 0.0
    found.add(changed)
    found.advance(200, is_over=True)
    assert str(series_of(found)) == str(series_of(whole))


def test_of_a_second_that_comes_twice_at_once_the_first_counts():
    first = steady(range(1, 7), seconds=10)
    other = steady(range(1, 7), seconds=10, present=0.0, usable=0.0)
    both = ClassSeconds(
        *(np.concatenate([getattr(first, name), getattr(other, name)]) for name in vars(first))
    )
    found = ClassFigures(GROUPS, not_sure_below=0.0)
    found.add(both)
    found.advance(10, is_over=True)
    assert found.series()[0][PRESENT].at(0).value == 1.0


def steady(learners, *, seconds, start=0, present=1.0, usable=1.0):
    """Everybody measured, usable, present, half facing."""
    pairs = [(second, one) for second in range(start, start + seconds) for one in learners]
    second, learner = np.array(pairs, dtype=np.int64).T
    n = len(pairs)
    shares = [np.full(n, one, np.float32) for one in (1.0, usable, present, 1.0, 0.9, 0.2)]
    return ClassSeconds(second, learner, *shares, np.tile(np.float32([0.7, 0.2, 0.1]), (n, 1)))


def test_a_window_is_complete_three_seconds_after_its_end():
    found = ClassFigures(GROUPS, not_sure_below=0.0)
    found.add(steady(range(1, 7), seconds=30))
    found.advance(9 + SETTLE_S, is_over=False)
    assert found.windows == 0
    found.advance(10 + SETTLE_S, is_over=False)
    assert found.windows == 1


def test_what_nobody_shared_is_not_measured_and_not_away():
    found = ClassFigures(GROUPS, not_sure_below=0.0)
    found.advance(60, is_over=True)
    present = found.series()[0][PRESENT]
    assert present.withheld == (Withheld.NOT_MEASURED,) * 6
    assert np.isnan(present.value).all()
    assert found.now(60)[0][PRESENT].withheld is Withheld.NOT_MEASURED


def test_who_withdraws_is_out_of_every_window_and_out_of_now():
    found = ClassFigures(GROUPS, not_sure_below=0.0)
    found.add(steady(range(1, 8), seconds=60))
    found.advance(60, is_over=True)
    found.now(60)
    found.drop({3})
    found.advance(60, is_over=True)
    present = found.series()[0][PRESENT]
    assert present.withheld == (Withheld.ONE_LEFT,) * 6
    assert present.n.tolist() == [6] * 6
    assert found.now(60)[0][PRESENT].withheld is Withheld.ONE_LEFT
    found.drop({4})
    found.advance(60, is_over=True)
    assert found.series()[0][PRESENT].n.tolist() == [5] * 6
    assert found.series()[0][PRESENT].withheld == (None,) * 6
    found.drop({5})
    found.advance(60, is_over=True)
    assert found.series()[0][PRESENT].withheld == (Withheld.TOO_FEW,) * 6


def test_rows_that_come_late_change_no_group_that_was_shown():
    found = ClassFigures(GROUPS, not_sure_below=0.0)
    found.add(steady(range(1, 6), seconds=60))
    found.advance(63, is_over=False)
    found.add(steady([6], seconds=60, present=0.0, usable=0.0))
    found.advance(64, is_over=False)
    present = found.series()[0][PRESENT]
    assert present.n.tolist() == [5] * 6
    assert present.value.tolist() == [1.0] * 6


def test_now_is_of_the_last_ten_seconds():
    found = ClassFigures(EVERYTHING, not_sure_below=0.0)
    found.add(steady(range(1, 7), seconds=15))
    found.add(steady(range(1, 4), seconds=10, start=15, present=0.0, usable=0.0))
    for at_s, n, value in ((15, 6, 1.0), (25, 3, 0.0)):
        found.advance(at_s, is_over=False)
        present = found.now(at_s)[0][PRESENT]
        assert (present.n, present.value) == (n, value)


def test_what_is_not_shared_has_no_figure():
    found = ClassFigures(
        ShownHere((Shared.PRESENT,), {PRESENT: 5}, frozenset(), ()), not_sure_below=0.0
    )
    found.add(steady(range(1, 7), seconds=20))
    found.advance(20, is_over=True)
    figures, mix = found.series()
    assert (list(figures), mix) == ([PRESENT], {})
    assert figures[PRESENT].value.tolist() == [1.0, 1.0]


def test_the_index_of_stored_seconds_has_its_parts_also_where_facing_is_not_shared():
    found = ClassFigures(
        ShownHere((Shared.PRESENT, Shared.ENGAGEMENT), {PRESENT: 1, INDEX: 1}, frozenset(), ()),
        not_sure_below=0.0,
    )
    found.add(steady([1], seconds=10))
    found.advance(10, is_over=True)
    figures, _ = found.series()
    assert list(figures) == [PRESENT, INDEX, *PART_FIGURES.values()]
    assert figures[INDEX].at(0).value == pytest.approx(100 * (0.3 + 0.35 + 0.2 * 0.9 + 0.15 * 0.2))
