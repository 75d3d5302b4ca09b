"""Videos in, labelled pictures of faces out, told as events."""

from core.faces.pictures import export_pictures, pictures_zip
from core.faces.plan import FacesPlan

__all__ = ["FacesPlan", "export_pictures", "pictures_zip"]
