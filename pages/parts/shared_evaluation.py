"""What all visitors share of evaluations, and each thing's lifetime.

What these functions answer is read-only by agreement.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.evaluation.kept_answers import KeptAnswers
from core.evaluation.shelf import Evaluation, answers_in, list_evaluations
from pages.parts import shared

KIND = "evaluate"


def evaluations_of(model: str) -> list[Evaluation]:
    """A model's evaluations, newest first."""
    return list_evaluations(shared.settings().models_dir, model)


def answers_of(evaluation: Evaluation) -> dict[str, KeptAnswers]:
    """What the model answered, by split.

    Raises:
        DamagedModel: the file is missing or damaged.
    """
    return _answers(shared.settings().models_dir, evaluation, version_of(evaluation))


def version_of(evaluation: Evaluation) -> str:
    """Another one when any file of the evaluation is: the key of what is derived from it."""
    return str(sorted(evaluation.files.items()))


# 7,178 answers take half a megabyte.
@st.cache_resource(max_entries=8, show_spinner="Reading the evaluation …")
def _answers(
    models_dir: Path,
    _evaluation: Evaluation,
    version: str,  # noqa: ARG001 - part of the key
) -> dict[str, KeptAnswers]:
    return answers_in(models_dir, _evaluation)
