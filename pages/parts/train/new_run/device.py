"""What a training would run on here, said before it starts."""

from __future__ import annotations

import streamlit as st

from core.system_check import CheckResult
from pages.parts.shell import cached, fragments, readiness

_LOOK_EVERY_S = 1.0


def draw() -> None:
    """Whether TensorFlow works here and found a GPU; looked for again until it has answered.

    Nothing waits for it: TensorFlow starts in its own process, once for all visitors.
    """
    fragments.draw_when_done(
        cached.tensorflow_check,
        _draw,
        waiting="Looking for a GPU: TensorFlow starts in its own process.",
        poll_s=_LOOK_EVERY_S,
    )


def _draw(found: CheckResult) -> None:
    st.markdown(readiness.line_of(found))
