"""Measures of one face: facing, eyes, expressiveness."""

from core.measures.signals.expressiveness_norm import COUNTED, COUNTED_AT, LevelCuts, baseline_from

__all__ = [
    "COUNTED",
    "COUNTED_AT",
    "LevelCuts",
    "baseline_from",
]
