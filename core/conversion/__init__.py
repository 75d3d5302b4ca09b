"""Conversion of saved models to other formats with the same predictions."""

from core.conversion.formats import FORMATS, Format, format_named
from core.conversion.overview import (
    downloadable,
    good_for,
    measured_on,
    summarise_formats,
    title_of,
)
from core.conversion.plan import ConvertPlan

__all__ = [
    "FORMATS",
    "ConvertPlan",
    "Format",
    "downloadable",
    "format_named",
    "good_for",
    "measured_on",
    "summarise_formats",
    "title_of",
]
