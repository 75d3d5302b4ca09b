"""Finding, reading, splitting and auditing labelled face pictures."""

from core.datasets.catalogue.opening import open_dataset
from core.datasets.readers.source import DatasetSource
from core.datasets.splits.split import hold_out

__all__ = [
    "DatasetSource",
    "hold_out",
    "open_dataset",
]
