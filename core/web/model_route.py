"""Serves the file of a model that browsers run, by its content."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

from core.web.compressed_files import FOR_EVER

MODEL_PATH = "/eye/models/{name}/{sha256}.tflite"
_DIGITS = 12


def model_url(name: str, sha256: str) -> str:
    """The address of a model's file.

    Args:
        name: of the model.
        sha256: of the file.
    """
    return MODEL_PATH.format(name=quote(name, safe=""), sha256=sha256[:_DIGITS])


class ModelRoute:
    """The endpoint of `MODEL_PATH`.

    Args:
        find: gives the file with a model's name and the beginning of a sha256, both untrusted; None
            where there is none. Called in a worker thread.
    """

    def __init__(self, find: Callable[[str, str], Path | None]) -> None:
        self._find = find

    async def answer(self, request: Request) -> Response:
        """The file; its address names its content, so browsers keep it for a year."""
        name, sha256 = request.path_params["name"], request.path_params["sha256"]
        path = await run_in_threadpool(self._find, name, sha256)
        if path is None:
            return PlainTextResponse(
                "This model has no such file: publish it for browsers.\n", status_code=404
            )
        headers = {"Cache-Control": FOR_EVER, "X-Content-Type-Options": "nosniff"}
        return FileResponse(path, media_type="application/octet-stream", headers=headers)
