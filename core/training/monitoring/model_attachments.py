"""Files added to a saved model: a drift reference, and out-of-fold predictions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from core.datasets import DatasetSource, open_dataset
from core.domain import Dataset, ModelCard
from core.domain.errors import LabelSchemeMismatch
from core.drift import MODEL_FILE, name_of, reference_of_pictures
from core.models import attach, attach_out_of_fold, load_card, read_table
from core.settings import Settings
from core.vision.recognition import predict_dataset, predictor_named


def attach_reference(settings: Settings, model: str, data: Path, *, now: datetime) -> ModelCard:
    """Compute a drift reference from a model's validation split, and save it with the model.

    Args:
        model: name of a saved model.
        data: the dataset it was trained on.
        now: aware, UTC.
    Raises:
        LabelSchemeMismatch: the dataset has other classes.
        MienError: the model or the dataset cannot be opened.
    """
    predictor = predictor_named(settings.models_dir, model)
    dataset = open_dataset(DatasetSource(str(data)), settings.datasets_cache_dir)
    if dataset.scheme != predictor.card.scheme:
        raise LabelSchemeMismatch(
            f"{dataset.name} has other classes than {model}.",
            advice="Give the dataset that the model was trained on.",
        )
    split = dataset.required_protocol.validation
    validation = _only(dataset, split)
    scores = predict_dataset(validation, predictor, settings, lambda _done, _total: None).scores
    reference = reference_of_pictures(
        validation.pictures,
        np.asarray(scores, dtype=np.float64),
        dataset.scheme,
        name=name_of(model),
        source=f"{split} of {dataset.name}, which the model was not trained on.",
        made_at=now,
    )
    with TemporaryDirectory() as folder:
        path = Path(folder) / MODEL_FILE
        path.write_text(json.dumps(reference.to_json(), indent=1, allow_nan=False), "utf-8")
        return attach(settings.models_dir, predictor.card, {MODEL_FILE: path})


def attach_folds(settings: Settings, model: str, tables: Sequence[Path]) -> ModelCard:
    """Save the out-of-fold predictions of all folds with the model trained on all pictures.

    Args:
        model: name of a saved model.
        tables: the results of one run for each fold.
    Raises:
        ModelError: no such model, a damaged table, or a fold given twice.
    """
    card = load_card(settings.models_dir, model)
    return attach_out_of_fold(settings.models_dir, card, [read_table(path) for path in tables])


def _only(dataset: Dataset, split: str) -> Dataset:
    part = {split: dataset[split]}
    return Dataset.from_splits(
        dataset.name, dataset.scheme, part, None, content_hash=dataset.content_hash
    )
