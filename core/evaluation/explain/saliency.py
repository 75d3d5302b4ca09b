"""Saliency maps: their processing and storage.

A map has the resolution of the network's last feature map. It is not negative, and only its shape
has a meaning, so each is divided by its largest value.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from core.datasets.summary import BROWS, EYES, MOUTH, PictureRegion
from core.domain import Interval
from core.domain.errors import DamagedModel
from core.storage.corrupt_data import DAMAGED_CONTENT, short_message

SALIENCY_FILE = "saliency.npz"
"""Part of an evaluation."""

GRAD_CAM, OCCLUSION = "Grad-CAM++", "occlusion"

TOP_CLASS = -1
"""Target that stands for the class with the highest score."""

FACE_REGIONS: tuple[PictureRegion, ...] = (BROWS, EYES, MOUTH)
"""Parts of a face whose saliency is reported."""

_MEASURED_PX = 48

_ARRAYS = (
    *("split", "method", "classes", "right", "wrong", "right_counts", "wrong_counts"),
    *("digests", "maps", "truth_maps", "checks"),
)


@dataclass(frozen=True)
class MapChecks:
    """Sanity checks of a model's maps on a sample of pictures.

    Attributes:
        pictures: in the sample.
        named: mean drop of the score when the most salient fifth of the picture is covered.
        elsewhere: the same for a random fifth.
        better: share of the pictures on which the first is larger.
        untrained: rank correlation with maps of the same network with random weights (Adebayo et
            al. 2018): near 1, maps show the picture's edges and not what was learned; None where it
            was not measured.
    """

    pictures: int
    named: float
    elsewhere: float
    better: Interval
    untrained: float | None = None


@dataclass(frozen=True, eq=False)
class SaliencyPart:
    """Maps of one split, as stored with an evaluation.

    Attributes:
        split: whose pictures.
        method: `GRAD_CAM` or `OCCLUSION`.
        classes: names of the class numbers.
        right, wrong: float16 `(k, s, s)`: mean map of each class's pictures, for the predicted
            class, over correct and misclassified ones; 0 without any.
        right_counts, wrong_counts: int64 `(k,)`: over how many.
        digests: uint64 `(m,)`: pictures with maps of their own.
        maps: float16 `(m, s, s)`: for the predicted class.
        truth_maps: float16 `(m, s, s)`: for the label.
        checks: None if they were not possible.
    """

    split: str
    method: str
    classes: tuple[str, ...]
    right: NDArray[np.float16]
    wrong: NDArray[np.float16]
    right_counts: NDArray[np.int64]
    wrong_counts: NDArray[np.int64]
    digests: NDArray[np.uint64]
    maps: NDArray[np.float16]
    truth_maps: NDArray[np.float16]
    checks: MapChecks | None = None

    def __post_init__(self) -> None:
        k, m = len(self.classes), len(self.digests)
        for name, count in (("right", k), ("wrong", k), ("maps", m), ("truth_maps", m)):
            values: NDArray[np.float16] = getattr(self, name)
            if values.ndim != 3 or len(values) != count or not np.isfinite(values).all():
                raise ValueError(f"{name}: {values.shape} for {count}")
        if self.right_counts.shape != (k,) or self.wrong_counts.shape != (k,):
            raise ValueError(f"{self.right_counts.shape} counts for {k} classes")


def normalised_maps(maps: NDArray[np.floating]) -> NDArray[np.float32]:
    """Maps `(n, s, s)` with negative values set to 0, each divided by its largest value."""
    positive = np.maximum(np.asarray(maps, dtype=np.float32), 0.0)
    largest = positive.max(axis=(1, 2), keepdims=True, initial=0.0)
    return np.asarray(np.divide(positive, largest, out=np.zeros_like(positive), where=largest > 0))


def enlarged(one: NDArray[np.floating], size_px: int) -> NDArray[np.float32]:
    """A map enlarged bicubically to this size, in [0, 1]."""
    size = (size_px, size_px)
    large = cv2.resize(np.asarray(one, dtype=np.float32), size, interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(large, 0.0, 1.0), dtype=np.float32)


def mean_maps(
    maps: NDArray[np.float32], labels: NDArray[np.int64], *, classes: int
) -> tuple[NDArray[np.float16], NDArray[np.int64]]:
    """Mean map of each class, largest value 1, and over how many pictures.

    Maps that are 0 everywhere are left out.

    Args:
        maps: float32 `(n, s, s)`.
        labels: int64 `(n,)`.
    """
    not_empty = maps.max(axis=(1, 2), initial=0.0) > 0
    sums = np.zeros((classes, *maps.shape[1:]), dtype=np.float64)
    np.add.at(sums, labels[not_empty], maps[not_empty])
    counts = np.bincount(labels[not_empty], minlength=classes)
    return normalised_maps(sums).astype(np.float16), counts.astype(np.int64)


def region_weights(
    one: NDArray[np.floating], regions: Sequence[PictureRegion] = FACE_REGIONS
) -> dict[str, float]:
    """Mean of a map in each region of the face, relative to its overall mean.

    Empty for a map that is 0 everywhere.
    """
    large = enlarged(one, _MEASURED_PX).astype(np.float64)
    mean = float(large.mean())
    if mean <= 0:
        return {}
    return {
        region.name: float(large[region.mask(_MEASURED_PX)].mean()) / mean for region in regions
    }


def class_specific(maps: NDArray[np.floating], counts: NDArray[np.int64]) -> NDArray[np.float32]:
    """Mean map of each class minus the mean over all classes that have one; 0 for those without.

    Mean maps are similar, as faces are in the centre of their pictures; this shows differences.

    Args:
        maps: `(k, s, s)`.
        counts: int64 `(k,)`: over how many pictures each was taken.
    """
    present = counts > 0
    differences = np.zeros(maps.shape, dtype=np.float32)
    if present.any():
        values = np.asarray(maps, dtype=np.float32)
        differences[present] = values[present] - values[present].mean(axis=0)
    return differences


def write_saliency(part: SaliencyPart) -> bytes:
    """A part as the content of its file."""
    arrays: dict[str, NDArray[np.generic]] = {
        name: np.asarray(getattr(part, name)) for name in _ARRAYS if name != "checks"
    }
    arrays["checks"] = _checks_as_numbers(part.checks)
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
    return file.getvalue()


def read_saliency(content: bytes) -> SaliencyPart:
    """The inverse of `write_saliency`.

    Raises:
        DamagedModel: it is not such a file.
    """
    try:
        with np.load(io.BytesIO(content)) as read:
            arrays = {name: read[name] for name in _ARRAYS}
        split, method = str(arrays.pop("split")), str(arrays.pop("method"))
        classes = tuple(str(name) for name in arrays.pop("classes"))
        checks = _checks_from_numbers(arrays.pop("checks"))
        return SaliencyPart(split, method, classes, checks=checks, **arrays)
    except DAMAGED_CONTENT as error:
        raise DamagedModel(
            f"{SALIENCY_FILE} cannot be read: {short_message(error)}.",
            advice="Explain the model again.",
        ) from error


def _checks_as_numbers(checks: MapChecks | None) -> NDArray[np.float64]:
    if checks is None:
        return np.zeros(0)
    better, untrained = checks.better, checks.untrained
    numbers = (checks.pictures, checks.named, checks.elsewhere)
    last = np.nan if untrained is None else untrained
    return np.array([*numbers, better.value, better.low, better.high, last])


def _checks_from_numbers(numbers: NDArray[np.float64]) -> MapChecks | None:
    if len(numbers) == 0:
        return None
    pictures, named, elsewhere, value, low, high, untrained = numbers.tolist()
    better = Interval(value, low, high)
    known = None if np.isnan(untrained) else untrained
    return MapChecks(int(pictures), named, elsewhere, better, known)
