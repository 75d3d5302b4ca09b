"""Seats, as regions of the picture."""

from __future__ import annotations

from dataclasses import dataclass

MAX_SIDE = 6
"""Most rows and columns: a region of the picture should hold a group."""


@dataclass(frozen=True)
class SeatGrid:
    """Regions of equal size, counted row by row from the picture's top left.

    Attributes:
        rows, columns: 1 to `MAX_SIDE`.
    """

    rows: int = 1
    columns: int = 1

    def __post_init__(self) -> None:
        if not (1 <= self.rows <= MAX_SIDE and 1 <= self.columns <= MAX_SIDE):
            raise ValueError(f"a grid has 1 to {MAX_SIDE} rows and columns, got {self}")

    def __len__(self) -> int:
        return self.rows * self.columns

    def region_at(self, x: float, y: float) -> int:
        """The region of a place.

        Args:
            x, y: fractions of the picture's width and height; outside counts as at its edge.
        """
        column = min(max(int(x * self.columns), 0), self.columns - 1)
        row = min(max(int(y * self.rows), 0), self.rows - 1)
        return row * self.columns + column
