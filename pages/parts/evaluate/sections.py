"""The parts of the evaluation page: each draws one evaluation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import streamlit as st

from core.evaluation.predictions import Evaluation
from pages.parts.evaluate import report
from pages.parts.evaluate.comparison import comparison
from pages.parts.evaluate.errors import errors
from pages.parts.evaluate.explain import saliency
from pages.parts.evaluate.robustness import robustness
from pages.parts.evaluate.scorecard import scorecard
from pages.parts.shell import session_state

SECTIONS: Mapping[str, Callable[[Evaluation], None]] = MappingProxyType(
    {
        "Metrics": scorecard.draw,
        "Errors": errors.draw,
        "Saliency": saliency.draw,
        "Robustness": robustness.draw,
        "Compare": comparison.draw,
        "Report": report.draw,
    }
)
"""Name on the switch -> what draws it."""

_KEY = "evaluate-section"


def choose_section() -> Callable[[Evaluation], None]:
    """Draw the choice of a section; returns the function that draws it."""
    names = list(SECTIONS)
    remembered = session_state.evaluate_section.get()
    section = st.segmented_control(
        "Section",
        names,
        default=remembered if remembered in names else names[0],
        required=True,
        label_visibility="collapsed",
        key=_KEY,
        wrap=True,
    )
    session_state.evaluate_section.set(section)
    return SECTIONS[section]
