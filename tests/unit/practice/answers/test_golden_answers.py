"""Figures and sentences of answers that nobody changes by accident."""

from __future__ import annotations

import numpy as np
import pytest

from core.domain.practice import MomentKind
from core.practice.answers import (
    AnswerFigures,
    Direction,
    feedback,
    figures_of,
    moments_of,
    readable,
    remark_text,
)
from core.practice.answers.answer_data import AnswerData
from tests.answers import answer_of, answer_of_parts, demo_rows, part
from tests.clip_rows import rows_of_clip

TOLERANCE = 5e-4


def sentences(data: AnswerData) -> list[str]:
    return [remark_text(one) for one in feedback(figures_of(data), data)]


def told(found: AnswerFigures) -> dict[str, float | None]:
    """The figures that are numbers, without those that are seconds of others."""
    names = ("usable", "facing", "confident", "smile", "mouth_moving", "eyes_closed")
    shares = {name: getattr(found, f"{name}_share") for name in names}
    others = ("expressiveness", "tension", "nods", "blinks_per_min", "others_s")
    return shares | {name: getattr(found, name) for name in others}


DEMO = {
    (0.0, 30.0): (
        dict(
            usable=1.0,
            facing=0.83333,
            confident=0.85365,
            smile=0.55319,
            mouth_moving=0.0,
            eyes_closed=0.05,
            expressiveness=0.02419,
            tension=-0.2,
            nods=1,
            blinks_per_min=14.0,
            others_s=0.0,
        ),
        ["You looked to your left for 5 of 30 seconds, mostly in the last third."],
    ),
    (60.0, 90.0): (
        dict(
            usable=1.0,
            facing=0.9,
            confident=0.78679,
            smile=0.72128,
            mouth_moving=0.0,
            eyes_closed=0.05,
            expressiveness=0.06656,
            tension=1.13333,
            nods=0,
            blinks_per_min=14.0,
            others_s=10.0,
        ),
        ["Another face was in the picture for 10 of 30 seconds."],
    ),
    (15.0, 75.0): (
        dict(
            usable=0.91667,
            facing=0.78333,
            confident=0.70773,
            smile=0.38293,
            mouth_moving=0.06176,
            eyes_closed=0.04432,
            expressiveness=0.07995,
            tension=0.52727,
            nods=0,
            blinks_per_min=14.18182,
            others_s=35.0,
        ),
        [
            "You looked to your left for 13 of 60 seconds.",
            "Another face was in the picture for 35 of 60 seconds.",
        ],
    ),
}
"""Stretch of the demo session -> its figures, and what is said about it."""


@pytest.mark.parametrize("stretch", DEMO, ids=lambda one: f"{one[0]:g}-{one[1]:g}-s")
def test_answers_of_the_demo_session_have_these_figures_and_sentences(stretch):
    rows, own = demo_rows()
    figures, said = DEMO[stretch]
    data = answer_of_parts(rows, own, part(*stretch))
    assert told(figures_of(data)) == pytest.approx(figures, abs=TOLERANCE)
    assert sentences(data) == said


@pytest.mark.data
def test_a_head_that_swings_past_the_screen_faces_it_some_of_the_time(assets_dir, media):
    clip = media("multiface_grid_1280x480_12s.mp4")
    rows = rows_of_clip(assets_dir, clip, part=(slice(250, 420), slice(930, 1180)), every_s=0.1)
    data = answer_of(rows)
    figures = figures_of(data)
    assert readable(figures)
    assert figures.facing_share == pytest.approx(0.39, abs=0.05)
    assert figures.looked_s[Direction.RIGHT] == pytest.approx(4.9, abs=0.5)
    assert figures.looked_s[Direction.LEFT] == pytest.approx(2.4, abs=0.5)
    assert figures.looked_s[Direction.DOWN] == figures.looked_s[Direction.UP] == 0.0
    (moment,) = moments_of(data)
    assert moment.kind is MomentKind.LOOK_AWAY


@pytest.mark.data
def test_a_face_that_changes_its_expression_smiles_and_faces_the_screen(assets_dir, media):
    clip = media("fakecam_expressive_640x480.mjpeg")
    data = answer_of(rows_of_clip(assets_dir, clip, every_s=0.1))
    figures = figures_of(data)
    assert figures.facing_share == 1.0
    assert 0.6 < (figures.smile_share or 0.0) < 0.95
    assert figures.blinks_per_min is None
    assert figures.basis["blinks_per_min"] == "under 15 rows a second"
    (said,) = sentences(data)
    assert said == f"You faced the screen for 13 of {round(figures.facing_known_s)} seconds."
    assert MomentKind.SMILE in {one.kind for one in moments_of(data)}


@pytest.mark.data
def test_a_clip_whose_face_is_gone_most_of_the_time_gets_a_remedy(assets_dir, media):
    rows = rows_of_clip(assets_dir, media("face_noface.mov"), every_s=0.1)
    data = answer_of(rows)
    figures = figures_of(data)
    assert not readable(figures)
    assert sentences(data) == []
    assert figures.hindrance is not None
    assert str(figures.hindrance.reason) == "no_face"
    assert np.isnan(data.rows.pose[~data.rows.usable]).all()
