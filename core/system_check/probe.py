"""Asking a process of its own what nobody should wait for, or what may end a process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

from core.storage.settings import PROJECT_DIR

PROBE_GIVES_UP_S = 120.0
"""How long such a process may take in all."""

_Answer = TypeVar("_Answer")


def run_probe(
    module: str, *, python: str = sys.executable, asked: str | None = None
) -> subprocess.CompletedProcess[str]:
    """What a module of ours said that was run as a process of its own.

    Args:
        module: its dotted name.
        python: the interpreter to ask.
        asked: what it reads.
    Raises:
        OSError: there is no process to be had.
        subprocess.TimeoutExpired: it did not end within `PROBE_GIVES_UP_S`.
    """
    return subprocess.run(
        [python, "-m", module],
        cwd=PROJECT_DIR,
        input=asked,
        capture_output=True,
        text=True,
        timeout=PROBE_GIVES_UP_S,
        check=False,
    )


def in_background(work: Callable[[], _Answer]) -> Future[_Answer]:
    """The answer comes some time; `work` raises nothing."""
    answer: Future[_Answer] = Future()
    # A daemon: whoever stops the app does not wait for an answer that nobody wants any more.
    Thread(target=lambda: answer.set_result(work()), daemon=True).start()
    return answer
