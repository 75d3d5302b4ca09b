"""Whether a model learned from the pictures that it is judged on: its card says so in fields."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.datasets.splits.split import OFFICIAL
from core.domain import Dataset, ModelCard, SplitProtocol, TrainingData
from core.evaluation.evaluator.inputs import EvaluationInputs
from core.evaluation.evaluator.plan import EvaluationPlan
from core.evaluation.predictions.class_alignment import ClassAlignment
from tests.make import make_card, make_dataset

OTHER_HASH = "ab" * 32


def inputs_of(dataset: Dataset, *cards: ModelCard) -> EvaluationInputs:
    """An evaluation of these models on a dataset under its own classes."""
    plan = EvaluationPlan(tuple(card.name for card in cards), dataset="d")
    return EvaluationInputs(
        plan, cards, dataset, ClassAlignment(dataset, dataset.scheme, {}, ()), ()
    )


def faces(name: str = "faces") -> Dataset:
    """Divided as FER2013 is."""
    made = make_dataset({"Training": [0] * 4, "PublicTest": [1] * 2, "PrivateTest": [2] * 2})
    return replace(made, name=name, protocol=OFFICIAL)


def learned(
    name: str,
    content_hash: str = OTHER_HASH,
    protocol: SplitProtocol = OFFICIAL,
    *,
    model: str = "small",
) -> ModelCard:
    """A model that learned from a dataset."""
    return replace(make_card(model), data=TrainingData(name, content_hash, 4, protocol))


def test_its_own_pictures_are_known_by_their_content_whatever_their_name() -> None:
    found = inputs_of(faces(), learned("another name", faces().content_hash))
    assert (found.is_own, found.training_split, found.validation_split) == (
        True,
        "Training",
        "PublicTest",
    )


def test_its_own_dataset_is_known_by_its_name_in_any_case() -> None:
    assert inputs_of(faces("Faces"), learned("faces")).is_own


@pytest.mark.parametrize("name", ["faces of friends", "faces Training", "my faces"])
def test_a_dataset_whose_name_begins_alike_is_another_one(name: str) -> None:
    found = inputs_of(faces(), learned(name))
    assert not found.is_own
    assert not found.has_other_split


@pytest.mark.parametrize(
    "protocol",
    [
        SplitProtocol("PrivateTest", "PublicTest", "Training"),
        SplitProtocol("Training", "PrivateTest", "PublicTest"),
        SplitProtocol("Training", "PublicTest", "PrivateTest of last year"),
    ],
)
def test_the_same_words_in_other_roles_are_another_division(protocol: SplitProtocol) -> None:
    found = inputs_of(faces(), learned("faces", protocol=protocol))
    assert found.has_other_split
    assert (found.training_split, found.validation_split) == ("", "")


def test_a_model_that_learned_elsewhere_does_not_hide_how_another_one_learned_here() -> None:
    otherwise = SplitProtocol("Training", "Validation", "Test")
    elsewhere = learned("others", protocol=otherwise, model="other")
    found = inputs_of(faces(), learned("faces"), elsewhere)
    assert (found.training_split, found.has_other_split) == ("Training", False)


def test_a_model_of_unknown_pictures_may_have_learned_with_any_division() -> None:
    unknown = replace(make_card("theirs"), data=None)
    found = inputs_of(faces(), learned("faces"), unknown)
    assert (found.training_split, found.has_other_split) == ("", True)
    assert not inputs_of(faces(), unknown).is_own
