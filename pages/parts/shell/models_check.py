"""Whether every saved model works, said as soon as it is known."""

from __future__ import annotations

import streamlit as st

from core.system_check import CheckResult, model_check
from pages.parts.shell import cached, fragments, readiness

_LOOK_EVERY_S = 0.5


def draw() -> None:
    """How many models work, those that do not with what to do, the others on demand.

    Nothing waits for it: models are opened in a process of its own, for all visitors once.
    """
    fragments.until_answered(
        cached.asked_models,
        _draw,
        waiting="Loading every model in a separate process, which takes a second or two.",
        look_every_s=_LOOK_EVERY_S,
    )


def _draw(found: list[CheckResult]) -> None:
    short = model_check.summarise_models(cached.settings().models_dir, found)
    st.markdown(readiness.line_of(short))
    readiness.draw(model_check.broken(found))
    if working := model_check.working(found):
        with st.expander("Models that work"):
            readiness.draw(working)
