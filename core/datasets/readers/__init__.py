"""Readers for every dataset format, each yielding blocks of pictures."""

from core.datasets.readers.batches import in_blocks
from core.datasets.readers.csv_pixels import ColumnNames
from core.datasets.readers.csv_rows import CsvRows
from core.datasets.readers.dataset_formats import FORMATS
from core.datasets.readers.demo import NAME, draw_face, write_demo
from core.datasets.readers.face_folder import extracted_faces_folder
from core.datasets.readers.picture_folder import decoded_in_colour, middle_square
from core.datasets.readers.source import FER_PLUS, LEVELS, DatasetSource

__all__ = [
    "FER_PLUS",
    "FORMATS",
    "LEVELS",
    "NAME",
    "ColumnNames",
    "CsvRows",
    "DatasetSource",
    "decoded_in_colour",
    "draw_face",
    "extracted_faces_folder",
    "in_blocks",
    "middle_square",
    "write_demo",
]
