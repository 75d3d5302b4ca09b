"""The routes beside the pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from starlette.routing import BaseRoute, Mount, Route

from core.domain.row_answer import MAX_LEVEL_BYTES
from core.web.compressed_files import CompressedFiles
from core.web.model_route import MODEL_PATH, ModelRoute
from core.web.row_route import RowReceiver, RowRoute

ROWS_PATH, FILES_PATH = "/eye/rows", "/eye"
LEVELS_PATH = "/practice/levels"
CLASS_ROWS_PATH = "/class/rows"


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


def level_routes(receiver: Callable[[], RowReceiver]) -> list[BaseRoute]:
    """The route of microphones. Each message is stored before it is answered, so none is taken in
    the event loop.

    Args:
        receiver: gives what takes the levels; called with the first message, not before.
    """
    take = RowRoute(receiver, max_bytes=MAX_LEVEL_BYTES, quick_bytes=-1)
    return [Route(LEVELS_PATH, take, methods=["POST"])]


def class_routes(receiver: Callable[[], RowReceiver]) -> list[BaseRoute]:
    """The route of learners' rows.

    Args:
        receiver: gives what takes the rows; called with the first message, not before.
    """
    return [Route(CLASS_ROWS_PATH, RowRoute(receiver), methods=["POST"])]
