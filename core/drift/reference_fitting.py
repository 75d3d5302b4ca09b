"""Fitting of references to columns, or to pictures with labels or scores."""

from __future__ import annotations

from datetime import datetime

import cv2
import numpy as np
from numpy.typing import NDArray

from core.domain import QUALITY_PX, LabelScheme, PictureSet
from core.domain.counted import counted
from core.domain.errors import PlanError
from core.drift.drift_statistics import independent_rows, intraclass_correlation
from core.drift.quantity import Quantity
from core.drift.quantity_columns import NO_PREDICTION, ClassMix, Columns, columns_of_pictures
from core.drift.reference import DriftReference, MixReference, NumberReference

MIN_INDEPENDENT = 10
"""Minimum effective sample size of a quantity in a reference."""

_MOST_BINS = 10  # deciles, for which the fixed threshold of the PSI is meant
_ROWS_A_BIN = 5  # with fewer, the bin edges depend on chance
_POINTS = 201  # every half percent

Floats = NDArray[np.float64]


def reference_from_columns(  # noqa: PLR0913 - data and metadata
    name: str,
    columns: Columns,
    *,
    source: str,
    made_at: datetime,
    session_ids: tuple[str, ...] = (),
    model: str = "",
) -> DriftReference:
    """Fit a reference to columns.

    Bins are quantiles of these rows: ten, or fewer with an effective sample size below fifty. A
    quantity is left out if it was not measured, is nearly constant, or has an effective sample size
    below `MIN_INDEPENDENT`.

    Args:
        name: letters, digits and dashes; also the file's name.
        columns: of pictures or sessions.
        source: a sentence about their origin.
        made_at: aware.
        session_ids: the sessions; empty for pictures.
        model: name of the model of the predictions; empty if unknown.
    Raises:
        PlanError: no quantity is left.
        ValueError: invalid name; `reference_store.name_of` makes a valid one.

    Example:
        reference_from_columns(
            "fer2013", columns_of_pictures({"brightness": means}), source="...", made_at=now
        )
    """
    numbers = [
        _number_reference(quantity, values, columns) for quantity, values in columns.numbers.items()
    ]
    number_references, mix = (
        tuple(one for one in numbers if one is not None),
        _mix_reference(columns),
    )
    if not number_references and mix is None:
        raise PlanError(
            f"{counted(len(columns), 'row is', 'rows are')} too few, or too correlated, for a "
            "reference.",
            advice="Choose more or longer sessions, with different people or light.",
        )
    return DriftReference(
        name,
        source,
        len(columns),
        made_at,
        number_references,
        mix,
        session_ids=session_ids,
        model=model,
    )


def _number_reference(
    quantity: Quantity, values: Floats, columns: Columns
) -> NumberReference | None:
    measured = np.isfinite(values)
    values = values[measured]
    effective_rows = independent_rows(values, columns.stream[measured], columns.second[measured])
    if effective_rows < MIN_INDEPENDENT:
        return None
    cuts = _cuts(values, bins=int(np.clip(effective_rows // _ROWS_A_BIN, 2, _MOST_BINS)))
    if not len(cuts):
        return None
    counts = _counts(values, cuts)
    return NumberReference(
        quantity=quantity,
        cuts=tuple(cuts.tolist()),
        shares=tuple((counts / len(values)).tolist()),
        points=tuple(np.quantile(values, np.linspace(0, 1, _POINTS), method="inverted_cdf")),
        rows=len(values),
        independent_rows=effective_rows,
        alike=intraclass_correlation(values, columns.stream[measured]),
    )


def _cuts(values: Floats, *, bins: int) -> Floats:
    """Inner edges of bins with about equal counts, without empty bins."""
    cuts = np.unique(np.quantile(values, np.arange(1, bins) / bins))
    cuts = cuts[cuts > values.min()]
    # With many equal values some bins are empty: they are merged into the one before.
    return np.asarray(cuts[_counts(values, cuts)[1:] > 0])


def _counts(values: Floats, cuts: Floats) -> NDArray[np.int64]:
    return np.bincount(np.searchsorted(cuts, values, side="right"), minlength=len(cuts) + 1)


def _mix_reference(columns: Columns) -> MixReference | None:
    predicted = columns.tops != NO_PREDICTION
    tops = columns.tops[predicted]
    one_hot = np.eye(len(columns.labels))[tops]
    effective_rows = independent_rows(one_hot, columns.stream[predicted], columns.second[predicted])
    if effective_rows < max(MIN_INDEPENDENT, _ROWS_A_BIN * len(columns.labels)):
        return None
    counts = np.bincount(tops, minlength=len(columns.labels))
    return MixReference(
        labels=columns.labels,
        shares=tuple((counts / len(tops)).tolist()),
        rows=len(tops),
        independent_rows=effective_rows,
        alike=intraclass_correlation(one_hot, columns.stream[predicted]),
    )


_AT_ONCE = 4096


def reference_of_pictures(  # noqa: PLR0913 - data and metadata
    pictures: PictureSet,
    scores: NDArray[np.float64] | None,
    scheme: LabelScheme,
    *,
    name: str,
    source: str,
    made_at: datetime,
) -> DriftReference:
    """Fit a reference to pictures, preferably those that the model was not trained on.

    Brightness, contrast and sharpness are measured as in camera frames
    (`vision.faces.quality`), on the whole picture resized to the size of a cropped face.

    Args:
        scores: `(n, k)`, calibrated scores of a model; None takes the class distribution from the
            labels, and leaves confidence out.
        scheme: of the labels and of the columns of `scores`.
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
            resized = _at_quality_size(picture).astype(np.float32) / 255
            variance = float(resized.var())
            numbers[Quantity.BRIGHTNESS][at] = resized.mean()
            numbers[Quantity.CONTRAST][at] = variance**0.5
            laplacian = cv2.Laplacian(resized, cv2.CV_32F)
            numbers[Quantity.BLUR][at] = laplacian.var() / max(variance, 1e-4)
    columns = columns_of_pictures(numbers, ClassMix(scheme, tops))
    return reference_from_columns(name, columns, source=source, made_at=made_at)


def _at_quality_size(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A square picture resized as cropped faces are, as sharpness depends on the size."""
    side = picture.shape[0]
    if side == QUALITY_PX:
        return picture
    interpolation = cv2.INTER_AREA if side > QUALITY_PX else cv2.INTER_LINEAR
    return np.asarray(
        cv2.resize(picture, (QUALITY_PX, QUALITY_PX), interpolation=interpolation), np.uint8
    )
