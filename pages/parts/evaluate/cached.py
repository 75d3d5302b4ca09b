"""What all visitors share of evaluations and their reports, and each thing's lifetime.

What these functions answer is read-only by agreement.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from core.datasets.labels import Votes, maps_for
from core.domain import EpochEnded
from core.evaluation.predictions import (
    HISTORY_FILE,
    LEAKAGE_FILE,
    VOTES_FILE,
    DuplicateLeakage,
    Evaluation,
    SplitPredictions,
    list_evaluations,
    load_predictions,
    read_history,
    read_leakage,
    read_part,
    read_votes_part,
)
from core.evaluation.report import FullReport, build_report
from core.evaluation.scorecard import (
    DUPLICATE_FILTERS,
    FerPlus,
    Protocol,
    ScorecardMetrics,
    ScoreFigures,
    duplicate_counts,
    fer_plus,
    figures_of,
    joined_votes,
    protocols_of,
    score_figures_of,
    under_map,
    without_duplicates,
)
from core.training.monitoring import surroundings_of
from pages.parts.shell import cached

KIND = "evaluate"

AS_EVALUATED = ""
"""As the name of a mapping: the classes as they were evaluated."""


@dataclass(frozen=True, eq=False)
class ProtocolFigures:
    """The metrics of one protocol under some classes.

    Attributes:
        figures: of the predictions.
        scores: of the scores.
    """

    figures: ScorecardMetrics
    scores: ScoreFigures


def evaluations_of(model: str) -> list[Evaluation]:
    """A model's evaluations, newest first."""
    return list_evaluations(cached.settings().models_dir, model)


def answers_of(evaluation: Evaluation) -> dict[str, SplitPredictions]:
    """The model's predictions, by split.

    Raises:
        DamagedModel: the file is missing or damaged.
    """
    return _answers(cached.settings().models_dir, evaluation, version_of(evaluation))


def version_of(evaluation: Evaluation) -> str:
    """Changes with any file of the evaluation: the cache key of what is derived from it."""
    return f"{evaluation.model}/{evaluation.slug} {sorted(evaluation.files.items())}"


# 7,178 answers take half a megabyte.
@st.cache_resource(max_entries=8, show_spinner="Reading the evaluation …")
def _answers(
    models_dir: Path,
    _evaluation: Evaluation,
    version: str,  # noqa: ARG001 - part of the key
) -> dict[str, SplitPredictions]:
    return load_predictions(models_dir, _evaluation)


def protocols(evaluation: Evaluation) -> dict[str, Protocol]:
    """The protocols of an evaluation by name, the main one first.

    Raises:
        DamagedModel: the predictions cannot be read.
    """
    return {one.name: one for one in protocols_of(evaluation, answers_of(evaluation))}


def maps_of(evaluation: Evaluation) -> list[str]:
    """Names of the mappings that apply to the evaluated classes."""
    found = maps_for(cached.settings().schemes_dir, evaluation.scheme)
    return [name for name, one in found.items() if one.target.labels != evaluation.scheme.labels]


def protocol_figures(
    evaluation: Evaluation, protocol: str, classes: str = AS_EVALUATED
) -> ProtocolFigures | None:
    """All metrics of one protocol; None where no picture is left under these classes.

    Args:
        protocol: its name.
        classes: name of a mapping; `AS_EVALUATED` for none.
    Raises:
        DamagedModel: the predictions cannot be read.
    """
    return _protocol_figures(evaluation, version_of(evaluation), protocol, classes)


# Curves and tables of one protocol take 0.1 MB, and a twentieth of a second.
@st.cache_resource(max_entries=32, show_spinner=False)
def _protocol_figures(
    _evaluation: Evaluation,
    version: str,  # noqa: ARG001 - part of the key
    protocol: str,
    classes: str,
) -> ProtocolFigures | None:
    answers, temperature = protocols(_evaluation)[protocol].answers, _evaluation.temperature
    if classes:
        label_map = maps_for(cached.settings().schemes_dir, _evaluation.scheme)[classes]
        mapped = under_map(answers, label_map, temperature=temperature)
        if mapped is None or len(mapped.labels) == 0:
            return None
        answers, temperature = mapped, 1.0
    return ProtocolFigures(
        figures_of(answers),
        score_figures_of(
            answers, temperature=temperature, not_sure_below=_evaluation.not_sure_below
        ),
    )


def leakage_of(evaluation: Evaluation) -> dict[str, DuplicateLeakage]:
    """Duplicates among the evaluated pictures, by split; empty if not searched for.

    Raises:
        DamagedModel: the file is missing or damaged.
    """
    content = read_part(cached.settings().models_dir, evaluation, LEAKAGE_FILE)
    return {} if content is None else read_leakage(content)


def duplicates_of(evaluation: Evaluation, protocol: str) -> dict[str, int]:
    """Split -> how many pictures of a protocol duplicate one of it."""
    return duplicate_counts(protocols(evaluation)[protocol], leakage_of(evaluation))


def without_duplicates_of(evaluation: Evaluation, protocol: str) -> dict[str, ScorecardMetrics]:
    """Metrics without duplicates, by what is left out; empty if not searched for.

    Raises:
        DamagedModel: a file is missing or damaged.
    """
    return _without_duplicates(evaluation, version_of(evaluation), protocol)


@st.cache_resource(max_entries=16, show_spinner=False)
def _without_duplicates(
    _evaluation: Evaluation,
    version: str,  # noqa: ARG001 - part of the key
    protocol: str,
) -> dict[str, ScorecardMetrics]:
    found, answers = protocols(_evaluation)[protocol], answers_of(_evaluation)
    leakage, rescored = leakage_of(_evaluation), {}
    for words, own in DUPLICATE_FILTERS.items():
        left = without_duplicates(found, answers, leakage, own=own)
        if left is not None and len(left.labels):
            rescored[words] = figures_of(left)
    return rescored


def votes_on(evaluation: Evaluation, protocol: str) -> FerPlus | None:
    """Agreement of model and labels with human votes; None without votes.

    Raises:
        DamagedModel: the file is missing or damaged.
    """
    content = read_part(cached.settings().models_dir, evaluation, VOTES_FILE)
    found = protocols(evaluation)[protocol]
    votes: Votes | None = None if content is None else joined_votes(found, read_votes_part(content))
    if votes is None:
        return None
    return fer_plus(found.answers, votes, temperature=evaluation.temperature)


def history_of(evaluation: Evaluation) -> tuple[EpochEnded, ...]:
    """Training history of the model, epoch by epoch; empty where it was not stored.

    Raises:
        DamagedModel: the file is missing or damaged.
    """
    content = read_part(cached.settings().models_dir, evaluation, HISTORY_FILE)
    return () if content is None else read_history(content)


def report_of(evaluation: Evaluation) -> FullReport:
    """The report on an evaluation.

    Raises:
        UnknownModel, DamagedModel: the model was deleted, or a file of it cannot be read.
        EmptySplit: the evaluation holds no predictions.
    """
    key = f"{evaluation.model}/{evaluation.slug} {version_of(evaluation)}"
    return _report(key, evaluation)


# A minute: the card and the formats of the model may change beside its evaluation.
@st.cache_resource(max_entries=4, ttl=60, show_spinner="Writing the report …")
def _report(key: str, _evaluation: Evaluation) -> FullReport:  # noqa: ARG001 - key is the key
    here = cached.settings()
    around = surroundings_of(here, _evaluation.model, now=datetime.now(UTC))
    return build_report(here.models_dir, _evaluation, around)
