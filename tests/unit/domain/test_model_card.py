from __future__ import annotations

import json
from dataclasses import replace

import pytest

from core.domain import (
    FER7,
    SCHEMES,
    Interpolation,
    LabelScheme,
    ModelCard,
    ModelInput,
    OutputKind,
    Scaling,
    TensorLayout,
)
from tests.make import make_card

OWN = LabelScheme("own-faces", ("alert", "bored"))


@pytest.mark.parametrize("scheme", [*SCHEMES.values(), OWN, LabelScheme("fer7", ("a", "b"))])
def test_a_card_survives_json_with_any_scheme(scheme):
    card = replace(make_card(files={"model.tflite": "ab" * 32}), scheme=scheme, reports=())
    back = ModelCard.from_json(json.loads(json.dumps(card.to_json())))
    assert back == card


def test_a_scheme_that_everybody_has_is_written_by_its_name_alone():
    assert make_card().to_json()["scheme"] == FER7.name
    assert replace(make_card(), scheme=OWN).to_json()["scheme"] == {
        "name": "own-faces",
        "labels": list(OWN.labels),
    }


@pytest.mark.parametrize(
    "scheme", ["nobody's", {}, {"name": "x"}, {"name": "x", "labels": ["a"]}, 5, None, []]
)
def test_a_scheme_that_is_none_is_no_card(scheme):
    with pytest.raises((KeyError, TypeError, ValueError)):
        ModelCard.from_json({**make_card().to_json(), "scheme": scheme})


def test_reports_are_found_by_split():
    card = make_card()
    assert card.report("PrivateTest") is card.reports[0]
    assert card.report("Nobody") is None


@pytest.mark.parametrize("change", [{"temperature": 0}, {"not_sure_below": 1.0}])
def test_figures_that_make_no_sense_are_refused(change):
    with pytest.raises(ValueError, match="must"):
        replace(make_card(), **change)


def test_a_card_of_a_model_from_elsewhere_survives_being_written_down():
    card = replace(
        make_card(),
        input=ModelInput(96, "box", 3, Scaling.IMAGENET, TensorLayout.NCHW),
        answers=OutputKind.PROBABILITIES,
        outputs=(0, 1, 2, 3, 5, 6, 4),
        served_by="model.onnx",
        origin="theirs.onnx",
    )
    read = ModelCard.from_json(json.loads(json.dumps(card.to_json())))
    assert read == card
    assert read.input.shape == (3, 96, 96)


def test_a_card_from_before_models_came_from_elsewhere_still_reads():
    told = make_card().to_json()
    told["input"] = {"size_px": 48, "crop": "fer2013"}
    for name in ("answers", "outputs", "served_by", "origin"):
        del told[name]
    assert ModelCard.from_json(told) == make_card()


def test_a_card_from_before_interpolation_was_written_enlarges_as_it_did():
    told = make_card().to_json()
    del told["input"]["interpolation"]
    assert ModelCard.from_json(told).input.interpolation is Interpolation.CUBIC


def test_a_card_keeps_how_smaller_faces_are_enlarged():
    card = replace(make_card(), input=ModelInput(64, interpolation=Interpolation.BILINEAR))
    assert ModelCard.from_json(json.loads(json.dumps(card.to_json()))) == card


@pytest.mark.parametrize(
    "wrong",
    [{"outputs": (0, 1)}, {"outputs": (0, 0, 1, 2, 3, 4, 5)}, {"answers": OutputKind.SHARE}],
)
def test_outputs_that_do_not_fit_the_labels_are_no_card(wrong):
    with pytest.raises(ValueError, match="small"):
        replace(make_card(), **wrong)


@pytest.mark.parametrize(
    "wrong", [{"size_px": 0}, {"channels": 2}, {"scaling": "loud"}, {"interpolation": "loud"}]
)
def test_an_input_that_cannot_be_prepared_is_refused(wrong):
    read = {**make_card().to_json(), "input": {"size_px": 48, **wrong}}
    with pytest.raises(ValueError, match=r"input.*(make no sense|channels|loud)"):
        ModelCard.from_json(read)
