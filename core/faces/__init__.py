"""Videos in, labelled pictures of faces out, told as events."""

from core.faces.pictures import export_pictures, pictures_zip
from core.faces.plan import NO_SCORES, FacesPlan

__all__ = ["NO_SCORES", "FacesPlan", "export_pictures", "pictures_zip"]
