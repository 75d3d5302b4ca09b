"""Figures of an evaluation as files to take home."""

from __future__ import annotations

import json
from functools import partial

import streamlit as st

from core.evaluation.predictions.evaluation import Evaluation
from core.evaluation.scorecard.summary import summary_of
from pages.parts import shared_evaluation


def draw_downloads(evaluation: Evaluation) -> None:
    """A button for every figure as JSON; the file is made when it is pressed."""
    st.download_button(
        "Every figure (JSON)",
        partial(figures_json, evaluation),
        file_name=f"{evaluation.model}-{evaluation.slug}.json",
        mime="application/json",
        icon=":material/data_object:",
        on_click="ignore",
        key="figures-json",
    )


def figures_json(evaluation: Evaluation) -> bytes:
    """Every figure of an evaluation, with its intervals."""
    told = summary_of(evaluation, shared_evaluation.answers_of(evaluation))
    return json.dumps(told, indent=1, allow_nan=False).encode()
