"""Finding, reading and splitting labelled face pictures."""

from core.datasets.fer2013 import open_fer2013
from core.datasets.split import hold_out

__all__ = ["hold_out", "open_fer2013"]
