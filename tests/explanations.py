"""Fake models whose salient region is known, and their explanations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.datasets import DatasetSource
from core.datasets.catalogue.catalogue import add
from core.datasets.summary.face_regions import MOUTH, PictureRegion
from core.domain import FER7, Dataset, Interval, ModelInput
from core.domain.dataset import picture_digests
from core.evaluation.explain.embedding import EMBEDDING_FILE, EmbeddingPart, write_embedding
from core.evaluation.explain.saliency import SALIENCY_FILE, MapChecks, SaliencyPart, write_saliency
from core.evaluation.predictions.evaluation import Evaluation
from core.evaluation.predictions.predictions import SplitPredictions
from core.evaluation.scorecard.errors import EvaluatedPictures
from core.models import Predictor
from core.settings import Settings
from tests.datasets_on_disk import make_pictures, write_csv
from tests.evaluations_on_disk import put_evaluation
from tests.make import make_card

PICTURES = 42


class LooksAt:
    """An engine that calls a face happy the brighter one region is, and sees nothing else."""

    def __init__(
        self, region: PictureRegion = MOUTH, *, size_px: int = 48, classes: int = 7
    ) -> None:
        self._inside = region.mask(size_px)
        self._classes = classes

    def predict(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        answers = np.zeros((len(batch), self._classes), dtype=np.float32)
        answers[:, 3] = 5 * batch[:, self._inside, 0].mean(axis=1)
        return answers


def looks_at(
    region: PictureRegion = MOUTH, *, size_px: int = 48, temperature: float = 1.0
) -> Predictor:
    """That engine as a model of seven classes."""
    card = replace(make_card(), input=ModelInput(size_px), temperature=temperature)
    return Predictor(LooksAt(region, size_px=size_px), card)


def make_evaluated(
    labels: list[int], predicted: list[int], confidence: list[float] | None = None
) -> EvaluatedPictures:
    """Pictures with predictions; the rest of each score goes to the next class."""
    sure = np.full(len(labels), 0.8) if confidence is None else np.array(confidence)
    scores = np.zeros((len(labels), 7))
    every = np.arange(len(labels))
    scores[every, predicted] = sure
    scores[every, (np.array(predicted, dtype=np.int64) + 1) % 7] = 1 - sure
    digests = np.arange(len(labels), dtype=np.uint64) + np.uint64(100)
    return EvaluatedPictures(digests, np.array(labels, dtype=np.int64), scores, FER7.labels)


def make_maps(count: int, *, places: int = 6, seed: int = 0) -> NDArray[np.float32]:
    """Maps of chance, the largest value of each 1."""
    maps = np.random.default_rng(seed).random((count, places, places), dtype=np.float32)
    return maps / maps.max(axis=(1, 2), keepdims=True)


def make_part(judged: EvaluatedPictures, *, split: str = "PrivateTest") -> SaliencyPart:
    """Every picture with maps of its own."""
    k, maps = len(judged.classes), make_maps(len(judged))
    means = make_maps(k, seed=1).astype(np.float16)
    counts = np.full(k, 5, dtype=np.int64)
    return SaliencyPart(
        split=split,
        method="Grad-CAM++",
        classes=judged.classes,
        right=means,
        wrong=means[::-1].copy(),
        right_counts=counts,
        wrong_counts=counts,
        digests=judged.digests,
        maps=maps.astype(np.float16),
        truth_maps=maps[::-1].astype(np.float16),
        checks=MapChecks(40, 0.3, 0.1, Interval(0.8, 0.65, 0.9), 0.2),
    )


def make_plane(judged: EvaluatedPictures, *, split: str = "PrivateTest") -> EmbeddingPart:
    """Every picture at a random position of the projections."""
    places = np.random.default_rng(2).uniform(-1, 1, (len(judged), 2)).astype(np.float16)
    return EmbeddingPart(
        split=split,
        source="what its last layer reads of each picture",
        perplexity=30.0,
        digests=judged.digests,
        labels=judged.labels.astype(np.int16),
        predicted=judged.predicted.astype(np.int16),
        tsne=places,
        pca=places,
        explained=np.array([0.4, 0.2], dtype=np.float32),
    )


def put_faces(settings: Settings, folder: Path, name: str = "faces") -> Dataset:
    """A small FER2013 in the catalogue."""
    source = DatasetSource(str(write_csv(folder / "fer2013.csv", make_pictures())))
    return add(settings.datasets_dir, name, source, settings.datasets_cache_dir)


def answers_about(dataset: Dataset, split: str, *, wrong_every: int = 3) -> SplitPredictions:
    """Predictions on a split: each so-many-th picture is misclassified as the next class."""
    pictures = dataset[split]
    predicted = pictures.labels.copy()
    predicted[::wrong_every] = (predicted[::wrong_every] + 1) % 7
    logits = np.eye(7, dtype=np.float32)[predicted] * np.float32(4)
    return SplitPredictions(
        picture_digests(pictures.pixels), pictures.labels.astype(np.int64), logits, FER7.labels
    )


def put_evaluated(
    settings: Settings,
    answers: SplitPredictions,
    *,
    parts: Mapping[str, bytes] | None = None,
    dataset: str = "faces",
    split: str = "PrivateTest",
) -> Evaluation:
    """Store a model without files, and its evaluation on a split."""
    card = replace(make_card("quick"), not_sure_below=0.3)
    given = dict(parts or {})
    evaluation = put_evaluation(settings.models_dir, card, {split: answers}, parts=given)
    return replace(evaluation, dataset=dataset)


def explained_parts(judged: EvaluatedPictures, *, split: str = "Training") -> dict[str, bytes]:
    """Both parts that explaining leaves."""
    return {
        SALIENCY_FILE: write_saliency(make_part(judged, split=split)),
        EMBEDDING_FILE: write_embedding(make_plane(judged, split=split)),
    }
