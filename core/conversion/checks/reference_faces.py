"""Chooses the faces for comparing converted models, and for calibrating quantization."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.conversion.plan import ConvertPlan
from core.datasets.catalogue import entries, open_entry
from core.datasets.labels import apply_corrections, apply_map, load_corrections, map_named, maps_for
from core.datasets.readers import draw_face
from core.domain import FER7, UNLABELLED, Dataset, LabelScheme, ModelCard
from core.domain.counted import counted
from core.domain.errors import EmptySplit, LabelSchemeMismatch, MienError
from core.settings import Settings

SYNTHETIC_PER_CLASS = 100
"""Synthetic faces of each expression: one label of 700 is 0.14 %, finer than any tolerance."""

MAX_SAMPLES = 500
"""Training pictures for calibrating quantization; more did not change the ranges."""


@dataclass(frozen=True, eq=False)
class ReferenceFaces:
    """Pictures to compare a model's formats on.

    Attributes:
        description: which they are, in a sentence.
        pixels: uint8, shape `(n, side, side)`, grey.
        labels: int64, shape `(n,)`; None where they have no human labels.
        samples: uint8, shape `(m, side, side)`, for calibrating quantization; no test pictures.
        samples_description: which those are.
    """

    description: str
    pixels: NDArray[np.uint8]
    labels: NDArray[np.int64] | None
    samples: NDArray[np.uint8]
    samples_description: str


def faces_for(plan: ConvertPlan, card: ModelCard, settings: Settings) -> ReferenceFaces:
    """The test split of the requested dataset, or of the model's training dataset if it is in the
    catalogue; synthetic faces otherwise.

    Raises:
        DatasetError: the requested dataset cannot be read, or has no labelled test pictures.
        LabelSchemeMismatch: its classes are not the model's, and no mapping leads to them.
    """
    if plan.dataset:
        return _split_of(_requested_dataset(plan, card, settings), plan)
    training_dataset = training_dataset_of(card, settings)
    return synthetic_faces(plan) if training_dataset is None else _split_of(training_dataset, plan)


def training_dataset_of(card: ModelCard, settings: Settings) -> Dataset | None:
    """The dataset of the catalogue that a model was trained on; None if it is not there.

    A card identifies its dataset by the hash of its labelled pictures and by its split: with
    another split the test pictures may be among the training pictures.
    """
    if card.data is None:
        return None
    for one in entries(settings.datasets_dir):
        try:
            dataset = open_entry(settings.datasets_dir, one.name, settings.datasets_cache_dir)
            for variant in _variants(dataset, one.name, card.scheme, settings):
                if (variant.content_hash, variant.protocol) == (
                    card.data.content_hash,
                    card.data.protocol,
                ):
                    return variant
        except (MienError, OSError):  # another entry may still match
            continue
    return None


def synthetic_faces(plan: ConvertPlan) -> ReferenceFaces:
    """Synthetic faces, for use without a dataset.

    They show how far the predictions of two files agree, and nothing about their accuracy.
    """
    rng = np.random.default_rng(plan.seed)
    labels = FER7.labels * SYNTHETIC_PER_CLASS
    pixels = np.stack([draw_face(label, rng) for label in labels[: plan.pictures or None]])
    samples = np.stack([draw_face(FER7.labels[at % len(FER7)], rng) for at in range(MAX_SAMPLES)])
    return ReferenceFaces(
        description=f"{counted(len(pixels), 'synthetic face')}, as the training dataset of the "
        "model is not available here: accuracy was not compared.",
        pixels=pixels,
        labels=None,
        samples=samples,
        samples_description=counted(len(samples), "synthetic face"),
    )


def _requested_dataset(plan: ConvertPlan, card: ModelCard, settings: Settings) -> Dataset:
    dataset = open_entry(settings.datasets_dir, plan.dataset, settings.datasets_cache_dir)
    if plan.classes:
        chosen = map_named(settings.schemes_dir, dataset.scheme, plan.classes)
        dataset = apply_map(dataset, chosen)
    elif dataset.scheme.labels != card.scheme.labels:
        dataset = next(_mapped(dataset, card.scheme, settings), dataset)
    if dataset.scheme.labels != card.scheme.labels:
        raise LabelSchemeMismatch(
            f"The classes of {plan.dataset} are {', '.join(dataset.scheme.labels)}; those of "
            f"{card.name} are {', '.join(card.scheme.labels)}.",
            advice="Choose another dataset, or map its classes to the model's.",
        )
    return dataset


def _variants(
    dataset: Dataset, name: str, scheme: LabelScheme, settings: Settings
) -> Iterator[Dataset]:
    """What a model may have been trained on: the dataset without, or with its corrections."""
    corrections = load_corrections(settings.datasets_dir / name)
    corrected = [apply_corrections(dataset, corrections)] if corrections.key else []
    for one in (dataset, *corrected):
        if one.scheme.labels == scheme.labels:
            yield one
        else:
            yield from _mapped(one, scheme, settings)


def _mapped(dataset: Dataset, scheme: LabelScheme, settings: Settings) -> Iterator[Dataset]:
    """The dataset through each class mapping to these labels."""
    for found in maps_for(settings.schemes_dir, dataset.scheme).values():
        if found.target.labels == scheme.labels:
            yield apply_map(dataset, found)


def _split_of(dataset: Dataset, plan: ConvertPlan) -> ReferenceFaces:
    test, train = dataset.required_protocol.test, dataset.required_protocol.train
    pictures = dataset[test]
    pictures = pictures.take(
        _sample(np.flatnonzero(pictures.labels != UNLABELLED), plan.pictures, plan)
    )
    if not len(pictures):
        raise EmptySplit(
            f"{test} of {dataset.name} holds no labelled picture.",
            advice="Choose a dataset with a labelled test split, or none.",
        )
    samples = dataset[train]
    samples = samples.take(_sample(np.arange(len(samples)), MAX_SAMPLES, plan))
    return ReferenceFaces(
        description=f"{counted(len(pictures), 'picture')} of {test} of {dataset.name}.",
        pixels=np.asarray(pictures.pixels),
        labels=pictures.labels,
        samples=np.asarray(samples.pixels),
        samples_description=f"{counted(len(samples), 'picture')} of {train} of {dataset.name}",
    )


def _sample(positions: NDArray[np.int64], limit: int, plan: ConvertPlan) -> NDArray[np.int64]:
    """A random sample of at most `limit` positions, in their order; 0 takes all."""
    if limit in {0, len(positions)} or limit > len(positions):
        return positions
    chosen = np.random.default_rng(plan.seed).permutation(len(positions))[:limit]
    return positions[np.sort(chosen)]
