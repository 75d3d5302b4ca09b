"""References fitted to measured columns, or to labelled pictures that a model has scored."""

from __future__ import annotations

from datetime import datetime

import cv2
import numpy as np
from numpy.typing import NDArray

from core.domain import QUALITY_PX, LabelScheme, PictureSet
from core.domain.counted import counted
from core.domain.errors import PlanError
from core.drift.columns import NOT_JUDGED, ClassMix, Columns, columns_of_pictures
from core.drift.drift_report import Quantity
from core.drift.drift_statistics import independent_rows, likeness
from core.drift.reference import DriftReference, MixReference, NumberReference

MIN_INDEPENDENT = 10
"""A quantity that is worth fewer independent rows makes no reference: two or three looks say
nothing about a distribution."""

_MOST_BINS = 10  # deciles: as PSI is used, and as its fixed threshold is meant
_ROWS_A_BIN = 5  # fewer make the bins themselves a matter of chance
_POINTS = 201  # every half percent

Floats = NDArray[np.float64]


def reference_from_columns(  # noqa: PLR0913 - what it is made of, and where that comes from
    name: str,
    columns: Columns,
    *,
    source: str,
    made_at: datetime,
    session_ids: tuple[str, ...] = (),
    model: str = "",
) -> DriftReference:
    """What later windows are compared with.

    Bins are quantiles of these rows: ten, or fewer where fewer than fifty independent rows stand
    behind them. A quantity that was not measured, hardly varies, or is worth fewer than
    `MIN_INDEPENDENT` rows is left out.

    Args:
        name: letters, digits and dashes; also the file's name.
        columns: of pictures or sessions.
        source: one sentence on where they come from.
        made_at: aware.
        session_ids: the sessions; empty for pictures.
        model: whose labels and confidence the columns hold; empty if unknown.
    Raises:
        PlanError: no quantity is left.
        ValueError: the name cannot be a file's name; `reference_store.name_of` makes one that can.

    Example:
        reference_from_columns(
            "fer2013", columns_of_pictures({"brightness": means}), source="...", made_at=now
        )
    """
    numbers = [
        _number_reference(quantity, values, columns) for quantity, values in columns.numbers.items()
    ]
    kept, mix = tuple(one for one in numbers if one is not None), _mix_reference(columns)
    if not kept and mix is None:
        raise PlanError(
            f"{counted(len(columns), 'row is', 'rows are')} too few, or too correlated, for a "
            "reference.",
            advice="Choose more or longer sessions, with different people or light.",
        )
    return DriftReference(
        name, source, len(columns), made_at, kept, mix, session_ids=session_ids, model=model
    )


def _number_reference(
    quantity: Quantity, values: Floats, columns: Columns
) -> NumberReference | None:
    known = np.isfinite(values)
    values = values[known]
    worth = independent_rows(values, columns.stream[known], columns.second[known])
    if worth < MIN_INDEPENDENT:
        return None
    cuts = _cuts(values, bins=int(np.clip(worth // _ROWS_A_BIN, 2, _MOST_BINS)))
    if not len(cuts):
        return None
    counts = _counts(values, cuts)
    return NumberReference(
        quantity=quantity,
        cuts=tuple(cuts.tolist()),
        shares=tuple((counts / len(values)).tolist()),
        points=tuple(np.quantile(values, np.linspace(0, 1, _POINTS), method="inverted_cdf")),
        rows=len(values),
        independent_rows=worth,
        alike=likeness(values, columns.stream[known]),
    )


def _cuts(values: Floats, *, bins: int) -> Floats:
    """Inner borders of bins that hold about as many values each, and none of them empty."""
    cuts = np.unique(np.quantile(values, np.arange(1, bins) / bins))
    cuts = cuts[cuts > values.min()]
    # Where many values are equal, some bins hold nothing: they are joined with the one before.
    return np.asarray(cuts[_counts(values, cuts)[1:] > 0])


def _counts(values: Floats, cuts: Floats) -> NDArray[np.int64]:
    return np.bincount(np.searchsorted(cuts, values, side="right"), minlength=len(cuts) + 1)


def _mix_reference(columns: Columns) -> MixReference | None:
    judged = columns.tops != NOT_JUDGED
    tops = columns.tops[judged]
    one_hot = np.eye(len(columns.labels))[tops]
    worth = independent_rows(one_hot, columns.stream[judged], columns.second[judged])
    if worth < max(MIN_INDEPENDENT, _ROWS_A_BIN * len(columns.labels)):
        return None
    counts = np.bincount(tops, minlength=len(columns.labels))
    return MixReference(
        labels=columns.labels,
        shares=tuple((counts / len(tops)).tolist()),
        rows=len(tops),
        independent_rows=worth,
        alike=likeness(one_hot, columns.stream[judged]),
    )


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

    Light and sharpness are measured as the camera side does (`vision.faces.quality`), on the whole
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
