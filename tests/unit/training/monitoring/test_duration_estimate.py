"""How long a run takes, by its own pace or another's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.domain import BatchDone, EpochEnded
from core.training import RECIPES
from core.training.monitoring.duration_estimate import (
    comparable_pace,
    pace_of,
    remaining_s,
    total_s,
)

GROWS = replace(RECIPES["compact-residual"], sizes_px=((24, 0.5), (48, 0.5)))
STAYS = RECIPES["two-block"]


def epoch(number: int, *, of: int = 4, seconds: float = 10.0, pictures: int = 100) -> EpochEnded:
    """One that ended."""
    return EpochEnded(number, of, {"seconds": seconds, "pictures_per_s": pictures / seconds})


def test_a_run_of_one_size_continues_at_its_pace() -> None:
    assert remaining_s(STAYS, [epoch(1), epoch(2)], None) == pytest.approx(20.0)


def test_half_an_epoch_is_half_the_time() -> None:
    assert remaining_s(STAYS, [epoch(1), epoch(2)], BatchDone(3, 5, 10)) == pytest.approx(15.0)


def test_a_batch_of_an_epoch_that_ended_changes_nothing() -> None:
    assert remaining_s(STAYS, [epoch(1), epoch(2)], BatchDone(2, 5, 10)) == pytest.approx(20.0)


def test_larger_pictures_to_come_take_longer() -> None:
    # Two epochs of twice the side: four times ten seconds each.
    assert remaining_s(GROWS, [epoch(1), epoch(2)], None) == pytest.approx(80.0)


def test_nothing_is_left_when_the_last_epoch_ended() -> None:
    assert remaining_s(STAYS, [epoch(4)], BatchDone(4, 10, 10)) == 0.0


def test_there_is_no_estimate_before_an_epoch_ended_or_without_its_time() -> None:
    assert remaining_s(STAYS, [], BatchDone(1, 1, 10)) is None
    assert remaining_s(STAYS, [EpochEnded(1, 4, {})], None) is None


def test_another_runs_pace_tells_how_long_this_one_takes() -> None:
    pace = pace_of([epoch(1), epoch(2)], STAYS)
    assert pace == pytest.approx(100 * 48 * 48 / 10)
    assert pace is not None
    assert total_s(STAYS, epochs=6, pictures=200, pace=pace) == pytest.approx(6 * 20)
    assert total_s(GROWS, epochs=4, pictures=100, pace=pace) == pytest.approx(2 * 2.5 + 2 * 10)


def test_an_estimate_leaves_out_the_epoch_that_compiles() -> None:
    told = [epoch(1, seconds=600, pictures=6400), *(epoch(n, pictures=6400) for n in (2, 3))]
    pace = comparable_pace(told, STAYS, STAYS)
    assert pace is not None
    assert total_s(STAYS, epochs=4, pictures=6400, pace=pace) == pytest.approx(40.0)


def test_a_run_of_one_epoch_or_of_few_steps_tells_no_pace() -> None:
    assert comparable_pace([epoch(1, pictures=28_709)], STAYS, STAYS) is None
    assert comparable_pace([epoch(n, pictures=140) for n in (1, 2, 3)], STAYS, STAYS) is None


def test_a_run_of_another_network_or_other_batches_is_not_comparable() -> None:
    told = [epoch(n, pictures=6400) for n in (1, 2, 3)]
    assert comparable_pace(told, GROWS, STAYS) is None
    assert comparable_pace(told, STAYS.changed({"batch_size": 16}), STAYS) is None
