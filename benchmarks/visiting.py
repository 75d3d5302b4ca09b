"""How long pages take: the scripts that the server runs, without what the browser draws."""

from __future__ import annotations

import statistics
from typing import Any

from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from benchmarks.measuring import seconds
from core.storage.settings import PROJECT_DIR

PAGE_BAR = "at most 0.5 s"
REPEATS = 7


def visitor() -> AppTest:
    """Somebody who comes in at home."""
    _on_a_visited_server()
    return AppTest.from_file(str(PROJECT_DIR / "app.py"), default_timeout=120)


def answer_s(who: AppTest) -> float:
    """How long the server takes to run the page once.

    Raises:
        RuntimeError: the page did.
    """
    took = seconds(who.run)
    if who.exception:
        raise RuntimeError(str(who.exception[0].value))
    return took


def warm_s(who: AppTest) -> float:
    """The same when it was open before: the median of several."""
    return statistics.median(answer_s(who) for _ in range(REPEATS))


def _on_a_visited_server() -> None:
    """AppTest makes each rerun a first visit: a detour (`pages.parts.shell.navigation`)."""
    begin = PagesManager.__init__
    if begin.__name__ == "_begin_visited":
        return

    def _begin_visited(self: PagesManager, *args: Any, **named: Any) -> None:
        PagesManager.uses_pages_directory = False
        begin(self, *args, **named)

    PagesManager.__init__ = _begin_visited  # type: ignore[method-assign]
