"""Levels of a microphone over time: numbers only, no sound can be made of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LOWEST_DB, HIGHEST_DB = -100.0, 0.0
"""Of a level in dB relative to full scale (dBFS); silence itself is stored as the lowest."""


@dataclass(frozen=True, eq=False)
class SoundLevels:
    """Root mean square levels of consecutive tenths of a second.

    Attributes:
        time_s: float64 `(n,)`, middle of each, seconds since the session or answer began;
            increasing. Tenths that were not measured are left out.
        level_db: float32 `(n,)`, in dBFS, from `LOWEST_DB` to `HIGHEST_DB`.
    """

    time_s: NDArray[np.float64]
    level_db: NDArray[np.float32]

    def __post_init__(self) -> None:
        if self.time_s.ndim != 1 or self.time_s.shape != self.level_db.shape:
            raise ValueError("there is one level for each time")
        if not (np.isfinite(self.time_s).all() and (np.diff(self.time_s) > 0).all()):
            raise ValueError("levels are in time order, each at its own time")
        if not ((self.level_db >= LOWEST_DB) & (self.level_db <= HIGHEST_DB)).all():
            raise ValueError(f"levels lie in {LOWEST_DB:g} to {HIGHEST_DB:g} dB")

    def __len__(self) -> int:
        return len(self.time_s)

    def between(self, begins_s: float, ends_s: float) -> SoundLevels:
        """Those at or after the first time and before the second."""
        inside = (self.time_s >= begins_s) & (self.time_s < ends_s)
        return SoundLevels(self.time_s[inside], self.level_db[inside])
