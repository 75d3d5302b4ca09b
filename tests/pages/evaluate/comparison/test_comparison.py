"""Comparing on the evaluation page: models here, published figures, the five systems' claims."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.domain.provenance import RecipeUsed
from core.evaluation.predictions.evaluation_store import folder_of
from core.settings import Settings
from pages.parts.shell.navigation import EVALUATE_MODEL
from tests.evaluations_on_disk import make_answers, put_evaluation, some_right
from tests.make import make_card
from tests.pages.visits import open_at, words_of
from tests.unit.evaluation.report.test_reporting import private_test

COUNT = 900


def put(settings: Settings, name: str, *, share: float = 0.7, **named: object) -> None:
    """A model evaluated on both tests."""
    right = some_right(COUNT, seed=1, share=share)
    answers = {"PublicTest": make_answers(right), "PrivateTest": make_answers(right)}
    card = replace(make_card(name), temperature=1.2, **named)
    put_evaluation(settings.models_dir, card, answers)


def open_compare(visitor: AppTest) -> AppTest:
    """Go to the comparison of the first model."""
    open_at(visitor, EVALUATE_MODEL)
    return visitor.segmented_control(key="evaluate-section").set_value("Compare").run()


def multiselect(visitor: AppTest):
    """What chooses the models."""
    (found,) = [one for one in visitor.multiselect if str(one.key).startswith("compare-models")]
    return found


def table(visitor: AppTest, column: str):
    """The table with this column."""
    return next(one.value for one in visitor.dataframe if column in one.value.columns)


def test_alone_a_model_says_what_is_missing(visitor: AppTest, installation: Settings) -> None:
    put(installation, "alone")
    open_compare(visitor)
    assert not visitor.exception
    assert "Nothing to compare with yet" in words_of(visitor)


def test_the_verdict_stands_first_and_the_tables_follow(
    visitor: AppTest, installation: Settings
) -> None:
    put(installation, "good", share=0.8)
    put(installation, "poor", share=0.5, mmac=10.0)
    open_compare(visitor)
    assert not visitor.exception
    assert "good is better: +" in words_of(visitor)
    pairs = table(visitor, "Pair")
    assert pairs["Verdict"].tolist() == ["good is better"]
    assert table(visitor, "Calibration error")["Model"].tolist() == ["good", "poor"]
    assert table(visitor, "Million MACs")["Million MACs"].tolist() == ["50", "10"]
    assert "Not timed yet: good, poor" in words_of(visitor)


def test_models_that_answer_alike_are_a_tie_and_the_lighter_is_advised(
    visitor: AppTest, installation: Settings
) -> None:
    for name, mmac in (("one", 50.0), ("two", 20.0), ("three", 40.0)):
        put(installation, name, mmac=mmac)
    open_compare(visitor)
    told = words_of(visitor)
    assert "A tie: no significant difference between one, three and two on 900 pictures" in told
    assert "Take two where speed or size counts" in told
    assert len(table(visitor, "Pair")) == 3
    assert any(str(one.key).startswith("compare-pair") for one in visitor.selectbox)


def test_a_split_that_chose_epochs_is_said_to_be_optimistic(
    visitor: AppTest, installation: Settings
) -> None:
    put(installation, "one")
    put(installation, "two", share=0.6)
    open_compare(visitor)
    visitor.segmented_control(key="compare-split").set_value("PublicTest").run()
    assert not visitor.exception
    assert "optimistic" in words_of(visitor)


def test_one_model_alone_is_asked_for_another(visitor: AppTest, installation: Settings) -> None:
    put(installation, "one")
    put(installation, "two")
    open_compare(visitor)
    multiselect(visitor).set_value(["one"]).run()
    assert "Choose two or more." in words_of(visitor)


def test_damaged_answers_are_told_with_advice(visitor: AppTest, installation: Settings) -> None:
    put(installation, "one")
    put(installation, "two")
    path = folder_of(installation.models_dir, "two", "fer2013-one") / "answers.npz"
    path.write_bytes(b"damaged")
    open_compare(visitor)
    assert not visitor.exception
    assert "missing or damaged" in words_of(visitor)


def test_a_model_judged_on_the_published_pictures_stands_among_them(
    visitor: AppTest, installation: Settings
) -> None:
    put_evaluation(installation.models_dir, make_card(), {"PrivateTest": private_test()})
    open_compare(visitor)
    visitor.pills(key="compare-part").set_value("Published models").run()
    assert not visitor.exception
    assert "small reaches 69.7 %" in words_of(visitor)
    lines = table(visitor, "Credibility")
    assert "small" in lines["Model"].tolist()
    marks = dict(zip(lines["Model"], lines["Credibility"], strict=True))
    assert marks["ResEmoteNet"] == "not credible"
    assert marks["small"] == "measured here"


def test_a_model_judged_on_others_has_no_place_among_published_figures(
    visitor: AppTest, installation: Settings
) -> None:
    put(installation, "other")
    open_compare(visitor)
    visitor.pills(key="compare-part").set_value("Published models").run()
    assert not visitor.exception
    assert "cannot be compared with these figures" in words_of(visitor)
    assert len(table(visitor, "Credibility")) == 10


@pytest.mark.parametrize("recipe", ["csv-1-two-blocks", "own"])
def test_claims_are_judged_by_the_models_here(
    visitor: AppTest, installation: Settings, recipe: str
) -> None:
    card = replace(make_card(), recipe=RecipeUsed(recipe, epochs=60, seed=7))
    answers = {"PrivateTest": make_answers(np.ones(30, dtype=bool))}
    put_evaluation(installation.models_dir, card, answers)
    open_compare(visitor)
    visitor.pills(key="compare-part").set_value("Five systems' claims").run()
    assert not visitor.exception
    told = words_of(visitor)
    assert "2 inconsistent" in told
    assert len(visitor.table) == 5
    why = [line for one in visitor.table for line in one.value["Why"]]
    assert any(line.startswith(f"{card.name} has it") for line in why) == (recipe != "own")
    assert any(line.startswith("The training in docs/recipes.md had it") for line in why)
