"""Measures of clips: each is analysed once, and kept by its content."""

from core.validation.measuring.clip_figures import ClipFigures, figures_of
from core.validation.measuring.kept_figures import KeptFigures
from core.validation.measuring.measure_clips import (
    MEASURED,
    Analysis,
    MeasuredClip,
    measure_clips,
)

__all__ = [
    "MEASURED",
    "Analysis",
    "ClipFigures",
    "KeptFigures",
    "MeasuredClip",
    "figures_of",
    "measure_clips",
]
