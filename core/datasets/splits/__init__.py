"""Splits: official, held out, or with no person on both sides."""

from core.datasets.splits.split import OFFICIAL
from core.datasets.splits.subject_split import leak_sentences

__all__ = [
    "OFFICIAL",
    "leak_sentences",
]
