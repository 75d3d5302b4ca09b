"""Presses of buttons on pages where parts redraw themselves."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from threading import Lock
from time import monotonic
from typing import Any, TypeVar, cast

from pages.parts.shell.session_state import Slot

AS_ONE_S = 0.4
"""Presses of one button that are no further apart are one: seconds."""

_Act = TypeVar("_Act", bound=Callable[..., None])


class _Taken:
    """What this tab has pressed. Thread-safe: both reports of a press have threads of their own."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._last: dict[str, tuple[tuple[Any, ...], float]] = {}

    def act(self, act: Callable[..., None], args: tuple[Any, ...]) -> None:
        name = f"{act.__module__}.{act.__qualname__}"
        with self._lock:
            now, last = monotonic(), self._last.get(name)
            if last is not None and last[0] == args and now - last[1] < AS_ONE_S:
                return
            act(*args)
            # Afterwards: the first report may be cut off, and the second then has to act.
            self._last[name] = args, now


_taken: Slot[_Taken | None] = Slot("presses_taken", None)
_beginning = Lock()


def once(act: _Act) -> _Act:
    """Have a callback act once for each press. Wanted by whatever would be done twice.

    Load-bearing: where a part of the page is due to redraw itself as a button is pressed, Streamlit
    1.67 sends the press with both requests, some milliseconds apart, and calls back for each. The
    first is often cut off: whatever reads or writes the session state may end it.
    """

    @wraps(act)
    def act_once(*args: Any) -> None:
        with _beginning:
            taken = _taken.get()
            if taken is None:
                taken = _Taken()
                _taken.set(taken)
        taken.act(act, args)

    return cast(_Act, act_once)
