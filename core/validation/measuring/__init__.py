"""Measures of clips: each is analysed once, and kept by its content."""

from core.validation.measuring.clip_figures import LIMITS, TITLES, ClipFigures
from core.validation.measuring.kept_figures import KeptFigures
from core.validation.measuring.measure_clips import Analysis, MeasuredClip, measure_clips

__all__ = [
    "LIMITS",
    "TITLES",
    "Analysis",
    "ClipFigures",
    "KeptFigures",
    "MeasuredClip",
    "measure_clips",
]
