"""Requests to an ASGI app, without a server and without a socket."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp


@dataclass(frozen=True)
class Reply:
    """What the app answered.

    Attributes:
        parts_read: how many parts of the request's body it took.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    parts_read: int


def no_model(_name: str, _sha256: str) -> None:
    """Finds no model's file."""


def ask(
    app: ASGIApp,
    method: str,
    path: str,
    *,
    headers: Mapping[str, str] | None = None,
    parts: Sequence[bytes] = (b"",),
    hangs_up: bool = False,
) -> Reply:
    """Send one request, its body in these parts, and wait for the whole answer.

    Args:
        hangs_up: after these parts, of more that were to come.
    """
    where, _, query = path.partition("?")
    named = {name.lower(): value for name, value in (headers or {}).items()}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "path": where,
        "raw_path": where.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "scheme": "http",
        "server": ("localhost", 80),
        "client": ("127.0.0.1", 1),
        "headers": [(name.encode(), value.encode()) for name, value in named.items()],
    }
    waiting, sent = list(parts), []

    async def receive() -> dict[str, Any]:
        if waiting:
            more = len(waiting) > 1 or hangs_up
            return {"type": "http.request", "body": waiting.pop(0), "more_body": more}
        if not hangs_up:
            await asyncio.Event().wait()  # as long as somebody waits for the answer
        return {"type": "http.disconnect"}

    async def send(event: Any) -> None:
        sent.append(event)

    asyncio.run(app(scope, receive, send))
    if not sent:
        return Reply(0, {}, b"", len(parts) - len(waiting))
    start, *rest = sent
    return Reply(
        status=start["status"],
        headers={name.decode(): value.decode() for name, value in start["headers"]},
        body=b"".join(one.get("body", b"") for one in rest),
        parts_read=len(parts) - len(waiting),
    )
