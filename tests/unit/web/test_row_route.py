"""Rows over HTTP: each answer has its status, and no body is read beyond its bound."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from threading import Event, get_ident
from typing import Any

import pytest
from starlette.applications import Starlette

from core.domain import Box
from core.domain.row_answer import (
    MAX_LEVEL_BYTES,
    MAX_MESSAGE_BYTES,
    AnswerKind,
    LearnerSecond,
    NumberedFace,
    NumberedRow,
    RowAnswer,
)
from core.web import CLASS_ROWS_PATH, LEVELS_PATH, class_routes, eye_routes, level_routes
from core.web.row_route import QUICK_BYTES, RowRoute
from tests.asgi import Reply, ask, no_model
from tests.eye_messages import body


class Receiver:
    """Answers as it is told, and remembers what it was given."""

    def __init__(self) -> None:
        self.answer = RowAnswer(AnswerKind.STORED, next_number=1)
        self.taken: list[tuple[str, bytes]] = []
        self.threads: list[int] = []

    def accept(self, token: str, body: bytes) -> RowAnswer:
        self.threads.append(get_ident())
        self.taken.append((token, body))
        return self.answer


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def app(receiver: Receiver, tmp_path: Path) -> Starlette:
    return Starlette(routes=eye_routes(lambda: receiver, tmp_path, no_model))


def post(app: Starlette, *parts: bytes, token: str = "Bearer a-token", **headers: str) -> Reply:
    named = {"Authorization": token, **headers}
    return ask(app, "POST", "/eye/rows", headers=named, parts=parts or (body(),))


def test_a_message_is_taken_with_its_token(app: Starlette, receiver: Receiver) -> None:
    reply = post(app, body()[:100], body()[100:])
    assert (reply.status, json.loads(reply.body)) == (200, {"next": 1})
    assert reply.headers["content-type"] == "application/json"
    assert reply.headers["cache-control"] == "no-store"
    assert receiver.taken == [("a-token", body())]


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (AnswerKind.STORED, 200),
        (AnswerKind.NO_TOKEN, 401),
        (AnswerKind.TOO_SLOW, 408),
        (AnswerKind.OTHER_NUMBER, 409),
        (AnswerKind.OVER, 410),
        (AnswerKind.TOO_LARGE, 413),
        (AnswerKind.INVALID, 422),
        (AnswerKind.TOO_FAST, 429),
        (AnswerKind.NOT_NOW, 503),
    ],
)
def test_every_kind_of_answer_has_its_status(
    app: Starlette, receiver: Receiver, kind: AnswerKind, status: int
) -> None:
    receiver.answer = RowAnswer(kind, "What to do.", next_number=7, retry_after_s=1.2)
    reply = post(app)
    assert reply.status == status
    assert json.loads(reply.body) == {"next": 7, "sentence": "What to do."}
    assert reply.headers["retry-after"] == "2"


def test_an_answer_carries_the_numbers_of_the_faces(app: Starlette, receiver: Receiver) -> None:
    third = NumberedFace(3, Box(1.5, 2, 30, 40), (0.25004, 0.74996))
    faces = (third, NumberedFace(1, Box(0, 0, 9, 9)))
    row = NumberedRow(12.3456, faces)
    receiver.answer = RowAnswer(AnswerKind.STORED, next_number=7, row=row)
    assert json.loads(post(app).body) == {
        "next": 7,
        "row": {
            "time_s": 12.3456,
            "faces": [
                {"number": 3, "box": [1.5, 2, 30, 40], "scores": [0.25, 0.75]},
                {"number": 1, "box": [0, 0, 9, 9], "scores": None},
            ],
        },
    }


@pytest.mark.parametrize(
    "token", ["", "a-token", "Basic a-token", "Bearer ", "Bearer " + "x" * 2000]
)
def test_without_a_bearer_token_the_body_is_not_read(
    app: Starlette, receiver: Receiver, token: str
) -> None:
    reply = post(app, b"x", b"y", token=token)
    assert (reply.status, reply.parts_read) == (401, 0)
    assert json.loads(reply.body)["sentence"].endswith("Start the camera again.")
    assert receiver.taken == []


def test_ten_megabytes_are_refused_before_they_are_read(app: Starlette, receiver: Receiver) -> None:
    told = post(app, b"x" * 10_000_000, **{"Content-Length": "10000000"})
    assert (told.status, told.parts_read) == (413, 0)
    untold = post(app, *[b"x" * 10_000] * 1000)
    assert (untold.status, untold.parts_read) == (413, 7)
    lied = post(app, *[b"x" * 10_000] * 1000, **{"Content-Length": "12"})
    assert lied.status == 413
    assert json.loads(lied.body) == {"sentence": "A message has at most 65,536 bytes."}
    assert receiver.taken == []


def test_the_largest_message_is_taken(app: Starlette, receiver: Receiver) -> None:
    assert post(app, b"x" * MAX_MESSAGE_BYTES).status == 200
    assert post(app, b"x" * MAX_MESSAGE_BYTES, b"x").status == 413


def test_who_hangs_up_in_the_middle_is_not_taken(app: Starlette, receiver: Receiver) -> None:
    headers = {"Authorization": "Bearer a-token"}
    hung_up = ask(app, "POST", "/eye/rows", headers=headers, parts=(b"{",), hangs_up=True)
    assert hung_up.status == 0
    assert receiver.taken == []


def test_rows_are_posted_and_nothing_else(app: Starlette) -> None:
    assert ask(app, "PUT", "/eye/rows").status == 405
    assert ask(app, "GET", "/eye/rows").status == 404


def test_a_body_that_trickles_in_is_cut_off(receiver: Receiver) -> None:
    route = RowRoute(lambda: receiver, body_timeout_s=0.05)

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(0.01)
        return {"type": "http.request", "body": b"x", "more_body": True}

    status, answer = asyncio.run(answered(route, receive))
    assert (status, receiver.taken) == (408, [])
    assert answer["sentence"].startswith("The message did not arrive in time")


def test_a_small_message_is_taken_in_the_event_loop_and_a_large_one_in_a_thread(
    app: Starlette, receiver: Receiver
) -> None:
    post(app)  # the first one makes the receiver
    post(app, b"x" * QUICK_BYTES)
    post(app, b"x" * (QUICK_BYTES + 1))
    assert [one == get_ident() for one in receiver.threads] == [False, True, False]


def test_levels_are_taken_in_threads_and_have_a_bound_of_their_own(receiver: Receiver) -> None:
    app = Starlette(routes=level_routes(lambda: receiver))
    headers = {"Authorization": "Bearer a-token"}
    for size, status in ((2, 200), (2, 200), (MAX_LEVEL_BYTES, 200), (MAX_LEVEL_BYTES + 1, 413)):
        parts = (b"x" * size,)
        assert ask(app, "POST", LEVELS_PATH, headers=headers, parts=parts).status == status
    assert len(receiver.threads) == 3
    assert get_ident() not in receiver.threads
    assert ask(app, "GET", LEVELS_PATH).status == 405


class SlowReceiver(Receiver):
    """Takes its large message when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.may_go_on = Event()

    def accept(self, token: str, body: bytes) -> RowAnswer:
        if len(body) > QUICK_BYTES:
            assert self.may_go_on.wait(10)
        return super().accept(token, body)


def test_the_event_loop_waits_for_no_message_that_is_in_a_thread() -> None:
    receiver = SlowReceiver()
    route = RowRoute(lambda: receiver)
    large, small = b"x" * (QUICK_BYTES + 1), b"{}"

    async def send_all() -> None:
        await answered(route, sending(small))
        first = asyncio.create_task(answered(route, sending(large), token="one"))
        while not route._in_threads["one"]:
            await asyncio.sleep(0)
        await answered(route, sending(b"[]"), token="another")  # waits for nobody
        after = asyncio.create_task(answered(route, sending(small), token="one"))
        while route._in_threads["one"] < 2:
            await asyncio.sleep(0)
        receiver.may_go_on.set()
        await asyncio.gather(first, after)

    asyncio.run(send_all())
    assert [body[:2] for _, body in receiver.taken[:2]] == [b"{}", b"[]"]
    assert sorted(len(body) for _, body in receiver.taken[2:]) == [2, len(large)]


def sending(body: bytes) -> Any:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


async def answered(route: RowRoute, receive: Any, token: str = "a") -> tuple[int, Any]:
    """Status and content of the answer to one request."""
    headers = [(b"authorization", f"Bearer {token}".encode())]
    sent: list[Any] = []

    async def send(event: Any) -> None:
        sent.append(event)

    scope = {"type": "http", "method": "POST", "path": "/eye/rows", "headers": headers}
    await route(scope, receive, send)
    return sent[0]["status"], json.loads(sent[1]["body"])


def test_a_learner_is_answered_with_the_newest_second_and_nothing_that_is_not_shared(
    receiver: Receiver,
) -> None:
    second = LearnerSecond(12, measured=1.0, usable=0.5, present=0.66666)
    receiver.answer = RowAnswer(AnswerKind.STORED, next_number=3, second=second)
    app = Starlette(routes=class_routes(lambda: receiver))
    headers = {"Authorization": "Bearer a-token"}
    reply = ask(app, "POST", CLASS_ROWS_PATH, headers=headers, parts=(body(),))
    assert json.loads(reply.body) == {
        "next": 3,
        "second": {"second": 12, "measured": 1.0, "usable": 0.5, "present": 0.667},
    }
