"""The demo session: what it shows is what its numbers say."""

from __future__ import annotations

import numpy as np
import pytest

from core.domain import BLENDSHAPES, FER7, Timeline
from core.sessions import demo_session
from core.sessions.demo import LOOKS_ASIDE_S
from tests.make import BEGAN_AT


@pytest.fixture(scope="module")
def first_face() -> Timeline:
    _, moments = demo_session(BEGAN_AT, np.random.default_rng(3))
    return Timeline.from_frames(FER7, moments).of_face(1)


def test_the_demo_moves_its_face_as_its_expressions_say(first_face: Timeline) -> None:
    assert (np.isnan(first_face.blendshapes).any(axis=1) == ~first_face.usable).all()
    smile = first_face.blendshapes[:, BLENDSHAPES.index("mouthSmileLeft")]
    happy = first_face.steady[:, FER7.labels.index("happy")]
    assert np.nanmean(smile[happy > 0.5]) > np.nanmean(smile[happy < 0.1]) + 0.3
    assert not first_face.blendshapes[first_face.usable][:, BLENDSHAPES.index("cheekPuff")].any()


def test_the_demo_looks_aside_now_and_then_and_stays_usable(first_face: Timeline) -> None:
    for begin_s, end_s in LOOKS_ASIDE_S:
        aside = (first_face.time_s >= begin_s) & (first_face.time_s < end_s)
        assert first_face.usable[aside].all()
        assert (first_face.pose[aside, 0] > 25).all()
