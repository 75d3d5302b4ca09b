"""Loads models for live use, recordings and pictures."""

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
    """A model ready for recognition; may be shared by all streams.

    Attributes:
        card: the model's card.
        recognizer: runs the model.
    """

    card: ModelCard
    recognizer: EmotionRecognizer


class ModelVersion(NamedTuple):
    """A registered model in its current state, as a cache key.

    Attributes:
        name: in the registry.
        version: changes with its card, its files, or the list of its formats.
    """

    name: str
    version: str


def model_version(models_dir: Path, name: str = "") -> ModelVersion:
    """The model that `load_model` would load now; its files are not read.

    Args:
        name: a name in the registry; empty takes the best model.
    Raises:
        UnknownModel: none of that name, or none at all.
    """
    card = _card(models_dir, name)
    written_ns = modified_ns(formats_folder(models_dir, card.name) / FORMATS_FILE)
    state = json.dumps([card.to_json(), written_ns], sort_keys=True)
    return ModelVersion(card.name, sha256(state.encode()).hexdigest())


def predictor_named(models_dir: Path, name: str = "") -> Predictor:
    """The model's predictor, all its files verified; see `load_model`."""
    return load_predictor(models_dir, _card(models_dir, name))


def load_model(models_dir: Path, name: str = "") -> LoadedModel:
    """Load a model, all its files verified.

    Args:
        name: a name in the registry; empty takes the best model.
    Raises:
        UnknownModel: none of that name, or none at all.
        DamagedModel: its files differ from its card.
    """
    return _loaded(predictor_named(models_dir, name))


def load_live_model(models_dir: Path, name: str = "") -> LoadedModel:
    """The same with the fastest of the model's published formats: for streams, where latency
    matters and a score may differ in its third digit.

    Args:
        name: a name in the registry; empty takes the best model.
    Raises:
        UnknownModel: none of that name, or none at all.
        DamagedModel: its own file differs from its card.
    """
    card = _card(models_dir, name)
    fastest = best_for_live(models_dir, card)
    try:
        return _loaded(open_predictor(fastest.path, card))
    except (DamagedModel, ImportError) as error:
        if fastest.format == LIVE_FORMAT:
            raise
        _log.warning("%s as %s cannot be used here: %s", card.name, fastest.format, error)
        return load_model(models_dir, card.name)


def _loaded(predictor: Predictor) -> LoadedModel:
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
