"""How good a model is, in figures that say how sure they are."""

from __future__ import annotations

import streamlit as st

from core.evaluation.shelf import Evaluation
from pages.parts import shared_evaluation
from pages.parts.theme import exactly


def draw(evaluation: Evaluation) -> None:
    """Draw the figures of one evaluation.

    Raises:
        DamagedModel: its answers cannot be read.
    """
    for split, answers in shared_evaluation.answers_of(evaluation).items():
        st.metric(split, exactly(float(answers.right.mean())))
