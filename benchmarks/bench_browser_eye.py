"""The browser's eye: what one costs the server, and how long a message takes."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import psutil

from benchmarks.measuring import Row, own_folder, row
from core.sessions import SessionStore
from core.settings import PROJECT_DIR
from tests.eye_messages import body

EYES, ROWS_PER_S = 100, 5
WARM_UP_S, MEASURED_S = 5, 30


def measure() -> list[Row]:
    """A hundred browsers that post five rows a second each, into an SQLite database."""
    with own_folder() as settings:
        settings.data_dir.mkdir(exist_ok=True)
        with _server(settings.database_url) as (server, port, tokens):
            used_s, answers_s = asyncio.run(_post_all(port, tokens, server))
        with SessionStore.open(settings.database_url) as store:
            rows = sum(entry.rows for entry in store.sessions())
    expected = EYES * ROWS_PER_S * (WARM_UP_S + MEASURED_S)
    if rows < 0.9 * expected:  # what the last seconds brought may not be written yet
        raise RuntimeError(f"{rows} of {expected} rows were stored")
    milliseconds = np.array(answers_s) * 1000
    return [
        row("server, a second of one eye at 5 rows/s", used_s * 1000, "ms of a core", "3"),
        row("POST /eye/rows, median", float(np.median(milliseconds)), "ms"),
        row("POST /eye/rows, p95", float(np.percentile(milliseconds, 95)), "ms", "50"),
        row("other load while measured", os.getloadavg()[0], "processes"),
    ]


@contextmanager
def _server(database_url: str) -> Iterator[tuple[psutil.Process, int, list[str]]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    arguments = [database_url, str(port), str(EYES)]
    command = [sys.executable, "-m", "benchmarks.eye_server", *arguments]
    process = subprocess.Popen(command, cwd=PROJECT_DIR, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield psutil.Process(process.pid), port, json.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.wait()


async def _post_all(
    port: int, tokens: list[str], server: psutil.Process
) -> tuple[float, list[float]]:
    """Seconds of a core that the server used for each message, which is a second of one eye, and
    the seconds of every answer, after the warm-up.

    Not for each second: on a busy machine fewer messages are answered in one.
    """
    await _until_it_answers(port)
    answers_s: list[float] = []
    began_s = time.perf_counter()
    eyes = [
        asyncio.create_task(_post(port, token, began_s + number / EYES, answers_s))
        for number, token in enumerate(tokens)
    ]
    await asyncio.sleep(WARM_UP_S)
    answers_s.clear()
    used_before_s = sum(server.cpu_times()[:2])
    await asyncio.sleep(MEASURED_S - 1)
    used_s = (sum(server.cpu_times()[:2]) - used_before_s) / len(answers_s)
    await asyncio.gather(*eyes)
    return used_s, answers_s


async def _until_it_answers(port: int) -> None:
    for _ in range(200):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return
    raise TimeoutError("the server did not start")


async def _post(port: int, token: str, first_s: float, answers_s: list[float]) -> None:
    """One browser: a message a second over one connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for number in range(WARM_UP_S + MEASURED_S):
        await asyncio.sleep(max(0.0, first_s + number - time.perf_counter()))
        content = body(number, per_s=ROWS_PER_S)
        head = (
            f"POST /eye/rows HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        sent_s = time.perf_counter()
        writer.write(head.encode() + content)
        answer = await reader.readuntil(b"\r\n\r\n")
        length = int(answer.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        await reader.readexactly(length)
        answers_s.append(time.perf_counter() - sent_s)
        if not answer.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(answer.decode())
    writer.close()
