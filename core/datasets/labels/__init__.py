"""Labels: names, class mapping, corrections, FER+ votes."""

from core.datasets.labels import corrections
from core.datasets.labels.class_mapping import apply_map, make_map, map_named, maps_for, save_map
from core.datasets.labels.correction_effects import confirmation, corrected_labels
from core.datasets.labels.corrections import (
    VERSIONS,
    Correction,
    Corrections,
    Exclude,
    Merge,
    Relabel,
    apply_corrections,
    change_corrections,
    load_corrections,
    load_version,
)
from core.datasets.labels.ferplus_votes import Votes, read_votes, votes_for
from core.datasets.labels.label_names import ORIGINAL_LABELS, guess, mapping_table, with_label_map

__all__ = [
    "ORIGINAL_LABELS",
    "VERSIONS",
    "Correction",
    "Corrections",
    "Exclude",
    "Merge",
    "Relabel",
    "Votes",
    "apply_corrections",
    "apply_map",
    "change_corrections",
    "confirmation",
    "corrected_labels",
    "corrections",
    "guess",
    "load_corrections",
    "load_version",
    "make_map",
    "map_named",
    "mapping_table",
    "maps_for",
    "read_votes",
    "save_map",
    "votes_for",
    "with_label_map",
]
