"""The pictures that a plan means: opened, corrected, under its classes, as many as it takes."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from core.datasets import DatasetSource, open_dataset
from core.datasets.catalogue import open_entry
from core.datasets.corrections import apply_corrections, load_version
from core.datasets.mapping import apply_map, map_named
from core.settings import Settings
from core.training.folds import without_fold
from core.training.learnable import labelled_only, learnable
from core.training.plan import TrainingPlan
from core.vocabulary import Dataset


class AsksForPictures(Protocol):
    """The part of a plan that says which pictures are meant; see `TrainingPlan`."""

    @property
    def data(self) -> str:
        """Path of a dataset that is not in the catalogue."""

    @property
    def dataset(self) -> str:
        """Name of one in the catalogue."""

    @property
    def corrections(self) -> str:
        """Key of a version of its corrections."""

    @property
    def classes(self) -> str:
        """Name of a mapping."""

    @property
    def seed(self) -> int:
        """Of a split that has to be made."""


def learned_from(plan: TrainingPlan, settings: Settings) -> Dataset:
    """What a run learns from: a fold left out, or only some pictures, where the plan says so.

    Raises:
        DatasetError, LabelSchemeMismatch: the files changed, or the mapping does not fit.
        EmptySplit, PlanError: there are too few pictures; see `learnable`.
    """
    dataset = labelled_only(dataset_asked(plan, settings))
    if plan.folds:
        dataset = without_fold(dataset, fold=plan.fold, folds=plan.folds, seed=plan.seed)
    elif plan.pictures:
        dataset = _some(dataset, plan)
    return learnable(dataset, batch_size=plan.chosen_recipe.batch_size)


def dataset_asked(plan: AsksForPictures, settings: Settings) -> Dataset:
    """The whole dataset with its corrections, under the classes of the plan.

    Raises:
        DatasetError, LabelSchemeMismatch: the files changed, or the mapping does not fit.
    """
    cache_dir = settings.datasets_cache_dir
    if not plan.dataset:
        dataset = open_dataset(DatasetSource(plan.data, seed=plan.seed), cache_dir)
    else:
        dataset = open_entry(settings.datasets_dir, plan.dataset, cache_dir)
        folder = settings.datasets_dir / plan.dataset
        dataset = apply_corrections(dataset, load_version(folder, plan.corrections))
    if plan.classes:
        label_map = map_named(settings.schemes_dir, dataset.scheme, plan.classes)
        dataset = apply_map(dataset, label_map)
    return dataset


def _some(dataset: Dataset, plan: TrainingPlan) -> Dataset:
    learns = dataset.divided.learns
    chosen = np.random.default_rng(plan.seed).permutation(len(dataset[learns]))[: plan.pictures]
    return Dataset.from_splits(
        dataset.name,
        dataset.scheme,
        {**dataset.splits, learns: dataset[learns].take(np.sort(chosen))},
        dataset.protocol,
        content_hash=dataset.content_hash,
        notes=(*dataset.notes, f"Only {len(chosen):,} training pictures were used, as asked."),
    )
