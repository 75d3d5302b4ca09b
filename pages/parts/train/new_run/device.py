"""The device that a training would run on, shown before it starts."""

from __future__ import annotations

import streamlit as st

from core.system_check import CheckResult
from pages.parts.shell import cached, fragments, readiness

_POLL_INTERVAL_S = 1.0


def draw() -> None:
    """Whether TensorFlow works here and found a GPU; polled until the result is known.

    The page does not wait: TensorFlow starts in its own process, once for all visitors.
    """
    fragments.draw_when_done(
        cached.tensorflow_check,
        _draw,
        waiting="Looking for a GPU: TensorFlow starts in its own process.",
        poll_s=_POLL_INTERVAL_S,
    )


def _draw(found: CheckResult) -> None:
    st.markdown(readiness.line_of(found))
