"""Videos in, labelled pictures of faces out, told as events."""

from core.datasets.face_extraction.picture_export import export_pictures, pictures_zip
from core.datasets.face_extraction.plan import NO_SCORES, FacesPlan

__all__ = ["NO_SCORES", "FacesPlan", "export_pictures", "pictures_zip"]
