"""Protection against CSV injection: cells that a spreadsheet would run as a formula."""

from __future__ import annotations

_FORMULA_STARTS = (*"=+-@\t\r\n'", *"\uff1d\uff0b\uff0d\uff20")
"""The last four are the full-width forms of the first four: spreadsheets read them alike."""


def neutralise_formula(text: str) -> str:
    """A cell that no spreadsheet runs (OWASP, CSV injection); `original` is the inverse."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def original(cell: str) -> str:
    """The text of a cell that `neutralise_formula` wrote."""
    return cell.removeprefix("'")
