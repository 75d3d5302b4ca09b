"""Everything a watcher needs, put together: model, files, analyser."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from core.domain import ModelCard
from core.domain.errors import DamagedModel, UnknownModel
from core.models import (
    FORMATS_FILE,
    LIVE_FORMAT,
    Predictor,
    best_for_live,
    formats_folder,
    list_cards,
    load_card,
    load_predictor,
    open_predictor,
)
from core.storage.atomic import modified_ns
from core.vision.contracts import EmotionRecognizer
from core.vision.recognition.recognizer import ModelRecognizer

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class LoadedModel:
    """A model ready to judge faces; may be shared by all streams.

    Attributes:
        card: what it is.
        recognizer: the model itself.
    """

    card: ModelCard
    recognizer: EmotionRecognizer


class UsedModel(NamedTuple):
    """A model as it is on the shelf at one moment.

    Attributes:
        name: on the shelf.
        version: differs as soon as its card does, one of its files, or the list of its formats.
    """

    name: str
    version: str


def used_model(models_dir: Path, name: str = "") -> UsedModel:
    """The model that `load_model` would load now; no file of it is looked at.

    Args:
        name: a name on the shelf; empty takes the best one there.
    Raises:
        UnknownModel: none of that name, or none at all.
    """
    card = _card(models_dir, name)
    written_ns = modified_ns(formats_folder(models_dir, card.name) / FORMATS_FILE)
    told = json.dumps([card.to_json(), written_ns], sort_keys=True)
    return UsedModel(card.name, sha256(told.encode()).hexdigest())


def predictor_named(models_dir: Path, name: str = "") -> Predictor:
    """The model alone, all its files checked; see `load_model`."""
    return load_predictor(models_dir, _card(models_dir, name))


def load_model(models_dir: Path, name: str = "") -> LoadedModel:
    """Load a model for watching, all its files checked.

    Args:
        name: a name on the shelf; empty takes the best one there.
    Raises:
        UnknownModel: none of that name, or none at all.
        DamagedModel: its files are not what its card says.
    """
    return _judge(predictor_named(models_dir, name))


def load_live_model(models_dir: Path, name: str = "") -> LoadedModel:
    """The same through the quickest of the model's files that was found to answer alike: for
    streams, where every millisecond counts and a score may differ in its third digit.

    Args:
        name: a name on the shelf; empty takes the best one there.
    Raises:
        UnknownModel: none of that name, or none at all.
        DamagedModel: its own file is not what its card says.
    """
    card = _card(models_dir, name)
    quickest = best_for_live(models_dir, card)
    try:
        return _judge(open_predictor(quickest.path, card))
    except (DamagedModel, ImportError) as error:
        if quickest.format == LIVE_FORMAT:
            raise
        _log.warning("%s as %s cannot be used here: %s", card.name, quickest.format, error)
        return load_model(models_dir, card.name)


def _judge(predictor: Predictor) -> LoadedModel:
    return LoadedModel(predictor.card, ModelRecognizer(predictor))


def _card(models_dir: Path, name: str) -> ModelCard:
    if not name:
        cards = [card for card in list_cards(models_dir) if card.served_by in card.files]
        if not cards:
            raise UnknownModel(
                f"There is no model in {models_dir.name}/.",
                advice="Restore the shipped one, or train one: python -m core train --help.",
            )
        return cards[0]
    return load_card(models_dir, name)
