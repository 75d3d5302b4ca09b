"""Finding, reading, splitting and auditing labelled face pictures."""

from core.datasets.opening import open_dataset
from core.datasets.source import DatasetSource
from core.datasets.split import hold_out

__all__ = ["DatasetSource", "hold_out", "open_dataset"]
