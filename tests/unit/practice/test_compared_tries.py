"""Tries side by side: intervals, verdicts, and when nothing can be compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from core.practice import (
    ANSWER_MEASURES,
    BY_NAME,
    MeasuredAnswer,
    add_example,
    answered,
    attempts_of,
    compared_tries,
    daily_means,
    earlier_answers,
    history_of,
    measured_answer,
    on_one_basis,
)
from core.practice.answers import AnswerFigures, AnswerSeries
from core.sessions import SessionStore

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SessionStore]:
    with SessionStore.open(f"sqlite:///{tmp_path / 'm.db'}") as opened:
        yield opened


@pytest.fixture
def tries(store: SessionStore) -> tuple[MeasuredAnswer, ...]:
    """Two tries of 44 s at one question."""
    made = add_example(store, "Ana", now=NOW, rng=np.random.default_rng(1))
    return tuple(measured_answer(store, one) for one in attempts_of(store, made.id)[:2])


def _rng() -> np.random.Generator:
    return np.random.default_rng(9)


def _with_facing(answer: MeasuredAnswer, share: float) -> MeasuredAnswer:
    seconds = len(answer.series.facing)
    facing = (np.arange(seconds) % 10 < share * 10).astype(float)
    return replace(answer, series=replace(answer.series, facing=facing))


def _of(compared: tuple, name: str):  # type: ignore[no-untyped-def, type-arg]
    return next(one for one in compared if one.measure.name == name)


def test_every_measure_reads_a_field_that_there_is(tries: tuple[MeasuredAnswer, ...]) -> None:
    for one in ANSWER_MEASURES:
        value = one.value(tries[0])
        assert value is None or isinstance(value, float), one.name
        assert one.limits
        assert not one.series or one.per_second(tries[0]) is not None
        assert one.written(value)
    assert {one.series for one in ANSWER_MEASURES} - {""} <= set(AnswerSeries.__annotations__)
    own = {one.name for one in ANSWER_MEASURES} & set(AnswerFigures.__annotations__)
    assert {"facing_share", "tension", "nods", "expressiveness_percentile"} <= own


def test_a_clear_change_has_a_direction_and_an_equal_share_is_a_tie(
    tries: tuple[MeasuredAnswer, ...],
) -> None:
    rare, often = (_with_facing(tries[0], share) for share in (0.1, 0.9))
    rise = _of(compared_tries([rare, often], _rng()), "facing_share").difference
    assert rise is not None
    assert not rise.is_tie
    assert rise.change.low > 0
    same = _of(compared_tries([often, often], _rng()), "facing_share").difference
    assert same is not None
    assert same.is_tie


def test_an_own_view_has_values_and_no_interval(tries: tuple[MeasuredAnswer, ...]) -> None:
    calm = _of(compared_tries(tries, _rng()), "calm")
    assert [one.value for one in calm.tries] == [4.0, 6.0]
    assert [one.interval for one in calm.tries] == [None, None]
    assert calm.difference is None


def test_what_no_try_has_is_left_out(tries: tuple[MeasuredAnswer, ...]) -> None:
    names = {one.measure.name for one in compared_tries(tries, _rng())}
    assert "speaking_share" not in names
    assert "facing_share" in names


def test_a_calibrated_try_is_not_compared_with_one_that_is_not(
    tries: tuple[MeasuredAnswer, ...],
) -> None:
    other = {**tries[1].figures.basis, "tension": "not calibrated"}
    last = replace(tries[1], figures=replace(tries[1].figures, basis=other))
    tension = _of(compared_tries([tries[0], last], _rng()), "tension")
    assert not tension.same_basis
    assert tension.difference is None


def test_a_try_that_is_not_readable_is_not_compared(tries: tuple[MeasuredAnswer, ...]) -> None:
    dark = replace(tries[1], figures=replace(tries[1].figures, usable_share=0.3))
    facing = _of(compared_tries([tries[0], dark], _rng()), "facing_share")
    assert facing.tries[1].value is None
    assert facing.difference is None
    assert BY_NAME["usable_share"].value(dark) == 0.3


def test_a_series_keeps_to_the_calibration_of_its_last_answer(
    tries: tuple[MeasuredAnswer, ...],
) -> None:
    tension = BY_NAME["tension"]
    other = {**tries[0].figures.basis, "tension": "not calibrated"}
    first = replace(tries[0], figures=replace(tries[0].figures, basis=other))
    dark = replace(tries[1], figures=replace(tries[1].figures, usable_share=0.2, basis=other))
    assert on_one_basis(tension, [first, tries[1], dark]) == (tries[1],)
    assert on_one_basis(tension, [tries[1], first]) == (first,)
    assert on_one_basis(BY_NAME["calm"], [first, tries[1]]) == (first, tries[1])
    assert on_one_basis(tension, [dark]) == ()


def test_nobody_is_compared_with_an_example(store: SessionStore) -> None:
    add_example(store, "Ana", now=NOW, rng=np.random.default_rng(1))
    history = history_of(store, "Ana")
    assert len(history) == 1
    assert answered(history) == ()
    assert earlier_answers(history, history[0].attempts[2]) == ()


def test_a_day_is_one_of_the_person_s_time_zone() -> None:
    from zoneinfo import ZoneInfo

    late = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    points = [(late, 1.0), (late + timedelta(hours=1), 0.0), (NOW, 0.5)]
    utc = daily_means(points, UTC)
    assert [(one.day.day, one.mean, one.answers) for one in utc] == [(21, 0.75, 2), (22, 0.0, 1)]
    tokyo = daily_means(points, ZoneInfo("Asia/Tokyo"))
    assert [(one.day.day, one.answers) for one in tokyo] == [(21, 1), (22, 2)]
