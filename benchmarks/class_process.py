"""Servers of the benchmarks of classes, each in a process of its own."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.request import urlopen

import psutil

from core.settings import PROJECT_DIR


@contextmanager
def serving(
    module: str, database_url: str, *, learners: int
) -> Iterator[tuple[psutil.Process, int, dict[str, Any]]]:
    """A server that runs while inside: its process, its port, and the line of JSON that it said.

    Args:
        module: what Python runs, with database, port and learners.
        database_url: of an empty database.
        learners: of the class that it opens.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", module, database_url, str(port), str(learners)]
    process = subprocess.Popen(command, cwd=PROJECT_DIR, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield psutil.Process(process.pid), port, json.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.wait()


def ask(port: int, what: str) -> Any:
    """What a server answers to a question, from JSON."""
    with urlopen(f"http://127.0.0.1:{port}/{what}", timeout=30) as answer:
        return json.load(answer)
