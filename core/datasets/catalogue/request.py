"""Open the dataset that a plan requests, with its corrections and classes."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from core.datasets.catalogue.catalogue import open_entry
from core.datasets.catalogue.opening import open_dataset
from core.datasets.labels.class_mapping import apply_map, map_named
from core.datasets.labels.corrections import apply_corrections, load_version
from core.datasets.readers.source import DatasetSource
from core.domain import Dataset
from core.domain.errors import PlanError
from core.settings import Settings
from core.storage.path_checks import is_there


class DatasetRequest(Protocol):
    """The part of a plan that names its dataset; see `core.training.TrainingPlan`."""

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
        """Seed of a split that has to be made."""


def expect_one_dataset(plan: DatasetRequest, message: str) -> None:
    """Refuse a plan that does not name exactly one existing dataset.

    Args:
        message: of the error where it names none, or two.
    Raises:
        PlanError: it does not.
    """
    if bool(plan.data) == bool(plan.dataset):
        raise PlanError(
            message, advice="Give either a path or the name of a dataset in the catalogue."
        )
    if plan.data and not is_there(Path(plan.data)):
        raise PlanError(
            f"There is nothing at {plan.data}.", advice="Check the path to the dataset."
        )
    if plan.corrections and not plan.dataset:
        raise PlanError(
            "Only datasets of the catalogue have corrections.", advice="Add the dataset first."
        )


def open_requested_dataset(plan: DatasetRequest, settings: Settings) -> Dataset:
    """The whole dataset with its corrections, under the classes of the plan.

    Raises:
        DatasetError, LabelSchemeMismatch: the files changed, or the class mapping does not fit.
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
