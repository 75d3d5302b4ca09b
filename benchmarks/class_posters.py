"""Learners of `bench_class`: browsers that post five rows a second, in a process of their own."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from tests.eye_messages import body

ROWS_PER_S = 5
ROWS_PATH = "/class/rows"


@dataclass
class Posted:
    """What the answers were.

    Attributes:
        answers_s: seconds of each answer, after the warm-up.
        refused: status lines of messages that were not taken.
    """

    answers_s: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


async def post_all(port: int, tokens: list[str], *, first_s: float, seconds: int) -> Posted:
    """Post a message a second for each token, over one connection each.

    Args:
        first_s: wall-clock time of the first message; the learners are spread over its second.
        seconds: messages of each; those of the first fifth are a warm-up.
    """
    posted = Posted()
    began_s = time.perf_counter() + first_s - time.time()
    learners = [
        _post(port, token, began_s + number / len(tokens), seconds, posted)
        for number, token in enumerate(tokens)
    ]
    await asyncio.gather(*learners)
    return posted


async def _post(port: int, token: str, first_s: float, seconds: int, posted: Posted) -> None:
    await asyncio.sleep(max(0.0, first_s - time.perf_counter()))
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for number in range(seconds):
        content = body(number, per_s=ROWS_PER_S)
        head = (
            f"POST {ROWS_PATH} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        await asyncio.sleep(max(0.0, first_s + number - time.perf_counter()))
        sent_s = time.perf_counter()
        writer.write(head.encode() + content)
        answer = await reader.readuntil(b"\r\n\r\n")
        length = int(answer.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        await reader.readexactly(length)
        if number >= seconds / 5:
            posted.answers_s.append(time.perf_counter() - sent_s)
        if not answer.startswith(b"HTTP/1.1 200"):
            posted.refused.append(answer.partition(b"\r\n")[0].decode())
    writer.close()


def main() -> None:
    """Read what to do from the input, as JSON; print what came of it."""
    wanted: dict[str, Any] = json.loads(sys.stdin.readline())
    posted = asyncio.run(post_all(**wanted))
    print(json.dumps(vars(posted)))


if __name__ == "__main__":
    main()
