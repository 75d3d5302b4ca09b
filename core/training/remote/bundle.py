"""What a training takes along to another machine: Mien's own code for it, the plan, the dataset's
entry without its pictures. One archive, as small as it gets.
"""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from core.datasets.catalogue import SOURCE_FILE, SPLIT_FILE, entry
from core.datasets.labels import VERSIONS
from core.domain import Dataset
from core.domain.dataset import content_hash
from core.domain.errors import PlanError, RunError
from core.domain.plain_values import from_plain, to_plain
from core.storage.atomic import write_atomic
from core.storage.settings import Settings
from core.training.plan import TrainingPlan
from core.training.remote.carried_code import code_files

PLAN_FILE = "plan.json"
NOT_YET_GIVEN = "not yet given"
"""The dataset's path, until somebody says where it lies over there."""


@dataclass(frozen=True)
class BundleManifest:
    """What is to be done over there.

    Attributes:
        plan: of the training, as plain values.
        file: how the dataset's file or folder is called here; pictures are named after it.
        content_hash: of the dataset that the plan was made for.
        splits: content hash of each of its splits.
    """

    plan: Mapping[str, Any]
    file: str
    content_hash: str
    splits: Mapping[str, str]

    @classmethod
    def of(cls, plan: TrainingPlan, dataset: Dataset, path: str) -> BundleManifest:
        """A plan without this machine's paths, which say nothing over there.

        Args:
            path: of the dataset, here.
        """
        plain = {**plan.to_json(), "data": "", "votes": "", "cluster": ""}
        return cls(plain, PurePath(path).name, dataset.content_hash, split_hashes(dataset))

    @classmethod
    def read(cls, path: Path) -> BundleManifest:
        """The errand of an unpacked archive.

        Raises:
            RunError: it is missing or damaged.
        """
        try:
            return from_plain(cls, json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise RunError(
                f"{path.name} cannot be read: {error}.",
                advice="Unpack the notebook's archive again.",
            ) from error

    def write(self, path: Path) -> None:
        """Keep it, completely or not at all."""
        write_atomic(path, json.dumps(to_plain(self), indent=1))


def split_hashes(dataset: Dataset) -> dict[str, str]:
    """Content hash of each split: equal ones say that the same pictures are divided the same."""
    return {name: content_hash(pictures) for name, pictures in dataset.splits.items()}


def pack(plan: TrainingPlan, settings: Settings, dataset: Dataset) -> bytes:
    """The archive, tar.bz2; equal requests make equal bytes.

    Args:
        dataset: as the plan means it (`catalogue.open_requested_dataset`).
    Raises:
        PlanError: the plan makes no model, or its pictures can be made here only.
        UnknownDataset: the catalogue has no such dataset any more.
    """
    if not plan.makes_model:
        raise PlanError(
            "Only a run that makes a model can be exported as a notebook.",
            advice="Choose a run that is no fold and no trial of a sweep.",
        )
    carried = {f"core/{name}": path.read_bytes() for name, path in code_files()}
    carried |= _about_dataset(plan, settings)
    errand = BundleManifest.of(plan, dataset, path_of(plan, settings))
    carried[PLAN_FILE] = json.dumps(to_plain(errand), indent=1).encode()
    return _archive(carried)


def path_of(plan: TrainingPlan, settings: Settings) -> str:
    """Where the plan's dataset lies on this machine.

    Raises:
        UnknownDataset: the catalogue has no such dataset any more.
    """
    return entry(settings.datasets_dir, plan.dataset).source.path if plan.dataset else plan.data


def _about_dataset(plan: TrainingPlan, settings: Settings) -> dict[str, bytes]:
    """How to read it, its frozen split, its corrections, and mappings that people made."""
    found = {}
    mapping = f"{plan.classes.lower().replace(' ', '-')}.json"  # as `save_map` calls it
    for name in _present(settings.schemes_dir, [mapping]):
        found[f"data/schemes/{name}"] = (settings.schemes_dir / name).read_bytes()
    if not plan.dataset:
        return found
    source = entry(settings.datasets_dir, plan.dataset).source
    if source.align:
        raise PlanError(
            f"The faces of {plan.dataset} are found and cut out on this machine only.",
            advice="Train it here, or add the dataset without cutting faces out.",
        )
    folder, there = settings.datasets_dir / plan.dataset, f"data/datasets/{plan.dataset}"
    described = {**to_plain(source), "path": NOT_YET_GIVEN}
    found[f"{there}/{SOURCE_FILE}"] = json.dumps(described).encode()
    for name in _present(folder, [SPLIT_FILE, f"{VERSIONS}/{plan.corrections}.json"]):
        found[f"{there}/{name}"] = (folder / name).read_bytes()
    return found


def _present(folder: Path, names: Iterable[str]) -> list[str]:
    return [name for name in names if (folder / name).is_file()]


def _archive(files: Mapping[str, bytes]) -> bytes:
    written = io.BytesIO()
    # For this code bz2 makes the smallest archive, and is seven times as fast as xz.
    with tarfile.open(fileobj=written, mode="w:bz2") as archive:
        for name, content in files.items():
            about = tarfile.TarInfo(name)
            about.size = len(content)
            archive.addfile(about, io.BytesIO(content))
    return written.getvalue()
