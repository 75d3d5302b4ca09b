"""What all visitors share of reports on models, and each thing's lifetime."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from core.evaluation.predictions.evaluation import Evaluation
from core.evaluation.report import FullReport, gather
from core.training.monitoring.provenance import surroundings_of
from pages.parts import shared, shared_evaluation


def report_of(evaluation: Evaluation) -> FullReport:
    """Everything a report on an evaluation says.

    Raises:
        UnknownModel, DamagedModel: the model is gone, or a file of it cannot be read.
        EmptySplit: the evaluation holds no answers.
    """
    key = f"{evaluation.model}/{evaluation.slug} {shared_evaluation.version_of(evaluation)}"
    return _report(key, evaluation)


# A minute: the card and the formats of the model may change beside its evaluation.
@st.cache_resource(max_entries=4, ttl=60, show_spinner="Writing the report …")
def _report(key: str, _evaluation: Evaluation) -> FullReport:  # noqa: ARG001 - key is the key
    here = shared.settings()
    around = surroundings_of(here, _evaluation.model, now=datetime.now(UTC))
    return gather(here.models_dir, _evaluation, around)
