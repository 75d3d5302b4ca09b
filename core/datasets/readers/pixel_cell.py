"""One cell of a CSV file that holds a picture as numbers, in any common notation."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from core.domain.counted import counted

# Lists, tuples and arrays as Python and numpy print them, and numbers separated by commas.
_PUNCTUATION = re.compile(r"[\[\](){},;|]|\barray\b|\bdtype=\w+")


def cell_numbers(cell: str) -> list[str]:
    """The entries of a cell, as written."""
    return _PUNCTUATION.sub(" ", cell).split()


def whole_numbers(cell: str, count: int) -> NDArray[np.int32]:
    """The values of a picture: `70 80`, `70.0 80.0`, `[70, 80]`; the first is the fastest.

    Args:
        count: the expected number of values.
    Returns:
        int32 `(count,)`, from 0 to 255.
    Raises:
        ValueError: anything else; the message describes the cell.
    """
    try:
        numbers = np.fromstring(cell, dtype=np.int32, sep=" ")
    except (ValueError, DeprecationWarning):
        numbers = np.zeros(0, dtype=np.int32)
    if numbers.size != count:
        numbers = _parsed_as_floats(cell, count)
    if numbers.size != count or numbers.min() < 0 or numbers.max() > 255:
        raise ValueError(_error_message(cell, count))
    return numbers


def _parsed_as_floats(cell: str, count: int) -> NDArray[np.int32]:
    try:
        found = np.array(cell_numbers(cell), dtype=np.float64)
    except ValueError as error:
        raise ValueError(_error_message(cell, count)) from error
    valid = np.isfinite(found) & (found == np.floor(found)) & (found >= 0) & (found <= 255)
    if not valid.all():
        raise ValueError(
            _fractions_message(cell, count)
            if _all_fractions(found)
            else _error_message(cell, count)
        )
    return found.astype(np.int32)


def _all_fractions(found: NDArray[np.float64]) -> bool:
    return bool(found.size) and bool(((found >= 0) & (found <= 1)).all())


def _error_message(cell: str, count: int) -> str:
    if "..." in cell:
        return (
            f"a picture that was truncated when it was printed ('...') instead of {count:,} numbers"
        )
    entries = cell_numbers(cell)
    if len(entries) != count:
        found = counted(len(entries), "entry", "entries")
        return f"{found} instead of {count:,} whole numbers from 0 to 255"
    invalid = next((one for one in entries if not _is_pixel(one)), "")
    return f"{invalid[:20]!r} among its {count:,} entries, which are whole numbers from 0 to 255"


def _is_pixel(entry: str) -> bool:
    try:
        number = float(entry)
    except ValueError:
        return False
    return 0 <= number <= 255 and number.is_integer()


def _fractions_message(cell: str, count: int) -> str:
    return (
        f"{len(cell_numbers(cell)):,} fractions from 0 to 1 instead of {count:,} whole numbers "
        "from 0 to 255: multiply them by 255 and round"
    )
