"""Extraction of faces from videos as labelled pictures."""

from core.datasets.face_extraction.checkpoint import discard_unfinished
from core.datasets.face_extraction.picture_export import export_pictures, pictures_zip
from core.datasets.face_extraction.plan import NO_SCORES, FacesPlan
from core.datasets.face_extraction.recruitview import LICENCE as RECRUITVIEW_LICENCE
from core.datasets.face_extraction.recruitview import METADATA_FILE, read_clips

__all__ = [
    "METADATA_FILE",
    "NO_SCORES",
    "RECRUITVIEW_LICENCE",
    "FacesPlan",
    "discard_unfinished",
    "export_pictures",
    "pictures_zip",
    "read_clips",
]
