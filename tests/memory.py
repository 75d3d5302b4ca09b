"""How much memory work takes by itself: measured in a process in which nothing else happens."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from multiprocessing import get_context
from typing import Any, TypeVar

from tests.processes import plain_main

# The program imports them where it uses them: that is no memory of the work.
LIBRARIES = ("pandas", "scipy.stats")
_Subject = TypeVar("_Subject")
_Answer = TypeVar("_Answer")


def with_peak(
    work: Callable[[_Subject], _Answer], make: Callable[..., _Subject], *given: Any
) -> tuple[_Answer, int]:
    """What the work gives, and the most bytes it held at once, in a process of its own.

    In the process of a test, threads that other tests left behind are counted as well.

    Args:
        work: like `make` a function of a module; its answer goes from process to process.
        make: gives what the work is done on, of what is `given`, before anything is measured.
    """
    spawn = get_context("spawn")
    with plain_main(), ProcessPoolExecutor(1, mp_context=spawn) as process:
        return process.submit(_traced, work, make, given).result()


def _traced(work, make, given):
    for name in LIBRARIES:
        import_module(name)
    subject = make(*given)
    tracemalloc.start()
    answer = work(subject)
    return answer, tracemalloc.get_traced_memory()[1]
