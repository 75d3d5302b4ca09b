"""Serves files that were compressed beforehand, from one folder."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

CODINGS: Mapping[str, str] = {"br": ".br", "gzip": ".gz"}
"""Content coding -> ending of the file compressed so; the first that a browser accepts is sent."""

TYPES: Mapping[str, str] = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".json": "application/json",
    ".wasm": "application/wasm",
    ".css": "text/css",
    ".txt": "text/plain",
    ".md": "text/plain",
}
"""Ending -> media type, whatever the system's own table says; anything else is bytes."""

FOR_EVER = "public, max-age=31536000, immutable"
"""How browsers keep what has its content in its address."""

_ASK_AGAIN = "no-cache"  # the browser may keep it, and asks whether it changed
_HASHED = re.compile(r"[.-][0-9a-f]{8,64}\.")


class CompressedFiles(StaticFiles):
    """A folder whose files lie there as they are, compressed beside that name, or both.

    Names with a content hash, and addresses with a version (`?v=`), are kept by browsers for a
    year; everything else is asked for again, and answered by 304 while it is the same. Hidden files
    and files outside the folder are not found.

    Args:
        folder: need not exist: then nothing is found, and the answer says why.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder, check_dir=False)
        self.config_checked = True  # that the folder is missing is no error: see `get_response`
        self._folder = folder

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, compressed as the browser accepts it."""
        if scope["method"] not in {"GET", "HEAD"}:
            raise HTTPException(status_code=405)
        if not self._folder.is_dir():
            return PlainTextResponse(
                "The files of the eye in the browser are not installed: run make assets.\n",
                status_code=404,
            )
        if any(part.startswith(".") for part in PurePosixPath(path).parts):
            raise HTTPException(status_code=404)
        headers = Headers(scope=scope)
        for coding, ending in (*_accepted(headers), ("", "")):
            full_path, found = self._found(path + ending)
            if found is not None:
                response = _response(full_path, path, coding, found)
                response.headers["cache-control"] = _caching(path, scope)
                if self.is_not_modified(response.headers, headers):
                    return NotModifiedResponse(response.headers)
                return response
        raise HTTPException(status_code=404)

    def _found(self, path: str) -> tuple[str, os.stat_result | None]:
        """Where a file lies, and its state; None for anything that is no file of this folder."""
        try:
            full_path, state = self.lookup_path(path)
        except (OSError, ValueError):  # too long a name, a null byte, not readable
            return "", None
        is_file = state is not None and stat.S_ISREG(state.st_mode)
        return full_path, state if is_file else None


def _accepted(headers: Headers) -> list[tuple[str, str]]:
    """Codings that the browser accepts, ours first."""
    offered = {}
    for part in headers.get("accept-encoding", "").lower().split(","):
        name, _, weight = part.partition(";")
        offered[name.strip()] = weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return [(coding, ending) for coding, ending in CODINGS.items() if offered.get(coding)]


def _response(full_path: str, path: str, coding: str, found: os.stat_result) -> FileResponse:
    media_type = TYPES.get(PurePosixPath(path).suffix.lower(), "application/octet-stream")
    headers = {"Vary": "Accept-Encoding", "X-Content-Type-Options": "nosniff"}
    if coding:
        headers["Content-Encoding"] = coding
    return FileResponse(full_path, headers=headers, media_type=media_type, stat_result=found)


def _caching(path: str, scope: Scope) -> str:
    names_its_content = _HASHED.search(PurePosixPath(path).name) is not None
    has_version = b"v=" in scope.get("query_string", b"")
    return FOR_EVER if names_its_content or has_version else _ASK_AGAIN
