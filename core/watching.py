"""Everything a watcher needs, put together: model, files, analyser."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.assets import DETECTOR, LANDMARKER, path_of
from core.errors import UnknownModel
from core.library import list_cards, load_card, verified_file
from core.perception import EmotionRecognizer, FaceAnalyser, ModelRecognizer, build_analyser
from core.settings import Settings
from core.vocabulary import ModelCard


@dataclass(frozen=True)
class Judge:
    """A model ready to judge faces; may be shared by all streams.

    Attributes:
        card: what it is.
        recognizer: the model itself.
    """

    card: ModelCard
    recognizer: EmotionRecognizer


def load_judge(models_dir: Path, name: str = "") -> Judge:
    """Load a model for watching, all its files checked.

    Args:
        name: a name on the shelf; empty takes the best one there.
    Raises:
        UnknownModel: none of that name, or none at all.
        DamagedModel: its files are not what its card says.
    """
    if not name:
        cards = [card for card in list_cards(models_dir) if card.served_by in card.files]
        if not cards:
            raise UnknownModel(
                f"There is no model in {models_dir.name}/.",
                advice="Restore the shipped one, or train one: python -m core train --help.",
            )
        card = cards[0]
    else:
        card = load_card(models_dir, name)
    return Judge(card, ModelRecognizer(verified_file(models_dir, card, card.served_by), card))


def open_analyser(settings: Settings, judge: Judge) -> FaceAnalyser:
    """An analyser for one stream.

    Raises:
        AssetError: set-up is not complete.
    """
    return build_analyser(
        path_of(settings.assets_dir, LANDMARKER),
        path_of(settings.assets_dir, DETECTOR),
        judge.recognizer,
    )
