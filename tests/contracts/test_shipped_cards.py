"""The cards of the shipped models are as the program writes them, and their facts are fields."""

from __future__ import annotations

import json

import pytest

from core.datasets.splits.split import OFFICIAL
from core.domain import ModelCard
from core.models import CARD_FILE, CARD_TEXT_FILE, list_cards, verify
from core.models.registry import card_page
from core.settings import PROJECT_DIR
from core.training.recipes import RECIPES

MODELS_DIR = PROJECT_DIR / "models"
CARDS = list_cards(MODELS_DIR)


def named(card: ModelCard) -> str:
    return card.name


@pytest.mark.parametrize("card", CARDS, ids=named)
def test_it_lies_there_as_the_program_writes_it(card: ModelCard) -> None:
    folder = MODELS_DIR / card.name
    written = json.loads((folder / CARD_FILE).read_text(encoding="utf-8"))
    assert written == json.loads(json.dumps(card.to_json()))
    page = (folder / CARD_TEXT_FILE).read_text(encoding="utf-8")
    assert page == card_page(folder, card)
    verify(MODELS_DIR, card)


@pytest.mark.parametrize("card", CARDS, ids=named)
def test_it_says_in_fields_what_made_the_model(card: ModelCard) -> None:
    assert card.data is not None
    assert card.recipe is not None
    assert card.data.protocol == OFFICIAL
    assert card.recipe.name in RECIPES
    assert not card.recipe.changes_as_told


def test_both_learned_from_the_same_pictures_under_two_names() -> None:
    assert len({card.data.content_hash for card in CARDS if card.data is not None}) == 1
    assert {card.data.dataset for card in CARDS if card.data is not None} == {"FER2013", "fer2013"}
