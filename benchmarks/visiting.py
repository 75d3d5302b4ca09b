"""Times page scripts on the server, without the browser."""

from __future__ import annotations

import statistics
from typing import Any

from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from benchmarks.measuring import seconds
from core.settings import PROJECT_DIR

PAGE_BAR = "at most 0.5 s"
REPEATS = 7


def visitor() -> AppTest:
    """A new visitor, on Home."""
    _on_a_visited_server()
    return AppTest.from_file(str(PROJECT_DIR / "app.py"), default_timeout=120)


def answer_s(who: AppTest) -> float:
    """How long the server takes to run the page's script once.

    Raises:
        RuntimeError: the page raised an exception.
    """
    elapsed_s = seconds(who.run)
    if who.exception:
        raise RuntimeError(str(who.exception[0].value))
    return elapsed_s


def warm_s(who: AppTest) -> float:
    """The same for a page that was open before: the median of several reruns."""
    return statistics.median(answer_s(who) for _ in range(REPEATS))


def _on_a_visited_server() -> None:
    """Without this, AppTest makes each rerun a first visit, with a redirect through app.py."""
    original = PagesManager.__init__
    if original.__name__ == "_init_visited":
        return

    def _init_visited(self: PagesManager, *args: Any, **named: Any) -> None:
        PagesManager.uses_pages_directory = False
        original(self, *args, **named)

    PagesManager.__init__ = _init_visited  # type: ignore[method-assign]
