"""Datasets opened under a name, and their decoded copies."""

from core.datasets.catalogue.catalogue import (
    SOURCE_FILE,
    SPLIT_FILE,
    UPLOADED_ENDINGS,
    DatasetEntry,
    add,
    discard_upload,
    entries,
    entry,
    expect_free,
    free_name,
    keep_upload,
    name_from,
    open_entry,
    remove,
)
from core.datasets.catalogue.opening import label_map_in_use, open_dataset
from core.datasets.catalogue.plan import OpenPlan
from core.datasets.catalogue.request import expect_one_dataset, open_requested_dataset

__all__ = [
    "SOURCE_FILE",
    "SPLIT_FILE",
    "UPLOADED_ENDINGS",
    "DatasetEntry",
    "OpenPlan",
    "add",
    "discard_upload",
    "entries",
    "entry",
    "expect_free",
    "expect_one_dataset",
    "free_name",
    "keep_upload",
    "label_map_in_use",
    "name_from",
    "open_dataset",
    "open_entry",
    "open_requested_dataset",
    "remove",
]
