"""A model's formats in sentences."""

from __future__ import annotations

from dataclasses import replace

from core.conversion import measured_on
from tests.convertible import MACHINE, make_row, make_speed


def _row(load_average, machine=MACHINE):
    return make_row(speed=replace(make_speed(machine=machine), load_average=load_average))


def test_every_machine_is_named_with_how_busy_it_was():
    rows = [_row(6.64), _row(1.74), _row(0.5, "Another"), make_row(speed=None)]
    assert measured_on(rows) == [
        f"Measured with one thread on {MACHINE}; load average 1.7 to 6.6.",
        "Measured with one thread on Another; load average 0.5.",
    ]


def test_without_a_load_average_none_is_told():
    assert measured_on([_row(-1.0)]) == [f"Measured with one thread on {MACHINE}."]
    assert measured_on([make_row(speed=None)]) == []
