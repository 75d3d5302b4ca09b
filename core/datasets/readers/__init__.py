"""Every form that people's datasets have, read as blocks of pictures."""

from core.datasets.readers.batches import ProgressCallback, in_blocks, silent
from core.datasets.readers.csv_pixels import Columns
from core.datasets.readers.dataset_formats import FORMATS
from core.datasets.readers.demo import NAME, draw_face, write_demo
from core.datasets.readers.face_folder import faces_of_ours
from core.datasets.readers.picture_folder import decoded_in_colour, middle_square
from core.datasets.readers.source import FER_PLUS, LEVELS, DatasetSource

__all__ = [
    "FER_PLUS",
    "FORMATS",
    "LEVELS",
    "NAME",
    "Columns",
    "DatasetSource",
    "ProgressCallback",
    "decoded_in_colour",
    "draw_face",
    "faces_of_ours",
    "in_blocks",
    "middle_square",
    "silent",
    "write_demo",
]
