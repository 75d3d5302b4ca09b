"""Takes rows over HTTP: bounds a request before it is read, and gives each answer its status."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from core.domain.errors import StoreError
from core.domain.row_answer import MAX_MESSAGE_BYTES, AnswerKind, RowAnswer

_MAX_TOKEN_CHARACTERS = 1024
_RETRY_AFTER_S = 10.0
_STATUS: Mapping[AnswerKind, int] = {
    AnswerKind.STORED: 200,
    AnswerKind.NO_TOKEN: 401,
    AnswerKind.OTHER_NUMBER: 409,
    AnswerKind.OVER: 410,
    AnswerKind.TOO_LARGE: 413,
    AnswerKind.INVALID: 422,
    AnswerKind.TOO_FAST: 429,
    AnswerKind.NOT_NOW: 503,
}
_NO_TOKEN = RowAnswer(
    AnswerKind.NO_TOKEN, "The permission to write this session is missing. Start the camera again."
)
_TOO_LARGE = RowAnswer(AnswerKind.TOO_LARGE, f"A message has at most {MAX_MESSAGE_BYTES:,} bytes.")


class RowReceiver(Protocol):
    """Takes the messages of all browsers; used by many threads."""

    def accept(self, token: str, body: bytes) -> RowAnswer:
        """Take a message; both are untrusted."""
        ...


class RowRoute:
    """The ASGI app of `POST /eye/rows`.

    Args:
        receiver: gives what takes the rows; called in a worker thread. Raises a StoreError where
            the data folder cannot be used.
    """

    def __init__(self, receiver: Callable[[], RowReceiver]) -> None:
        self._receiver = receiver

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            response = await self._response(Request(scope, receive))
        except ClientDisconnect:  # nobody is left to be answered
            return
        await response(scope, receive, send)

    async def _response(self, request: Request) -> Response:
        token = _token_of(request)
        if not token:
            return _as_response(_NO_TOKEN)
        body = await _body_of(request)
        if body is None:
            return _as_response(_TOO_LARGE)
        # In a thread: rows are analysed and queued there, and the pages' event loop goes on.
        return _as_response(await run_in_threadpool(self._accept, token, body))

    def _accept(self, token: str, body: bytes) -> RowAnswer:
        try:
            receiver = self._receiver()
        except StoreError as error:
            return RowAnswer(AnswerKind.NOT_NOW, str(error), retry_after_s=_RETRY_AFTER_S)
        return receiver.accept(token, body)


def _token_of(request: Request) -> str:
    """The bearer token; empty without one that could be."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    is_token = scheme.lower() == "bearer" and len(token) <= _MAX_TOKEN_CHARACTERS
    return token.strip() if is_token else ""


async def _body_of(request: Request) -> bytes | None:
    """The body; None as soon as it is too large: what follows is not read."""
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and int(announced[:20]) > MAX_MESSAGE_BYTES:
        return None
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_MESSAGE_BYTES:
            return None
    return bytes(body)


def _as_response(answer: RowAnswer) -> Response:
    content: dict[str, Any] = {}
    if answer.next_number is not None:
        content["next"] = answer.next_number
    if answer.sentence:
        content["sentence"] = answer.sentence
    headers = {"Cache-Control": "no-store"}
    if answer.retry_after_s > 0:
        headers["Retry-After"] = str(math.ceil(answer.retry_after_s))
    return JSONResponse(content, status_code=_STATUS[answer.kind], headers=headers)
