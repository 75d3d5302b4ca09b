"""Rows of clips with a planted correlation between measures and ratings."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from core.validation.columns import ClipRow


def made_rows(
    rng: np.random.Generator,
    *,
    persons: int = 12,
    clips: int = 4,
    planted: Mapping[str, float],
    alike: float = 0.3,
) -> list[ClipRow]:
    """Clips with the rating "calm".

    Args:
        planted: id of a measure -> its correlation with the rating, between and within persons.
        alike: share of the variance that the clips of one person have in common.
    """

    def drawn(count: int) -> np.ndarray:
        rating = rng.normal(size=count)
        noise = rng.normal(size=(len(planted), count))
        measures = [
            r * rating + np.sqrt(1 - r**2) * n for r, n in zip(planted.values(), noise, strict=True)
        ]
        return np.array([rating, *measures])

    number = np.repeat(np.arange(persons), clips)
    found = np.sqrt(1 - alike) * drawn(persons * clips) + np.sqrt(alike) * drawn(persons)[:, number]
    return [
        ClipRow(f"p{one}", {"calm": column[0]}, dict(zip(planted, column[1:], strict=True)))
        for one, column in zip(number, found.T, strict=True)
    ]
