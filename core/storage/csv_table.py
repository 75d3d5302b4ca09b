"""A table as a CSV file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from core.storage.csv_injection import neutralise_formula

ENCODING = "utf-8-sig"  # with a byte-order mark, for Excel

Cell = str | int | float | None


def csv_bytes(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Floats as `repr`, so that they are read back as they were; texts run as no formula."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow([neutralise_formula(one) if isinstance(one, str) else one for one in row])
    return written.getvalue().encode(ENCODING)
