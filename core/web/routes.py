"""The routes beside the pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from starlette.routing import BaseRoute, Mount, Route

from core.web.compressed_files import CompressedFiles
from core.web.model_route import MODEL_PATH, ModelRoute
from core.web.row_route import RowReceiver, RowRoute

ROWS_PATH, FILES_PATH = "/eye/rows", "/eye"


def eye_routes(
    receiver: Callable[[], RowReceiver],
    files_dir: Path,
    model_file: Callable[[str, str], Path | None],
) -> list[BaseRoute]:
    """The routes of the browser's eye, in the order in which they are asked.

    Args:
        receiver: gives what takes the rows; called with the first message, not before.
        files_dir: the files that the browser loads; need not exist.
        model_file: finds a model's file for browsers; see `ModelRoute`.
    """
    return [
        Route(ROWS_PATH, RowRoute(receiver), methods=["POST"]),
        Route(MODEL_PATH, ModelRoute(model_file).answer, methods=["GET"]),
        Mount(FILES_PATH, CompressedFiles(files_dir)),
    ]
