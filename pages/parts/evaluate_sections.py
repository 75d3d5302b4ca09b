"""The parts of the evaluation page: each draws one evaluation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import streamlit as st

from core.evaluation.predictions.evaluation import Evaluation
from pages.parts import (
    evaluate_compare,
    evaluate_conditions,
    evaluate_errors,
    evaluate_figures,
    evaluate_looks,
    evaluate_report,
    memory,
)

SECTIONS: Mapping[str, Callable[[Evaluation], None]] = MappingProxyType(
    {
        "Figures": evaluate_figures.draw,
        "Errors": evaluate_errors.draw,
        "Saliency": evaluate_looks.draw,
        "Robustness": evaluate_conditions.draw,
        "Compare": evaluate_compare.draw,
        "Report": evaluate_report.draw,
    }
)
"""Name on the switch -> what draws it."""

_KEY = "evaluate-section"


def choose_section() -> Callable[[Evaluation], None]:
    """Draw the switch; the answer draws what is open."""
    names = list(SECTIONS)
    remembered = memory.evaluate_section.get()
    section = st.segmented_control(
        "Section",
        names,
        default=remembered if remembered in names else names[0],
        required=True,
        label_visibility="collapsed",
        key=_KEY,
        wrap=True,
    )
    memory.evaluate_section.set(section)
    return SECTIONS[section]
