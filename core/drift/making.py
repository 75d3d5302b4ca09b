"""Making a reference from measured columns."""

from __future__ import annotations

from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from core.domain.counted import counted
from core.domain.errors import PlanError
from core.drift.columns import NOT_JUDGED, Columns
from core.drift.drift_report import Quantity
from core.drift.independence import independent_rows, likeness
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
        ValueError: the name cannot be a file's name; `shelf.name_of` makes one that can.

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
            f"{counted(len(columns), 'row is', 'rows are')} too few, or too much alike, to "
            "compare anything with.",
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
