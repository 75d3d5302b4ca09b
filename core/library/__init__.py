"""Saved models and their cards: save, list, load, verify."""

from core.library.card_text import card_as_markdown
from core.library.shelf import (
    CARD_FILE,
    CARD_TEXT_FILE,
    KERAS_FILE,
    LITERT_FILE,
    digest,
    list_cards,
    load_card,
    save,
    verified_file,
    verify,
)

__all__ = [
    "CARD_FILE",
    "CARD_TEXT_FILE",
    "KERAS_FILE",
    "LITERT_FILE",
    "card_as_markdown",
    "digest",
    "list_cards",
    "load_card",
    "save",
    "verified_file",
    "verify",
]
