"""Everything a watcher needs, put together: model, files, analyser."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.assets import DETECTOR, LANDMARKER, path_of
from core.errors import UnknownModel
from core.library import LITERT_FILE, list_cards, load_card, verified_file
from core.perception import FaceAnalyser, LiteRtRecognizer, build_analyser
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
    recognizer: LiteRtRecognizer


def load_judge(models_dir: Path, name: str = "") -> Judge:
    """Load a model for watching, all its files checked.

    Args:
        name: a name on the shelf; empty takes the best one there.
    Raises:
        UnknownModel: none of that name, or none at all.
        DamagedModel: its files are not what its card says.
    """
    if not name:
        cards = [card for card in list_cards(models_dir) if LITERT_FILE in card.files]
        if not cards:
            raise UnknownModel(
                f"There is no model in {models_dir.name}/.",
                advice="Restore the shipped one, or train one: python -m core train --help.",
            )
        card = cards[0]
    else:
        card = load_card(models_dir, name)
    return Judge(card, LiteRtRecognizer(verified_file(models_dir, card, LITERT_FILE), card))


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
