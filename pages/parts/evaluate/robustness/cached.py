"""What all visitors share of robustness and subgroups, and each thing's lifetime.

What these functions answer is read-only by agreement.
"""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.datasets.readers import draw_face
from core.evaluation.evaluator import ReopenedEvaluation
from core.evaluation.predictions import (
    GROUPS_FILE,
    ROBUSTNESS_FILE,
    Evaluation,
    add_parts,
    read_part,
)
from core.evaluation.robustness import CORRUPTIONS, RobustnessReport, corrupted
from core.evaluation.subgroups import GroupsReport, read_groups, write_groups
from pages.parts.evaluate import cached as evaluate_cached
from pages.parts.evaluate.pictures import cached as pictures_cached
from pages.parts.shell import cached as shell_cached

_EXAMPLE_SEED = 7


def robustness_of(evaluation: Evaluation) -> RobustnessReport | None:
    """The robustness results of an evaluation; None if not measured.

    Raises:
        DamagedModel: it cannot be read.
    """
    return _robustness(evaluation, evaluate_cached.version_of(evaluation), evaluation.model)


@st.cache_resource(max_entries=8, show_spinner=False)
def _robustness(
    _evaluation: Evaluation,
    version: str,  # noqa: ARG001 - part of the key, as is the next
    model: str,  # noqa: ARG001
) -> RobustnessReport | None:
    content = read_part(shell_cached.settings().models_dir, _evaluation, ROBUSTNESS_FILE)
    return None if content is None else RobustnessReport.from_bytes(content)


def groups_of(evaluation: Evaluation) -> tuple[GroupsReport, ...]:
    """Groups stored with an evaluation; empty if there are none.

    Raises:
        DamagedModel: they cannot be read.
    """
    content = read_part(shell_cached.settings().models_dir, evaluation, GROUPS_FILE)
    return () if content is None else read_groups(content)


def keep_groups(evaluation: Evaluation, reports: tuple[GroupsReport, ...]) -> None:
    """Store metrics of groups with an evaluation, replacing earlier ones."""
    parts = {GROUPS_FILE: write_groups(reports)}
    add_parts(shell_cached.settings().models_dir, evaluation, parts)


def reopened(evaluation: Evaluation, split: str) -> ReopenedEvaluation | None:
    """The evaluated pictures with predictions; None if they are not on this machine.

    Raises:
        DamagedModel: the answers are missing or damaged.
    """
    found = pictures_cached.pictures(evaluation, split)
    if found is None:
        return None
    answers = evaluate_cached.answers_of(evaluation)[split]
    return ReopenedEvaluation(evaluation, split, answers, found)


def example(reopened: ReopenedEvaluation | None, number: int) -> NDArray[np.uint8]:
    """One picture to show levels on, uint8 `(size, size)`: an evaluated one, or a synthetic face.

    Args:
        number: any; another one gives another picture.
    """
    if reopened is None or not len(reopened.usable):
        return draw_face("happy", np.random.default_rng(number))
    position = np.random.default_rng(number).choice(reopened.usable)
    picture: NDArray[np.uint8] = reopened.found.pixels(np.array([position]))[0]
    return picture


def levels_of(picture: NDArray[np.uint8], name: str) -> list[tuple[str, NDArray[np.uint8]]]:
    """The picture at each level of a corruption, with the amount in words."""
    corruption = CORRUPTIONS[name]
    return [
        (
            corruption.written(level),
            corrupted(picture[None], corruption, level, seed=_EXAMPLE_SEED)[0],
        )
        for level in range(len(corruption.amounts) + 1)
    ]
