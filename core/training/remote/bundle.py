"""The archive for training on another machine: Mien's training code, the plan, and the dataset's
catalogue entry without its pictures.
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
from core.domain.plain_values import from_plain, parse_json, to_plain
from core.settings import Settings
from core.storage.atomic import write_atomic
from core.training.plan import TrainingPlan
from core.training.remote.bundled_code import code_files

PLAN_FILE = "plan.json"
PATH_PLACEHOLDER = "not yet given"
"""The dataset's path, until it is entered on the other machine."""


@dataclass(frozen=True)
class BundleManifest:
    """The training plan, and the dataset that it was made for.

    Attributes:
        plan: as plain values.
        file: name of the dataset's file or folder; pictures are named after it.
        content_hash: of the dataset.
        splits: content hash of each of its splits.
    """

    plan: Mapping[str, Any]
    file: str
    content_hash: str
    splits: Mapping[str, str]

    @classmethod
    def of(cls, plan: TrainingPlan, dataset: Dataset, path: str) -> BundleManifest:
        """The manifest of a plan, without this machine's paths.

        Args:
            path: of the dataset on this machine.
        """
        plain = {**plan.to_json(), "data": "", "votes": "", "cluster": ""}
        return cls(plain, PurePath(path).name, dataset.content_hash, split_hashes(dataset))

    @classmethod
    def read(cls, path: Path) -> BundleManifest:
        """The manifest of an unpacked archive.

        Raises:
            RunError: it is missing or damaged.
        """
        try:
            return from_plain(cls, parse_json(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise RunError(
                f"{path.name} cannot be read: {error}.",
                advice="Unpack the notebook's archive again.",
            ) from error

    def write(self, path: Path) -> None:
        """Write it atomically."""
        write_atomic(path, json.dumps(to_plain(self), indent=1))


def split_hashes(dataset: Dataset) -> dict[str, str]:
    """Content hash of each split; equal if the same pictures are split in the same way."""
    return {name: content_hash(pictures) for name, pictures in dataset.splits.items()}


def pack(plan: TrainingPlan, settings: Settings, dataset: Dataset) -> bytes:
    """The archive, tar.bz2; equal requests make equal bytes.

    Args:
        dataset: the plan's (`catalogue.open_requested_dataset`).
    Raises:
        PlanError: the plan makes no model, or its faces are cropped on this machine.
        UnknownDataset: the catalogue has no such dataset any more.
    """
    if not plan.makes_model:
        raise PlanError(
            "Only a run that makes a model can be exported as a notebook.",
            advice="Choose a run that is no fold and no trial of a sweep.",
        )
    files = {f"core/{name}": path.read_bytes() for name, path in code_files()}
    files |= _dataset_files(plan, settings)
    manifest = BundleManifest.of(plan, dataset, dataset_path(plan, settings))
    files[PLAN_FILE] = json.dumps(to_plain(manifest), indent=1).encode()
    return _archive(files)


def dataset_path(plan: TrainingPlan, settings: Settings) -> str:
    """Path of the plan's dataset on this machine.

    Raises:
        UnknownDataset: the catalogue has no such dataset any more.
    """
    return entry(settings.datasets_dir, plan.dataset).source.path if plan.dataset else plan.data


def _dataset_files(plan: TrainingPlan, settings: Settings) -> dict[str, bytes]:
    """The dataset's catalogue entry, its frozen split and corrections, and the class mapping."""
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
    folder, bundled = settings.datasets_dir / plan.dataset, f"data/datasets/{plan.dataset}"
    source_values = {**to_plain(source), "path": PATH_PLACEHOLDER}
    found[f"{bundled}/{SOURCE_FILE}"] = json.dumps(source_values).encode()
    for name in _present(folder, [SPLIT_FILE, f"{VERSIONS}/{plan.corrections}.json"]):
        found[f"{bundled}/{name}"] = (folder / name).read_bytes()
    return found


def _present(folder: Path, names: Iterable[str]) -> list[str]:
    return [name for name in names if (folder / name).is_file()]


def _archive(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    # For this content bz2 is the smallest, and seven times as fast as xz.
    with tarfile.open(fileobj=buffer, mode="w:bz2") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()
