from __future__ import annotations

import json
from dataclasses import replace

import pytest

from core.vocabulary import FER7, SCHEMES, LabelScheme, ModelCard
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
        "labels": OWN.labels,
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
