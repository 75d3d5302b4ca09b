"""Takes rows over HTTP: bounds a request before it is read, and gives each answer its status."""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from core.domain.errors import StoreError
from core.domain.row_answer import (
    MAX_MESSAGE_BYTES,
    AnswerKind,
    LearnerSecond,
    NumberedRow,
    RowAnswer,
)

_MAX_TOKEN_CHARACTERS = 1024
_RETRY_AFTER_S = 10.0

BODY_TIMEOUT_S = 10.0
"""How long a body may take to arrive: the browser gives up then, too."""

QUICK_BYTES = 16_384
"""A message up to here, some 25 rows, takes a few milliseconds at most; one of five rows takes less
than the way to a thread and back costs the event loop."""

_STATUS: Mapping[AnswerKind, int] = {
    AnswerKind.STORED: 200,
    AnswerKind.NO_TOKEN: 401,
    AnswerKind.TOO_SLOW: 408,
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
_TOO_SLOW = RowAnswer(
    AnswerKind.TOO_SLOW,
    "The message did not arrive in time. Send it again, or use a faster connection.",
)


class RowReceiver(Protocol):
    """Takes the messages of all browsers; used by many threads."""

    def accept(self, token: str, body: bytes) -> RowAnswer:
        """Take a message; both are untrusted."""
        ...


class RowRoute:
    """The ASGI app of `POST /eye/rows`, and of others with messages like these.

    Small messages are taken in the event loop, where they take less time than the way to a thread
    and back; large ones, and the first of all, in a thread. While one of a token is in a thread,
    others of it go there too: the event loop never waits for one to be taken.

    Args:
        receiver: gives what takes the rows; called for each message, and quick after the first.
            Raises a StoreError where the data folder cannot be used.
        body_timeout_s: longest time in which a body may arrive.
        max_bytes: of a message; no more of it is read.
        quick_bytes: of a message that is taken in the event loop; -1 for none.
    """

    def __init__(
        self,
        receiver: Callable[[], RowReceiver],
        *,
        body_timeout_s: float = BODY_TIMEOUT_S,
        max_bytes: int = MAX_MESSAGE_BYTES,
        quick_bytes: int = QUICK_BYTES,
    ) -> None:
        self._receiver = receiver
        self._body_timeout_s = body_timeout_s
        self._max_bytes = max_bytes
        self._quick_bytes = quick_bytes
        self._is_ready = False  # whether the receiver was made
        self._in_threads: Counter[str] = Counter()  # token -> its messages; the event loop's own

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
        try:
            async with asyncio.timeout(self._body_timeout_s):
                body = await _body_of(request, self._max_bytes)
        except TimeoutError:
            return _as_response(_TOO_SLOW)
        if body is None:
            sentence = f"A message has at most {self._max_bytes:,} bytes."
            return _as_response(RowAnswer(AnswerKind.TOO_LARGE, sentence))
        if self._is_ready and len(body) <= self._quick_bytes and not self._in_threads[token]:
            return _as_response(self._accept(token, body))
        return _as_response(await self._accept_in_thread(token, body))

    async def _accept_in_thread(self, token: str, body: bytes) -> RowAnswer:
        self._in_threads[token] += 1
        try:
            return await run_in_threadpool(self._accept, token, body)
        finally:
            self._in_threads[token] -= 1
            if not self._in_threads[token]:
                del self._in_threads[token]

    def _accept(self, token: str, body: bytes) -> RowAnswer:
        try:
            receiver = self._receiver()
        except StoreError as error:
            return RowAnswer(AnswerKind.NOT_NOW, str(error), retry_after_s=_RETRY_AFTER_S)
        self._is_ready = True
        return receiver.accept(token, body)


def _token_of(request: Request) -> str:
    """The bearer token; empty without one that could be."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    is_token = scheme.lower() == "bearer" and len(token) <= _MAX_TOKEN_CHARACTERS
    return token.strip() if is_token else ""


async def _body_of(request: Request, max_bytes: int) -> bytes | None:
    """The body; None as soon as it is too large: what follows is not read."""
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and int(announced[:20]) > max_bytes:
        return None
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > max_bytes:
            return None
    return bytes(body)


def _as_response(answer: RowAnswer) -> Response:
    content: dict[str, Any] = {}
    if answer.next_number is not None:
        content["next"] = answer.next_number
    if answer.row is not None:
        content["row"] = _plain_row(answer.row)
    if answer.second is not None:
        content["second"] = _plain_second(answer.second)
    if answer.sentence:
        content["sentence"] = answer.sentence
    headers = {"Cache-Control": "no-store"}
    if answer.retry_after_s > 0:
        headers["Retry-After"] = str(math.ceil(answer.retry_after_s))
    return JSONResponse(content, status_code=_STATUS[answer.kind], headers=headers)


def _plain_row(row: NumberedRow) -> dict[str, Any]:
    faces = [
        {
            "number": face.number,
            "box": face.box.sides,
            "scores": [round(score, 3) for score in face.scores] or None,
        }
        for face in row.faces
    ]
    return {"time_s": row.time_s, "faces": faces}


def _plain_second(second: LearnerSecond) -> dict[str, Any]:
    # What a class does not share has no name in it either.
    plain = {name: value for name, value in vars(second).items() if value not in {None, ()}}
    shares = {name: round(value, 3) for name, value in plain.items() if isinstance(value, float)}
    scores = [round(score, 3) for score in second.scores]
    return plain | shares | ({"scores": scores} if scores else {})
