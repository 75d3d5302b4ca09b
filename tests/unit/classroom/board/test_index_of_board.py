"""The board's index is that of `core.measures` on the same faces."""

import math
import statistics

import numpy as np
import pytest

from core.classroom.board import INDEX, PART_FIGURES
from core.classroom.board.class_figures import ClassFigures
from core.classroom.board.shown_here import shown_here
from core.classroom.ingest import SecondsMeter
from core.domain import FER7, AnalysedFrame, HeadPose, Timeline, rounded_blendshapes
from core.domain.classroom import joined_seconds
from core.measures import PARTS, with_absences
from core.measures.signals.engagement import measure_engagement
from core.policy import Purpose, Region, UsePolicy, class_rules
from tests.unit.classroom.ingest.test_seconds_meter import face_at, frame, make_classroom

FPS, SECONDS, LEARNERS = 5.0, 41, 6


def lesson(learner: int) -> list[AnalysedFrame]:
    """A face that turns, and is out of view for some seconds."""
    rng = np.random.default_rng(learner)
    yaws = rng.choice([0.0, 0.0, 35.0], size=SECONDS)
    away = set(rng.choice(SECONDS, size=4, replace=False).tolist())
    moments = []
    for number in range(round(SECONDS * FPS)):
        time_s = number / FPS
        pose = HeadPose(float(yaws[int(time_s + 1e-9)]), 0.0, 0.0)
        shapes = rounded_blendshapes((0.12 * rng.random(52)).astype(np.float32))
        face = face_at(time_s, rng, pose=pose, blendshapes=shapes)
        faces = () if int(time_s + 1e-9) in away else (face,)
        moments.append(frame(time_s, *faces))
    return moments


@pytest.fixture(scope="module")
def lessons():
    return {learner: lesson(learner) for learner in range(1, LEARNERS + 1)}


@pytest.fixture(scope="module")
def figures(lessons):
    room = make_classroom()
    rules = class_rules(UsePolicy(Region.ELSEWHERE, Purpose.CLASSROOM))
    found = ClassFigures(shown_here(room, rules), not_sure_below=0.0)
    for learner, moments in lessons.items():
        meter = SecondsMeter(room, learner=learner)
        parts = [*(meter.add(one) for one in moments), meter.flush()]
        found.add(joined_seconds(parts, len(room.labels)))
    found.advance(SECONDS, is_over=True)
    return found.series()[0]


def measured(lessons, name, end_s):
    """Of each learner, as a session says it at the end of the window."""
    at = round(end_s * FPS)
    columns = [
        measure_engagement(with_absences(Timeline.from_frames(FER7, moments), 1), None)
        for moments in lessons.values()
    ]
    return [float(getattr(one, name)[at]) for one in columns]


@pytest.mark.parametrize("name", ["index", *PARTS])
def test_a_figure_of_the_board_is_the_mean_of_the_measure_over_learners(lessons, figures, name):
    series = figures[INDEX if name == "index" else PART_FIGURES[name]]
    scale = 100.0 if name == "index" else 1.0
    for window in range(SECONDS // 10):
        each = [one for one in measured(lessons, name, 10 * (window + 1)) if not math.isnan(one)]
        figure = series.at(window)
        assert figure.n == len(each) > 2
        assert figure.value == pytest.approx(statistics.fmean(each), abs=2e-4 * scale)
