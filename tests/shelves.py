"""Shelves with models that answer, and models broken on purpose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from core.models import CARD_FILE, KERAS_FILE, LITERT_FILE, load_card, save
from core.settings import PROJECT_DIR

SHIPPED = PROJECT_DIR / "models"


def put_model(models_dir: Path, name: str) -> Path:
    """A copy of the shipped model under another name; its folder is the answer."""
    card = load_card(SHIPPED, "compact-2")
    files = {file: SHIPPED / card.name / file for file in (KERAS_FILE, LITERT_FILE)}
    save(models_dir, replace(card, name=name), files)
    return models_dir / name


def _truncate(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


BREAKS: dict[str, tuple[Callable[[Path], object], str]] = {
    "truncated live file": (lambda folder: _truncate(folder / LITERT_FILE), "model.tflite is not"),
    "truncated Keras file": (lambda folder: _truncate(folder / KERAS_FILE), "model.keras is not"),
    "card that is no JSON": (
        lambda folder: (folder / CARD_FILE).write_text("{broken"),
        "cannot be read",
    ),
    "card of another kind": (lambda folder: (folder / CARD_FILE).write_text("[]"), "cannot be"),
    "missing file": (lambda folder: (folder / LITERT_FILE).unlink(), "lacks its file model.tflite"),
    "missing card": (lambda folder: (folder / CARD_FILE).unlink(), "card.json is missing"),
}
"""How a model can be broken -> what breaks a good one's folder, words of what is said then."""
