"""Summary statistics of datasets: counts, mean faces, face regions."""

from core.datasets.summary.class_counts import SplitCounts, count_classes, counts_for_weights
from core.datasets.summary.face_regions import BROWS, EYES, MOUTH, WHOLE, PictureRegion
from core.datasets.summary.mean_faces import ClassFace
from core.datasets.summary.published_counts import (
    ALL_PICTURES,
    CONFIDENT2_BY_ITS_MAP,
    CONFIDENT2_PUBLISHED,
    check_counts,
)
from core.datasets.summary.region_effects import RegionEffect
from core.datasets.summary.summary import describe

__all__ = [
    "ALL_PICTURES",
    "BROWS",
    "CONFIDENT2_BY_ITS_MAP",
    "CONFIDENT2_PUBLISHED",
    "EYES",
    "MOUTH",
    "WHOLE",
    "ClassFace",
    "PictureRegion",
    "RegionEffect",
    "SplitCounts",
    "check_counts",
    "count_classes",
    "counts_for_weights",
    "describe",
]
