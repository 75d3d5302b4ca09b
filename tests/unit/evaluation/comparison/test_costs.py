"""What a model costs, and which are beaten in both."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core.domain import ModelCard
from core.evaluation.comparison.costs import Cost, cost_of, known_costs, pareto_front, total_cost
from core.models.converted_formats import ConvertedFormat, Latency, Speed, formats_as_bytes
from tests.make import make_card


def on_shelf(models_dir: Path, *, live_sha256: str = "aa") -> ModelCard:
    """A model with its file, converted once: 1.5 ms for one picture."""
    card = make_card(files={"model.tflite": "aa", "model.keras": "bb"})
    (models_dir / card.name / "formats").mkdir(parents=True)
    (models_dir / card.name / "model.tflite").write_bytes(b"x" * 77)
    speed = Speed(20.0, Latency(1.5, 1.9), Latency(30.0, 33.0), "a processor", 0.1)
    row = ConvertedFormat(
        name="live",
        runtime="litert",
        requires=(),
        file="model.tflite",
        sha256=live_sha256,
        size_bytes=77,
        parity=None,
        speed=speed,
        refusal="",
        faces="",
        made_at="2026-11-21T12:00:00+00:00",
        source_sha256="bb",
    )
    (models_dir / card.name / "formats" / "formats.json").write_bytes(formats_as_bytes([row]))
    return card


def test_each_look_at_a_picture_is_counted(tmp_path: Path) -> None:
    found = cost_of(tmp_path, on_shelf(tmp_path), views="flip")
    measured = "one picture at a time, a processor"
    assert found == Cost(1_000_000, 100.0, 77, looks=2, ms=3.0, measured=measured)


def test_the_time_of_another_file_is_not_taken(tmp_path: Path) -> None:
    found = cost_of(tmp_path, on_shelf(tmp_path, live_sha256="cc"), views="one")
    assert (found.ms, found.measured) == (None, "")


def test_unmeasured_costs_stay_unknown(tmp_path: Path) -> None:
    unknown = replace(make_card(), weights=0, mmac=0.0)
    found = cost_of(tmp_path, unknown, views="one")
    assert found == Cost(None, None, None)
    assert known_costs({"a": found, "b": Cost(3, 2.0, None)}, ["a", "b"], "mmac") == {"b": 2.0}


def test_models_that_answer_as_one_cost_what_all_of_them_cost() -> None:
    one = Cost(10, 2.0, 100, ms=1.0, measured="here")
    assert total_cost([one, one]) == Cost(20, 4.0, 200, ms=2.0, measured="here")
    assert total_cost([one, Cost(10, None, 100)]) == Cost(20, None, 200)


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
    assert pareto_front({"a": 0.7, "b": 0.65, "c": 0.75}, costs) == front


def test_equals_stand_on_the_front_together() -> None:
    assert pareto_front({"a": 0.7, "b": 0.7}, {"a": 1.0, "b": 1.0}) == ("a", "b")
