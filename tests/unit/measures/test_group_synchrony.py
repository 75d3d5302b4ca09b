"""Whether a group smiles together more than by chance."""

from __future__ import annotations

import numpy as np
import pytest

from core.domain import FER7, Timeline
from core.measures import group_synchrony, measure_session, synchrony_text
from core.sessions import demo_group
from tests.make import BEGAN_AT


@pytest.fixture(scope="module")
def group() -> tuple[Timeline, np.ndarray]:
    _, moments = demo_group(BEGAN_AT, np.random.default_rng(3))
    timeline = Timeline.from_frames(FER7, moments)
    return timeline, measure_session(timeline)["smile"]


def test_the_demo_group_smiles_together(group) -> None:
    found = group_synchrony(*group, np.random.default_rng(1))
    assert found.z > 3
    assert found.p < 0.05
    assert synchrony_text(found).startswith("The faces smiled together more than by chance: ")


def test_faces_that_smile_at_other_times_do_so_no_more_than_by_chance(group) -> None:
    timeline, smile = group
    alone = smile.copy()
    rng = np.random.default_rng(4)
    for face_id in timeline.face_ids:
        own = timeline.face_id == face_id
        alone[own] = np.convolve(rng.normal(size=own.sum()), np.ones(4) / 4, "same")
    found = group_synchrony(timeline, alone, np.random.default_rng(1))
    assert "no more than by chance" in synchrony_text(found)


def test_a_face_that_was_not_measured_leaves_its_windows_empty(group) -> None:
    timeline, smile = group
    missing = np.where((timeline.time_s < 20) & (timeline.face_id < 3), np.nan, smile)
    found = group_synchrony(timeline, missing, np.random.default_rng(1))
    assert np.isnan(found.correlation[:2]).all()
    assert np.isfinite(found.correlation[3:]).all()
