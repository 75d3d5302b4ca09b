"""Cards as earlier code wrote them, in sentences, are read into fields; what cannot be is said."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any

import pytest

from core.datasets.splits.split import OFFICIAL, USUAL
from core.domain import Calibration, ClassScores, ModelCard, RecipeUsed, TrainingData
from core.domain.old_card import DATA_AS_TEXT, upgraded
from core.domain.provenance import NOT_KNOWN, UNCALIBRATED, changes_text
from core.training import recipe_named
from core.training.recipes.overrides import changes_of
from tests.make import make_card, make_report

HASH = "07bac13b66fd8d7337c5df3d88a2475658c81710d2d3cd9645896b91987d8675"
FER2013 = (
    'FER2013 Training, 28,709 pictures; epoch, temperature and "not sure" threshold chosen on '
    f"PublicTest; PrivateTest read once; content sha256 {HASH}"
)
RECIPE = "compact-residual (60 epochs, seed 7)"
NEW_FIELDS = ("data", "data_as_told", "calibration", "input_notes")


def old(**changed: Any) -> dict[str, Any]:
    """A card in plain values, as code wrote it before facts were fields."""
    told = {key: one for key, one in make_card().to_json().items() if key not in NEW_FIELDS}
    return {**told, "recipe": RECIPE, "dataset": FER2013, "changes": "", **changed}


def test_training_data_are_parsed_from_the_sentence() -> None:
    card = ModelCard.from_json(old())
    assert card.data == TrainingData("FER2013", HASH, 28_709, OFFICIAL)
    assert card.trained_on == FER2013.replace("PrivateTest read once", "tested once on PrivateTest")
    assert card.recipe == RecipeUsed("compact-residual", 60, 7)
    assert card.recipe_as_run == RECIPE
    assert DATA_AS_TEXT not in card.all_limits


def test_the_names_that_splits_had_on_earlier_cards_are_read() -> None:
    stored = make_card().to_json()
    stored["data"]["protocol"] = {
        "learns": "Training",
        "chooses": "PublicTest",
        "judges": "PrivateTest",
    }
    assert ModelCard.from_json(stored) == make_card()


def test_the_shipped_cards_were_read_as_they_were_written() -> None:
    changes = (
        "label smoothing 0, dropout 0.1, teachers compact-1 and wide-11, teaching 0.7, "
        "teachers see changed"
    )
    told = old(
        recipe="compact-residual (120 epochs, seed 21)",
        dataset=FER2013.replace("FER2013", "fer2013"),
        changes=changes,
    )
    card = ModelCard.from_json(told)
    fields = {
        "label_smoothing": 0,
        "dropout": 0.1,
        "teachers": ["compact-1", "wide-11"],
        "teaching": 0.7,
        "teachers_see": "changed",
    }
    assert card.recipe == RecipeUsed("compact-residual", 120, 21, fields)
    assert card.recipe_as_run == f"compact-residual (120 epochs, seed 21), changed: {changes}"
    assert card.data == TrainingData("fer2013", HASH, 28_709, OFFICIAL)


def test_the_earliest_cards_which_knew_no_changes_and_no_origin_are_read() -> None:
    told = old(input={"size_px": 48, "crop": "fer2013"})
    for name in ("changes", "answers", "outputs", "served_by", "origin"):
        del told[name]
    assert ModelCard.from_json(told).data == TrainingData("FER2013", HASH, 28_709, OFFICIAL)


@pytest.mark.parametrize("count", ["1 pictures", "1 picture"])
def test_one_picture_was_written_in_two_ways(count: str) -> None:
    told = (
        f'my "own" Training, faces Training, {count}; epoch, temperature and "not sure" threshold '
        f"chosen on Validation; Test read once; content sha256 {HASH}"
    )
    data = ModelCard.from_json(old(dataset=told)).data
    assert data == TrainingData('my "own" Training, faces', HASH, 1, USUAL)


def test_an_upgraded_card_is_written_in_fields_and_read_back_as_it_is() -> None:
    card = ModelCard.from_json(old(changes="teachers a and b, flip 0"))
    written = json.loads(json.dumps(card.to_json()))
    assert ModelCard.from_json(written) == card
    assert upgraded(written) is written
    assert "dataset" not in written
    assert written["data"]["content_hash"] == HASH


@pytest.mark.parametrize(
    "told",
    [
        "fer2013",
        "made pictures",
        f"FER2013, content sha256 {HASH}",
        f"{FER2013}; and then something",
        FER2013.replace(HASH, "07bac"),
        FER2013.replace("PrivateTest", "PublicTest"),
    ],
)
def test_a_sentence_that_cannot_be_parsed_is_kept_as_text_with_a_limit(told: str) -> None:
    card = ModelCard.from_json(old(dataset=told))
    assert card.data is None
    assert card.trained_on == told
    assert card.limits == (*make_card().limits, DATA_AS_TEXT)
    assert ModelCard.from_json(json.loads(json.dumps(card.to_json()))) == card


@pytest.mark.parametrize(
    "options",
    [
        {"teachers": ["compact-1", "wide-11"], "teaching": 0.7, "teachers_see": "changed"},
        {"teachers": ["one"], "teaching_temperature": 2.0, "learning_rate": 1e-05},
        {"begins_with": "compact-1", "dropout": 0.1, "label_smoothing": 0.05},
        {"augmentation": {"erasing": 0.0, "rotation_deg": 4.0}, "votes": 0.5},
        {"optimiser": "sgd", "schedule": "constant", "batch_size": 32},
        {},
    ],
)
def test_changes_in_text_become_fields(options: dict[str, Any]) -> None:
    changes = changes_of(recipe_named("compact-residual"), options)
    told = changes_text(changes)
    card = ModelCard.from_json(old(changes=told))
    assert card.recipe == RecipeUsed("compact-residual", 60, 7, changes)
    assert card.changes_text == told


def test_picture_sizes_are_kept_as_text() -> None:
    card = ModelCard.from_json(old(changes="sizes px 32 then 48, flip 0"))
    assert card.recipe is not None
    assert card.recipe.changes == {"sizes_px": "32 then 48", "augmentation": {"flip": 0}}
    assert card.changes_text == "sizes px 32 then 48, flip 0"


@pytest.mark.parametrize("told", ["a new thing 5", "flip much", "teachers a, b", "dropout"])
def test_changes_that_cannot_be_parsed_are_kept_as_text(told: str) -> None:
    card = ModelCard.from_json(old(changes=told))
    assert card.recipe == RecipeUsed("compact-residual", 60, 7, changes_as_told=told)
    assert card.recipe is not None
    assert card.recipe.is_changed
    assert card.recipe_as_run == f"{RECIPE}, changed: {told}"


def test_a_recipe_without_epochs_keeps_its_name() -> None:
    assert ModelCard.from_json(old(recipe="two-block")).recipe == RecipeUsed("two-block")


def imported(*limits: str) -> ModelCard:
    """A card of a model from elsewhere, as it was written."""
    told = ["Imported: it was trained elsewhere.", *limits]
    return ModelCard.from_json(
        old(recipe="trained elsewhere", dataset=NOT_KNOWN, origin="theirs.onnx", limits=told)
    )


def test_of_an_imported_model_nothing_is_known_and_nothing_is_made_up() -> None:
    card = imported("It is not calibrated: its scores are as it gives them.")
    assert (card.data, card.data_as_told, card.recipe, card.calibration) == (None, "", None, None)
    assert card.trained_on == NOT_KNOWN
    assert card.limits == ("Imported: it was trained elsewhere.",)
    assert card.all_limits == (*card.limits, UNCALIBRATED)


def test_how_an_imported_model_was_calibrated_and_is_read_becomes_fields() -> None:
    notes = (
        "Scaling measured as bytes: 70.0 % of 300 pictures of Validation of Faces are named.",
        "Interpolation taken as bilinear, the usual where models are trained.",
        "Colours guessed as BGR.",
        "Pictures are prepared as a person chose: scaling unit, crop box.",
    )
    calibrated = (
        "Calibrated here on PublicTest of Kaggle of 2013, 3,589 pictures: temperature 1.250."
    )
    card = imported(*notes, calibrated, "It agrees.")
    assert card.input_notes == notes
    assert card.calibration == Calibration("Kaggle of 2013", "PublicTest", 3589)
    assert card.limits == ("Imported: it was trained elsewhere.", "It agrees.")


@pytest.mark.parametrize(
    "told",
    [
        "Few pictures, so wide intervals: disgust (55).",
        "Few pictures, so wide intervals: disgust (55), very tired (7).",
        "Disgust has few pictures: its figures are uncertain.",
    ],
)
def test_few_pictures_follow_from_the_reports_and_appear_once(told: str) -> None:
    few = replace(make_report(), per_class=(ClassScores("disgust", 0.5, 0.5, 0.5, 55),))
    card = replace(make_card(), reports=(few,))
    old_card = ModelCard.from_json({**card.to_json(), "limits": [*card.limits, told]})
    assert old_card == card
    assert sum("ew pictures" in one for one in old_card.all_limits) == 1


def test_limits_of_a_model_that_was_trained_here_stay_whatever_their_text() -> None:
    limits = ["Scaling guessed as a matter of taste."]
    assert ModelCard.from_json(old(limits=limits)).limits == tuple(limits)


@pytest.mark.parametrize(
    "wrong",
    [
        {"dataset": ""},
        {"content_hash": "5e"},
        {"content_hash": "X" * 64},
        {"pictures": -1},
        {"protocol": {"train": "a", "validation": "a", "test": "b"}},
    ],
)
def test_training_data_that_make_no_sense_are_no_card(wrong: dict[str, Any]) -> None:
    told = asdict(TrainingData("Faces", HASH, 9, OFFICIAL))
    with pytest.raises((ValueError, TypeError)):
        ModelCard.from_json({**make_card().to_json(), "data": {**told, **wrong}})


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"epochs": 0}, {"changes": {"flip": 0}, "changes_as_told": "flip 0"}],
)
def test_a_recipe_that_makes_no_sense_is_no_card(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"recipe|epoch|twice"):
        ModelCard.from_json({**make_card().to_json(), "recipe": {"name": "a", **wrong}})


def test_training_data_are_given_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        ModelCard.from_json({**make_card().to_json(), "data_as_told": "some faces"})


def test_changes_that_are_no_sizes_are_told_as_they_are() -> None:
    assert changes_text({"sizes_px": [[32, 0.5], [48, 0.5]]}) == "sizes px 32 then 48"
    assert changes_text({"teachers": [[]], "classes": [[1]]}) == "teachers [], classes [1]"


def test_a_percent_sign_of_a_limit_has_a_space_before_it() -> None:
    limits = ["It agrees on 99.39% of them, in 100 % of cases.", "50%"]
    card = ModelCard.from_json({**make_card().to_json(), "limits": limits})
    assert card.limits == ("It agrees on 99.39 % of them, in 100 % of cases.", "50 %")
