"""Preview of a recipe's augmentation on a few training pictures: request, result and files.

TensorFlow makes it, so a worker does (`core.training.monitoring.preview_job`); this module imports
no TensorFlow.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.domain.errors import PlanError, RunError
from core.domain.plain_values import parse_json, to_plain
from core.domain.run import PREVIEW_KIND
from core.jobs import CHANGED, Plan, RunFolder, is_held
from core.storage.atomic import atomic_file
from core.storage.corrupt_data import DAMAGED_CONTENT, short_message
from core.storage.own_files import discard_ours
from core.training.plan import TrainingPlan
from core.training.recipes.augmentation import Augmentation

PICTURES, VERSIONS = 8, 5
MAX_PREVIEWS = 6
"""Previews kept on disk, so that a recent choice is shown again at once."""

_ARRAYS = ("originals", "labels", "first", "final")


@dataclass(frozen=True)
class PreviewPlan(Plan):
    """The part of a training plan that determines its augmented pictures.

    Attributes:
        data, dataset, corrections, classes, seed: as in `TrainingPlan`.
        content: the dataset's content hash, so that changed files make another request.
        augmentation: the recipe's random changes, as plain values.
        sizes_px: side of the pictures in the first and in the last epoch.
    """

    refusal = "This is no plan of a preview"

    data: str
    dataset: str
    corrections: str
    classes: str
    seed: int
    content: str
    augmentation: Mapping[str, Any] = field(default_factory=dict)
    sizes_px: tuple[int, int] = (48, 48)

    def __post_init__(self) -> None:
        try:
            replace(Augmentation(), **self.augmentation)
        except TypeError as error:
            raise PlanError(f"This is no plan of a preview: {error}.", advice=CHANGED) from error
        if len(self.sizes_px) != 2 or not all(8 <= size_px <= 1024 for size_px in self.sizes_px):
            raise PlanError(
                f"Pictures cannot be previewed at {self.sizes_px} pixels.",
                advice="Choose sizes of 8 to 1024 pixels in the recipe.",
            )

    @classmethod
    def of(cls, plan: TrainingPlan, *, content: str) -> PreviewPlan:
        """The preview of a training plan; equal for plans with the same augmented pictures.

        Args:
            content: the dataset's content hash.
        """
        recipe = plan.chosen_recipe
        return cls(
            plan.data,
            plan.dataset,
            plan.corrections,
            plan.classes,
            plan.seed,
            content,
            to_plain(recipe)["augmentation"],
            (recipe.size_at(0, plan.chosen_epochs), recipe.final_size_px),
        )

    @property
    def parsed_augmentation(self) -> Augmentation:
        """The recipe's augmentation."""
        return replace(Augmentation(), **self.augmentation)

    @property
    def key(self) -> str:
        """Equal for equal requests: 24 hexadecimal digits."""
        written = json.dumps(self.to_json(), sort_keys=True)
        return sha256(written.encode()).hexdigest()[:24]


@dataclass(frozen=True, eq=False)
class Preview:
    """Training pictures and their augmented versions.

    Attributes:
        originals: uint8 `(n, side, side)`.
        labels: int64 `(n,)`, class numbers.
        first, final: uint8 `(n, versions, size, size)`, at the input size of the first and of the
            last epochs; equal if there is one size.
    """

    originals: NDArray[np.uint8]
    labels: NDArray[np.int64]
    first: NDArray[np.uint8]
    final: NDArray[np.uint8]

    def __post_init__(self) -> None:
        count = len(self.labels)
        if count == 0 or self.labels.shape != (count,) or self.labels.dtype != np.int64:
            raise ValueError(f"labels of shape {self.labels.shape}, {self.labels.dtype}")
        for name, axes in (("originals", 3), ("first", 4), ("final", 4)):
            pictures: NDArray[Any] = getattr(self, name)
            if (
                pictures.dtype != np.uint8
                or pictures.ndim != axes
                or len(pictures) != count
                or pictures.shape[-1] != pictures.shape[-2]
                or 0 in pictures.shape
            ):
                raise ValueError(f"{name}: {pictures.dtype} {pictures.shape} for {count} pictures")

    @property
    def has_two_sizes(self) -> bool:
        """Whether the input size changes over the run."""
        return self.first.shape != self.final.shape


def write_preview(folder: Path, plan: PreviewPlan, preview: Preview) -> None:
    """Write it into its run's folder, atomically.

    Raises:
        OSError: it could not be written.
    """
    with atomic_file(folder / _file_name(plan)) as file:
        np.savez_compressed(file, **{name: getattr(preview, name) for name in _ARRAYS})


def find_preview(runs_dir: Path, plan: PreviewPlan) -> Preview | None:
    """The result of an earlier equal request; None if there is none, or it is damaged."""
    for path in sorted(runs_dir.glob(f"*/{_file_name(plan)}"), reverse=True):
        try:
            return read_preview(path)
        except RunError:
            continue
    return None


def read_preview(path: Path) -> Preview:
    """A preview from its file.

    Raises:
        RunError: it is damaged.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as values:
            return Preview(**{name: values[name] for name in _ARRAYS})
    except DAMAGED_CONTENT as error:
        raise RunError(
            f"The preview {path.name} is damaged: {short_message(error)}.",
            advice="Create it again.",
        ) from error


def delete_old_previews(runs_dir: Path, *, keep: int = MAX_PREVIEWS) -> None:
    """Delete the folders of all previews but the newest few and those still running."""
    folders = sorted(path.parent for path in runs_dir.glob("*/plan.json") if _is_preview(path))
    for folder in folders[: max(0, len(folders) - keep)]:
        if not is_held(RunFolder(folder).lease):
            discard_ours(folder, within=runs_dir)


def _is_preview(plan: Path) -> bool:
    try:
        return bool(parse_json(plan.read_text(encoding="utf-8"))["kind"] == PREVIEW_KIND)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _file_name(plan: PreviewPlan) -> str:
    return f"preview-{plan.key}.npz"
