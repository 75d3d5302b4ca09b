"""What the server answers beside the pages: rows of the browser's eye, its files, and levels of
microphones."""

from core.web.model_route import model_url
from core.web.routes import (
    CLASS_ROWS_PATH,
    LEVELS_PATH,
    class_routes,
    eye_routes,
    level_routes,
)

__all__ = [
    "CLASS_ROWS_PATH",
    "LEVELS_PATH",
    "class_routes",
    "eye_routes",
    "level_routes",
    "model_url",
]
