"""Which faces a converted model is compared on, and which ones measure its ranges."""

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
from core.storage.settings import Settings

DRAWN_A_CLASS = 100
"""Drawn faces of each expression: one label of 700 is 0.14 %, finer than any tolerance."""

SAMPLES = 500
"""Learning pictures that ranges are measured on; more did not move them."""


@dataclass(frozen=True, eq=False)
class Faces:
    """Pictures to compare on.

    Attributes:
        words: which they are, in a sentence.
        pixels: uint8, shape `(n, side, side)`, grey.
        labels: int64, shape `(n,)`; None where no person named what they show.
        samples: uint8, shape `(m, side, side)`, that ranges are measured on; no test pictures.
        samples_words: which those are.
    """

    words: str
    pixels: NDArray[np.uint8]
    labels: NDArray[np.int64] | None
    samples: NDArray[np.uint8]
    samples_words: str


def faces_for(plan: ConvertPlan, card: ModelCard, settings: Settings) -> Faces:
    """The judging split of the dataset asked for, or of the one the model learned from if it is
    here; synthetic faces otherwise.

    Raises:
        DatasetError: the dataset asked for cannot be read, or nothing in it can judge.
        LabelSchemeMismatch: its classes are not the model's, and no mapping leads to them.
    """
    if plan.dataset:
        return _split_of(_asked(plan, card, settings), plan)
    home = home_of(card, settings)
    return drawn_faces(plan) if home is None else _split_of(home, plan)


def home_of(card: ModelCard, settings: Settings) -> Dataset | None:
    """The dataset of the catalogue that a model learned from, as it saw it; None if none is here.

    A card names its dataset by the hash of its labelled pictures. Divided otherwise it is another
    one: what judges there may have been learned.
    """
    if card.data is None:
        return None
    for one in entries(settings.datasets_dir):
        try:
            dataset = open_entry(settings.datasets_dir, one.name, settings.datasets_cache_dir)
            for look in _looks(dataset, one.name, card.scheme, settings):
                if (look.content_hash, look.protocol) == (
                    card.data.content_hash,
                    card.data.protocol,
                ):
                    return look
        except (MienError, OSError):  # another one may still be it
            continue
    return None


def drawn_faces(plan: ConvertPlan) -> Faces:
    """Faces drawn by code, for where no dataset is here.

    They show how alike two files answer, and nothing about how right they are.
    """
    rng = np.random.default_rng(plan.seed)
    labels = FER7.labels * DRAWN_A_CLASS
    pixels = np.stack([draw_face(label, rng) for label in labels[: plan.pictures or None]])
    samples = np.stack([draw_face(FER7.labels[at % len(FER7)], rng) for at in range(SAMPLES)])
    return Faces(
        words=f"{counted(len(pixels), 'synthetic face')}, as the training dataset of the model "
        "is not available here: accuracy was not compared.",
        pixels=pixels,
        labels=None,
        samples=samples,
        samples_words=counted(len(samples), "synthetic face"),
    )


def _asked(plan: ConvertPlan, card: ModelCard, settings: Settings) -> Dataset:
    dataset = open_entry(settings.datasets_dir, plan.dataset, settings.datasets_cache_dir)
    if plan.classes:
        chosen = map_named(settings.schemes_dir, dataset.scheme, plan.classes)
        dataset = apply_map(dataset, chosen)
    elif dataset.scheme.labels != card.scheme.labels:
        dataset = next(_mapped(dataset, card.scheme, settings), dataset)
    if dataset.scheme.labels != card.scheme.labels:
        raise LabelSchemeMismatch(
            f"{plan.dataset} names {', '.join(dataset.scheme.labels)}; {card.name} answers "
            f"{', '.join(card.scheme.labels)}.",
            advice="Choose another dataset, or map its classes to the model's.",
        )
    return dataset


def _looks(
    dataset: Dataset, name: str, scheme: LabelScheme, settings: Settings
) -> Iterator[Dataset]:
    """A dataset as it may have been trained on: as it is, or with its corrections."""
    corrections = load_corrections(settings.datasets_dir / name)
    corrected = [apply_corrections(dataset, corrections)] if corrections.key else []
    for one in (dataset, *corrected):
        if one.scheme.labels == scheme.labels:
            yield one
        else:
            yield from _mapped(one, scheme, settings)


def _mapped(dataset: Dataset, scheme: LabelScheme, settings: Settings) -> Iterator[Dataset]:
    """The dataset through each mapping that leads to these labels."""
    for found in maps_for(settings.schemes_dir, dataset.scheme).values():
        if found.target.labels == scheme.labels:
            yield apply_map(dataset, found)


def _split_of(dataset: Dataset, plan: ConvertPlan) -> Faces:
    judges, learns = dataset.required_protocol.test, dataset.required_protocol.train
    judged = dataset[judges]
    judged = judged.take(_some(np.flatnonzero(judged.labels != UNLABELLED), plan.pictures, plan))
    if not len(judged):
        raise EmptySplit(
            f"{judges} of {dataset.name} holds no labelled picture.",
            advice="Choose a dataset with a labelled test split, or none.",
        )
    samples = dataset[learns]
    samples = samples.take(_some(np.arange(len(samples)), SAMPLES, plan))
    return Faces(
        words=f"{counted(len(judged), 'picture')} of {judges} of {dataset.name}.",
        pixels=np.asarray(judged.pixels),
        labels=judged.labels,
        samples=np.asarray(samples.pixels),
        samples_words=f"{counted(len(samples), 'picture')} of {learns} of {dataset.name}",
    )


def _some(positions: NDArray[np.int64], most: int, plan: ConvertPlan) -> NDArray[np.int64]:
    """At most so many of them by chance, in their order; 0 takes all."""
    if most in {0, len(positions)} or most > len(positions):
        return positions
    chosen = np.random.default_rng(plan.seed).permutation(len(positions))[:most]
    return positions[np.sort(chosen)]
