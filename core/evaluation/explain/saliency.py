"""What can be done with maps that say where a model looks; how they are kept.

A map is coarse: as many places as the network's last feature map has. It is not negative, and only
its shape counts, so each is kept with its largest value brought to 1.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from core.datasets.summary import BROWS, EYES, MOUTH, Region
from core.domain import Interval
from core.domain.errors import DamagedModel
from core.storage.corrupt_data import DAMAGED_CONTENT, short_message

SALIENCY_FILE = "saliency.npz"
"""Part of an evaluation."""

GRAD_CAM, OCCLUSION = "Grad-CAM++", "occlusion"

TOP = -1
"""In place of a class: the one with the highest answer."""

FACE_REGIONS: tuple[Region, ...] = (BROWS, EYES, MOUTH)
"""Parts of a face that are told of in words."""

_MEASURED_PX = 48

_ARRAYS = (
    *("split", "method", "classes", "right", "wrong", "right_counts", "wrong_counts"),
    *("digests", "maps", "truth_maps", "checks"),
)


@dataclass(frozen=True)
class MapChecks:
    """Whether the maps of a model mean anything; measured on a sample of its pictures.

    Attributes:
        pictures: in the sample.
        named: mean fall of the score when the fifth of the picture that a map names is covered.
        elsewhere: the same for a fifth chosen at random.
        better: share of the pictures on which the first is larger.
        untrained: rank correlation with the maps of the same network with random weights (Adebayo
            et al. 2018): near 1, maps would show the picture's edges and not what was learned;
            None where no such network could be made.
    """

    pictures: int
    named: float
    elsewhere: float
    better: Interval
    untrained: float | None = None


@dataclass(frozen=True, eq=False)
class SaliencyPart:
    """Maps of one split, as an evaluation keeps them.

    Attributes:
        split: whose pictures.
        method: `GRAD_CAM` or `OCCLUSION`.
        classes: names of the class numbers.
        right, wrong: float16 `(k, s, s)`: mean map of each class's pictures, for the class that was
            said, over those named right and those named wrong; 0 without any.
        right_counts, wrong_counts: int64 `(k,)`: over how many.
        digests: uint64 `(m,)`: pictures with maps of their own.
        maps: float16 `(m, s, s)`: for the class that was said.
        truth_maps: float16 `(m, s, s)`: for the label's class.
        checks: None if they could not be made.
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
    """Maps `(n, s, s)` without what is negative, each divided by its largest value."""
    positive = np.maximum(np.asarray(maps, dtype=np.float32), 0.0)
    largest = positive.max(axis=(1, 2), keepdims=True, initial=0.0)
    return np.asarray(np.divide(positive, largest, out=np.zeros_like(positive), where=largest > 0))


def enlarged(one: NDArray[np.floating], size_px: int) -> NDArray[np.float32]:
    """A map as large as its picture, without hard steps, in [0, 1]."""
    size = (size_px, size_px)
    large = cv2.resize(np.asarray(one, dtype=np.float32), size, interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(large, 0.0, 1.0), dtype=np.float32)


def mean_maps(
    maps: NDArray[np.float32], labels: NDArray[np.int64], *, classes: int
) -> tuple[NDArray[np.float16], NDArray[np.int64]]:
    """Mean map of each class, largest value 1, and over how many pictures.

    Maps that are 0 everywhere say nothing and are left out.

    Args:
        maps: float32 `(n, s, s)`.
        labels: int64 `(n,)`.
    """
    said = maps.max(axis=(1, 2), initial=0.0) > 0
    sums = np.zeros((classes, *maps.shape[1:]), dtype=np.float64)
    np.add.at(sums, labels[said], maps[said])
    counts = np.bincount(labels[said], minlength=classes)
    return normalised_maps(sums).astype(np.float16), counts.astype(np.int64)


def region_weights(
    one: NDArray[np.floating], regions: Sequence[Region] = FACE_REGIONS
) -> dict[str, float]:
    """How often the mean of a map its values in each region of the face are: 1 is no more than
    anywhere. Empty for a map that is 0 everywhere.
    """
    large = enlarged(one, _MEASURED_PX).astype(np.float64)
    mean = float(large.mean())
    if mean <= 0:
        return {}
    return {
        region.name: float(large[region.mask(_MEASURED_PX)].mean()) / mean for region in regions
    }


def class_specific(maps: NDArray[np.floating], counts: NDArray[np.int64]) -> NDArray[np.float32]:
    """Mean map of each class less the mean of all classes that have one; 0 for those without.

    All mean maps look alike, as faces lie in the middle of their pictures; this is the rest.

    Args:
        maps: `(k, s, s)`.
        counts: int64 `(k,)`: over how many pictures each was taken.
    """
    there = counts > 0
    apart = np.zeros(maps.shape, dtype=np.float32)
    if there.any():
        values = np.asarray(maps, dtype=np.float32)
        apart[there] = values[there] - values[there].mean(axis=0)
    return apart


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
        DamagedModel: it is none.
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
