"""A reference from labelled pictures that a model judged."""

from __future__ import annotations

from datetime import datetime

import cv2
import numpy as np
from numpy.typing import NDArray

from core.domain import QUALITY_PX, LabelScheme, PictureSet
from core.drift.columns import ClassMix, columns_of_pictures
from core.drift.drift_report import Quantity
from core.drift.making import reference_from_columns
from core.drift.reference import DriftReference

_AT_ONCE = 4096


def reference_of_pictures(  # noqa: PLR0913 - what it is made of, and where that comes from
    pictures: PictureSet,
    scores: NDArray[np.float64] | None,
    scheme: LabelScheme,
    *,
    name: str,
    source: str,
    made_at: datetime,
) -> DriftReference:
    """What later windows are compared with, from pictures: best ones nobody learned from.

    Light and sharpness are measured as the camera side does (`perception.quality`), on the whole
    picture at that side's size: it is what that side cuts out.

    Args:
        scores: `(n, k)`, a model's, calibrated; None takes the mix of classes from the labels, and
            leaves confidence out.
        scheme: names the columns of `scores` and the labels.
        name, source, made_at: see `reference_from_columns`.
    Raises:
        PlanError: too few pictures.
    """
    numbers: dict[str, NDArray[np.float64]] = {
        Quantity.BRIGHTNESS.value: np.zeros(len(pictures)),
        Quantity.CONTRAST.value: np.zeros(len(pictures)),
        Quantity.BLUR.value: np.zeros(len(pictures)),
    }
    tops = pictures.labels if scores is None else scores.argmax(axis=1)
    if scores is not None:
        numbers[Quantity.CONFIDENCE.value] = scores.max(axis=1)
    for start in range(0, len(pictures), _AT_ONCE):
        for at, picture in enumerate(pictures.pixels[start : start + _AT_ONCE], start):
            face = _as_cut_out(picture).astype(np.float32) / 255
            variance = float(face.var())
            numbers[Quantity.BRIGHTNESS][at] = face.mean()
            numbers[Quantity.CONTRAST][at] = variance**0.5
            laplacian = cv2.Laplacian(face, cv2.CV_32F)
            numbers[Quantity.BLUR][at] = laplacian.var() / max(variance, 1e-4)
    columns = columns_of_pictures(numbers, ClassMix(scheme, tops))
    return reference_from_columns(name, columns, source=source, made_at=made_at)


def _as_cut_out(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A square picture at the camera side's size: sharpness depends on it."""
    side = picture.shape[0]
    if side == QUALITY_PX:
        return picture
    how = cv2.INTER_AREA if side > QUALITY_PX else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(picture, (QUALITY_PX, QUALITY_PX), interpolation=how), np.uint8)
