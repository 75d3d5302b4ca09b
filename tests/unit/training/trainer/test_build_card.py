from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import numpy as np
import pytest

from core.domain import (
    EXPRESSIVENESS3,
    FER7,
    Dataset,
    PictureSet,
    RecipeUsed,
    SplitProtocol,
    TrainingData,
)
from core.models.card_page import card_as_markdown
from core.training.plan import TrainingPlan
from core.training.trainer.build_card import build_card


def _dataset(scheme, protocol, per_class):
    labels = np.repeat(np.arange(len(scheme)), per_class)
    pictures = PictureSet(np.zeros((len(labels), 8, 8), np.uint8), labels)
    splits = {name: pictures for name in (protocol.train, protocol.validation, protocol.test)}
    return Dataset.from_splits("made", scheme, splits, protocol, content_hash="ab" * 32)


@pytest.fixture
def describe(tmp_path):
    plan = TrainingPlan("two-block", data=str(tmp_path))
    context = SimpleNamespace(folder=tmp_path, clock=lambda: datetime(2026, 1, 1, tzinfo=UTC))

    def card(dataset, plan=plan):
        asked = (dataset.required_protocol.validation, dataset.required_protocol.test)
        rng = np.random.default_rng(1)
        logits = {
            name: rng.normal(size=(len(dataset[name]), len(dataset.scheme))) for name in asked
        }
        done = SimpleNamespace(logits=logits, weights=1, mmac=1.0, parity="It agrees.")
        return build_card(plan, dataset, done, context)

    return card


def test_the_card_of_a_fer2013_model_states_the_limits_of_fer2013(describe):
    official = SplitProtocol("Training", "PublicTest", "PrivateTest")
    limits = " ".join(describe(_dataset(FER7, official, 20)).all_limits)
    assert "FER2013 was collected from the web" in limits
    assert "angry (20), disgust (20)" in limits


def test_a_card_lists_the_changes_of_its_recipe(describe, tmp_path):
    own = SplitProtocol("Training", "Held out", "Own test")
    dataset = _dataset(EXPRESSIVENESS3, own, 150)
    options = {"teachers": ["one", "other"], "teaching": 0.7}
    card = describe(dataset, TrainingPlan("two-block", data=str(tmp_path), options=options))
    assert card.recipe == RecipeUsed("two-block", 12, 7, options)
    told = "two-block (12 epochs, seed 7), changed: teachers one and other, teaching 0.7"
    assert card.recipe_as_run == told
    assert told in card_as_markdown(card)
    assert describe(dataset).recipe == RecipeUsed("two-block", 12, 7)


def test_a_card_has_fields_for_its_training_data(describe):
    own = SplitProtocol("Training", "Held out", "Own test")
    assert describe(_dataset(FER7, own, 20)).data == TrainingData("made", "ab" * 32, 140, own)


def test_the_card_of_another_dataset_does_not_mention_fer2013(describe):
    own = SplitProtocol("Training", "Held out", "Own test")
    card = describe(_dataset(EXPRESSIVENESS3, own, 150))
    limits = " ".join(card.all_limits)
    assert "FER2013" not in limits
    assert "Few pictures" not in limits
    assert [report.split for report in card.reports] == ["Held out", "Own test"]


def test_classes_with_few_test_pictures_are_named(describe):
    own = SplitProtocol("Training", "Held out", "Own test")
    dataset = _dataset(EXPRESSIVENESS3, own, 150)
    few = dataset["Own test"].take(np.arange(150, 450))
    splits = {**dataset.splits, "Own test": replace(few, labels=few.labels)}
    made = Dataset.from_splits("made", EXPRESSIVENESS3, splits, own, content_hash="ab" * 32)
    card = describe(made)
    assert card.few_pictures == {"reserved": 0}
    assert "wide intervals: reserved (0)." in " ".join(card.all_limits)
    assert "wide intervals" not in " ".join(card.limits)
