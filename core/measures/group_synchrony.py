"""Synchrony of the faces of a session: whether they smile together more than by chance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.domain import Timeline
from core.domain.counted import counted
from core.domain.wording import p_equals
from core.measures.durations import MAX_GAP_S
from core.measures.resampling import sampled_at
from core.measures.synchrony import LEAST_PEOPLE, STEP_S, Synchrony, synchrony

_CHANCE = 0.05

NOT_TOGETHER = (
    f"No window of 10 s has {LEAST_PEOPLE} faces that were measured all the time, or there are too "
    "few of them to shuffle."
)


def group_synchrony(
    timeline: Timeline, smile: NDArray[np.float64], rng: np.random.Generator
) -> Synchrony:
    """Synchrony of the smiles of all faces; values of one second are as quick as a smile is.

    Args:
        timeline: of a session, or a part of it.
        smile: float64 `(n,)`, the column of the measure at these rows; NaN where not measured.
        rng: shuffles the surrogates.
    Raises:
        ValueError: fewer than five faces.
    """
    first_s, last_s = (float(one) for one in timeline.time_s[[0, -1]])
    at_s = np.arange(first_s, last_s, STEP_S)
    faces = [timeline.face_id == face_id for face_id in timeline.face_ids]
    series = [
        sampled_at(at_s, timeline.time_s[own], smile[own], max_gap_s=MAX_GAP_S) for own in faces
    ]
    return synchrony(np.stack(series, axis=1), rng)


def why_no_synchrony(*, faces: int, is_research: bool) -> str:
    """Why the synchrony of a session is not shown, in one sentence; empty where it may be."""
    if not is_research:
        return (
            "Synchrony of a group is for research: this session was recorded for another purpose."
        )
    if faces < LEAST_PEOPLE:
        return (
            f"Synchrony of a group needs {LEAST_PEOPLE} faces or more, and "
            f"{counted(faces, 'is', 'are')} shown here: with fewer, a figure would tell about "
            "single people."
        )
    return ""


def synchrony_text(found: Synchrony) -> str:
    """Whether the group moved together more than by chance, with the numbers."""
    if np.isnan(found.z):
        return NOT_TOGETHER
    mean, chance = float(np.nanmean(found.correlation)), float(found.by_chance.mean())
    verdict = "more" if found.p <= _CHANCE and found.z > 0 else "no more"
    return (
        f"The faces smiled together {verdict} than by chance: the mean correlation is {mean:.2f}, "
        f"and {chance:.2f} in {counted(len(found.by_chance), 'surrogate')} with shuffled windows "
        f"(z = {found.z:.1f}, {p_equals(found.p)})."
    )
