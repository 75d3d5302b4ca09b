"""Shows whether every saved model works."""

from __future__ import annotations

import streamlit as st

from core.system_check import CheckResult, model_check
from pages.parts.shell import cached, fragments, readiness

_POLL_INTERVAL_S = 0.5


def draw() -> None:
    """How many models work, those that do not with advice, the others on demand.

    The page does not wait: models are loaded in a separate process, once for all visitors.
    """
    fragments.draw_when_done(
        cached.models_check,
        _draw,
        waiting="Loading every model in a separate process, which takes a second or two.",
        poll_s=_POLL_INTERVAL_S,
    )


def _draw(found: list[CheckResult]) -> None:
    summary = model_check.summarise_models(cached.settings().models_dir, found)
    st.markdown(readiness.line_of(summary))
    readiness.draw(model_check.broken(found))
    if working := model_check.working(found):
        with st.expander("Models that work"):
            readiness.draw(working)
