"""Runs checks in a separate process: slow ones, and ones that may crash."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

from core.settings import PROJECT_DIR

TIMEOUT_S = 120.0
"""Of such a process."""

_Result = TypeVar("_Result")


def run_probe(
    module: str, *, python: str = sys.executable, request: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a module of ours as a separate process.

    Args:
        module: its dotted name.
        python: the interpreter.
        request: its standard input.
    Raises:
        OSError: the process cannot be started.
        subprocess.TimeoutExpired: it did not end within `TIMEOUT_S`.
    """
    return subprocess.run(
        [python, "-m", module],
        cwd=PROJECT_DIR,
        input=request,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )


def in_background(work: Callable[[], _Result]) -> Future[_Result]:
    """Run `work`, which raises nothing, in a thread."""
    future: Future[_Result] = Future()
    # A daemon: stopping the app does not wait for it.
    Thread(target=lambda: future.set_result(work()), daemon=True).start()
    return future
