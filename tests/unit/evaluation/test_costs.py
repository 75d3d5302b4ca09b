"""What a model costs, and which are beaten in both."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core.evaluation.costs import Cost, Timing, cost_of, known, not_dominated
from tests.make import make_card


def test_each_look_at_a_picture_is_counted(tmp_path: Path) -> None:
    (tmp_path / "small").mkdir()
    (tmp_path / "small" / "model.tflite").write_bytes(b"x" * 77)
    timing = Timing(1.5, "here")
    found = cost_of(tmp_path, make_card(), file="model.tflite", views="flip", timing=timing)
    assert found == Cost(1_000_000, 100.0, 77, looks=2, ms=3.0, measured="here")


def test_what_nobody_measured_is_not_made_up(tmp_path: Path) -> None:
    unknown = replace(make_card(), weights=0, mmac=0.0)
    found = cost_of(tmp_path, unknown, file="model.onnx", views="one")
    assert found == Cost(None, None, None)
    assert known({"a": found, "b": Cost(3, 2.0, None)}, ["a", "b"], "mmac") == {"b": 2.0}


@pytest.mark.parametrize(
    ("costs", "front"),
    [
        ({"a": 1.0, "b": 2.0, "c": 3.0}, ("a", "c")),
        ({"a": 1.0, "b": 1.0, "c": 1.0}, ("c",)),
        ({"b": 1.0}, ("b",)),
        ({}, ()),
    ],
)
def test_the_front_holds_whom_no_other_beats(
    costs: dict[str, float], front: tuple[str, ...]
) -> None:
    assert not_dominated({"a": 0.7, "b": 0.65, "c": 0.75}, costs) == front


def test_equals_stand_on_the_front_together() -> None:
    assert not_dominated({"a": 0.7, "b": 0.7}, {"a": 1.0, "b": 1.0}) == ("a", "b")
