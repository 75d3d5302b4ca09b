from __future__ import annotations

import pytest

from core.conversion import FORMATS, ConvertPlan, format_named
from core.domain.errors import PlanError


def test_a_plan_comes_back_from_plain_values():
    plan = ConvertPlan("small", formats=("onnx", "keras"), dataset="faces", pictures=500, threads=2)
    assert ConvertPlan.from_json(plan.to_json()) == plan


def test_formats_are_converted_once_in_the_order_of_formats():
    plan = ConvertPlan("small", formats=("onnx", "keras", "onnx"))
    assert [one.name for one in plan.chosen] == ["keras", "onnx"]
    assert len(ConvertPlan("small").chosen) == len(FORMATS)


@pytest.mark.parametrize(
    "what",
    [
        {"model": ""},
        {"formats": ("pickle",)},
        {"pictures": -1},
        {"pictures": 1.5},
        {"threads": 0},
        {"seed": True},
    ],
)
def test_an_invalid_plan_is_refused_with_advice(what):
    with pytest.raises(PlanError) as caught:
        ConvertPlan(**{"model": "small", **what})
    assert caught.value.advice


def test_a_changed_plan_file_is_refused():
    with pytest.raises(PlanError, match="not a conversion plan"):
        ConvertPlan.from_json({"model": "small", "speed": 3})


def test_an_unknown_format_is_refused_with_the_known_ones():
    with pytest.raises(PlanError) as caught:
        format_named("caffe")
    assert "litert-float16" in caught.value.advice


def test_files_of_two_formats_never_have_one_name():
    assert len({one.suffix for one in FORMATS.values()}) == len(FORMATS)
    assert all(name == one.name for name, one in FORMATS.items())
