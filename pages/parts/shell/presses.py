"""Presses of buttons on pages where parts redraw themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from time import monotonic
from typing import ParamSpec

from pages.parts.shell.session_state import Slot

AS_ONE_S = 0.4
"""Presses of one button that are no further apart are one: seconds."""

_Parameters = ParamSpec("_Parameters")

_taken: Slot[Mapping[str, float]] = Slot("presses_taken", {})


def once(act: Callable[_Parameters, None]) -> Callable[_Parameters, None]:
    """Have a callback act once for each press. Wanted by whatever would be done twice.

    Load-bearing: where a part of the page is due to redraw itself as a button is pressed, Streamlit
    1.67 sends the press with both requests, some milliseconds apart, and calls back for each.
    """

    @wraps(act)
    def act_once(*args: _Parameters.args, **kwargs: _Parameters.kwargs) -> None:
        name, now = f"{act.__module__}.{act.__qualname__}", monotonic()
        taken = _taken.get()
        if name in taken and now - taken[name] < AS_ONE_S:
            return
        _taken.set({**taken, name: now})
        act(*args, **kwargs)

    return act_once
