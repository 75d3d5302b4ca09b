from __future__ import annotations

import pytest

from core.conversion.importing.plan import ImportPlan
from core.domain import FER7
from core.domain.errors import PlanError


@pytest.mark.parametrize(
    "wrong",
    [
        {"path": "weights.pt"},
        {"name": "../elsewhere"},
        {"name": ".hidden"},
        {"name": "a b"},
        {"name": "x" * 61},
        {"size_px": -1},
        {"size_px": 4096},
        {"size_px": True},
        {"scaling": "loud"},
        {"colour_order": "grb"},
        {"answers": "yes"},
        {"crop": "haar"},
        {"surprise": 1},
    ],
)
def test_an_invalid_plan_is_refused_with_advice(wrong):
    with pytest.raises(PlanError) as refused:
        ImportPlan.from_json({"path": "m.onnx", "labels": FER7.labels, **wrong})
    assert refused.value.advice


def test_a_plan_comes_back_from_json():
    plan = ImportPlan("m.onnx", FER7.labels, name="theirs", leave_out=("sad",), scaling="bytes")
    assert ImportPlan.from_json(plan.to_json()) == plan


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/tmp/my model (1).h5", "my-model-1"),
        ("/tmp/модель.onnx", "imported"),
        ("/tmp/..keras.onnx", "keras"),
        ("/tmp/" + "x" * 90 + ".onnx", "x" * 60),
    ],
)
def test_a_name_is_derived_from_the_file_s(path, name):
    assert ImportPlan(path, FER7.labels).model_name == name


@pytest.mark.parametrize(
    ("path", "way"),
    [
        ("weights.pt", "torch.onnx.export"),
        ("model.PTH", "torch.onnx.export"),
        ("model.safetensors", "torch.onnx.export"),
        ("saved_model.pb", "from_saved_model"),
        ("model.bin", ".onnx"),
    ],
)
def test_an_unsupported_file_is_refused_with_advice_how_to_convert_it(path, way):
    with pytest.raises(PlanError) as refused:
        ImportPlan(path, FER7.labels)
    assert way in refused.value.advice
