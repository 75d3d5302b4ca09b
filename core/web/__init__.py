"""What the server answers beside the pages: rows of the browser's eye, and its files."""

from core.web.model_route import model_url
from core.web.routes import eye_routes

__all__ = ["eye_routes", "model_url"]
