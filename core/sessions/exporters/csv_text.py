"""A table as CSV text: the bytes of pandas' `to_csv`, in a third of its time."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

_ROWS_AT_ONCE = 5000  # as many cells as an hour has would take half a gigabyte of objects


def csv_text(table: pd.DataFrame) -> str:
    """Names of columns, then rows, without the index; missing values are empty."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(table.columns)
    for first in range(0, len(table), _ROWS_AT_ONCE):
        rows = table.iloc[first : first + _ROWS_AT_ONCE]
        writer.writerows(zip(*(_cells(rows[name]) for name in table.columns), strict=True))
    return written.getvalue()


def _cells(column: pd.Series[Any]) -> list[Any]:
    """Values that the writer writes as pandas does; None for missing ones."""
    if column.dtype == np.float64:
        return _numbers(column.to_numpy())
    return list(column.astype(object).where(column.notna(), None))


def _numbers(values: NDArray[np.float64]) -> list[Any]:
    """Each different number becomes text once: most are empty, 0 or 1, or hold for a while."""
    import pandas as pd

    codes, bits = pd.factorize(np.ascontiguousarray(values).view(np.int64))  # 0.0 is not -0.0
    known = bits.view(np.float64)
    texts = np.array([None if np.isnan(one) else repr(one) for one in known.tolist()], dtype=object)
    return list(texts[codes])
