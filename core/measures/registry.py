"""The registry of all measures: whatever is shown, exported or documented of one is said here."""

from __future__ import annotations

from collections.abc import Mapping

from core.measures.composite_measures import COMPOSITE_MEASURES
from core.measures.face_measures import FACE_MEASURES
from core.measures.measure import Measure

MEASURES: Mapping[str, Measure] = {one.id: one for one in (*FACE_MEASURES, *COMPOSITE_MEASURES)}
"""Id -> measure, in the order of the documentation."""
