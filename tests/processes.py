"""Processes that tests begin: from a plain main, whatever page was drawn here before."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType


@contextmanager
def plain_main() -> Iterator[None]:
    """While it holds, a process that begins runs no script as its main module.

    Streamlit's AppTest leaves the page it drew last as `__main__`, and `multiprocessing` runs that
    file in every child: a pool's processes then die at birth, and are made anew without end.
    """
    drawn = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = drawn
