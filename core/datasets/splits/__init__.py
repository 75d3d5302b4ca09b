"""Splits: official, held out, or with no person on both sides."""

from core.datasets.splits.split import OFFICIAL
from core.datasets.splits.subject_split import leaks_in_words

__all__ = [
    "OFFICIAL",
    "leaks_in_words",
]
