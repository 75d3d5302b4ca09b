"""From a saved model to other formats that give the same answers, and to files that travel."""

from core.conversion.formats import FORMATS, Format, format_named
from core.conversion.overview import good_for, summarise_formats, title_of, to_take
from core.conversion.plan import ConvertPlan

__all__ = [
    "FORMATS",
    "ConvertPlan",
    "Format",
    "format_named",
    "good_for",
    "summarise_formats",
    "title_of",
    "to_take",
]
