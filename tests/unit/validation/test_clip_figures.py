"""The figures of a clip are those that Practice gives of an answer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.domain import FER7, Timeline
from core.practice.answers import figures_of
from core.validation.measuring import LIMITS, TITLES
from core.validation.measuring.clip_figures import figures_of_clip
from tests.answers import answer_of, demo_rows
from tests.faces_in_time import face_with, seconds
from tests.make import make_moment


def test_the_demo_session_has_the_figures_of_an_answer_without_calibration():
    rows, _ = demo_rows()
    figures, found = figures_of(answer_of(rows)), figures_of_clip(rows)
    for name in ("facing_share", "tension", "expressiveness", "smile_share", "blinks_per_min"):
        assert found.values[name] == pytest.approx(getattr(figures, name)), name
    assert found.usable_share == pytest.approx(figures.usable_share)
    assert found.values["nods_per_min"] == pytest.approx(60 * figures.nods / figures.length_s)
    assert 0 <= found.values["engagement_index"] <= 100
    assert -1 <= found.values["smile"] <= 1
    assert found.values.keys() <= TITLES.keys()
    assert all(np.isfinite(one) for one in found.values.values())


def test_every_figure_has_a_title_and_its_limits():
    assert TITLES.keys() == LIMITS.keys()
    assert all(TITLES.values())
    assert all(one.endswith(".") for one in LIMITS.values())


def test_a_face_that_comes_back_with_another_number_is_the_same_person():
    rows = face_with(seconds(20.0))
    back = replace(rows, face_id=np.where(rows.time_s < 10, 1, 2))
    found = figures_of_clip(back)
    assert found.faces == 2
    assert found.usable_share == pytest.approx(1.0)


def test_the_length_of_a_clip_changes_no_figure_of_a_face_that_stays_the_same():
    short, long = (
        figures_of_clip(face_with(seconds(length_s), browInnerUp=0.5)) for length_s in (12.0, 200.0)
    )
    for name in ("expressiveness", "tension", "facing_share"):
        assert short.values[name] == pytest.approx(long.values[name], abs=0.005), name


@pytest.mark.parametrize("rows", [0, 1, 30])
def test_a_clip_without_a_face_has_no_figures(rows):
    found = figures_of_clip(
        Timeline.from_frames(FER7, [make_moment(at / 10) for at in range(rows)])
    )
    assert (found.faces, found.usable_share, dict(found.values)) == (0, 0.0, {})
    assert not found.is_usable
