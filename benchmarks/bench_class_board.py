"""The board of a class with a two-hour lesson of 300 learners behind it."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
import psutil
from streamlit.testing.v1 import AppTest

from benchmarks.measuring import Row, own_folder, row, seconds
from benchmarks.visiting import answer_s, visitor
from core.classroom import JoinRequest, OpenedClassroom, append_seconds, join, open_classroom
from core.classroom.board import Board
from core.classroom.invitation import TEACHER_QUERY
from core.domain.classroom import ClassSeconds, LearnerSite
from core.policy import Purpose, Region, UsePolicy, class_rules, policy_file
from core.sessions import SessionStore
from pages.parts.shell.navigation import TEACH_CLASS
from tests.classes import EVERYTHING

LEARNERS, LESSON_S, REPEATS = 300, 2 * 3600, 9
POLICY = UsePolicy(Region.ELSEWHERE, Purpose.CLASSROOM)
BAR = "0.3"


def measure() -> list[Row]:
    """How long the board takes to be read, to follow, and to be drawn; and its memory."""
    with own_folder() as settings:
        settings.data_dir.mkdir(exist_ok=True)
        policy_file.write(settings.data_dir / policy_file.FILE_NAME, POLICY)
        with SessionStore.open(settings.database_url) as store:
            opened = _class_of_two_hours(store)
            return [*_board(store, opened), *_page(opened)]


def _class_of_two_hours(store: SessionStore) -> OpenedClassroom:
    """A lesson that goes on: its last second is the present one."""
    began_at = datetime.now(UTC) - timedelta(seconds=LESSON_S)
    opened = open_classroom(store, EVERYTHING, now=began_at, rng=np.random.default_rng(5))
    classroom_id = opened.classroom.id
    for number in range(LEARNERS):
        request = JoinRequest(f"Learner {number}", LearnerSite.BROWSER, "1")
        join(store, classroom_id, request, now=began_at)
    for rows in _rows(range(LESSON_S - 100)):
        append_seconds(store, classroom_id, rows)
    return opened


def _rows(lesson: range) -> Iterator[ClassSeconds]:
    """What all learners shared, second by second: everybody wanders slowly."""
    rng = np.random.default_rng(6)
    usual = rng.uniform(0.5, 1.0, (5, LEARNERS))
    learner = np.arange(1, LEARNERS + 1)
    for second in lesson:
        shares = np.clip(usual + 0.2 * rng.standard_normal(usual.shape), 0, 1).astype(np.float32)
        scores = rng.dirichlet(np.ones(len(EVERYTHING.labels)), LEARNERS).astype(np.float32)
        whole = np.ones(LEARNERS, np.float32)
        yield ClassSeconds(np.full(LEARNERS, second), learner, whole, *shares, scores=scores)


def _board(store: SessionStore, opened: OpenedClassroom) -> list[Row]:
    process = psutil.Process()
    before_mb = process.memory_info().rss / 1e6
    board = Board(store, opened.classroom.id, class_rules(POLICY))
    first_s = seconds(lambda: board.refresh(datetime.now(UTC)))
    kept_mb = process.memory_info().rss / 1e6 - before_mb
    taken = []
    now = datetime.now(UTC)
    for number, rows in enumerate(_rows(range(LESSON_S - 100, LESSON_S - 100 + REPEATS))):
        append_seconds(store, opened.classroom.id, rows)
        later = now + timedelta(seconds=number + 1)
        taken.append(seconds(lambda later=later: board.refresh(later)))  # type: ignore[misc]
    return [
        row("board of 300 after two hours: first reading", first_s),
        row("board of 300 after two hours: refresh, median", statistics.median(taken), bar=BAR),
        row("board of 300 after two hours: refresh, longest", max(taken), bar=BAR),
        row("board of 300 after two hours: memory", kept_mb, "MB"),
    ]


def _page(opened: OpenedClassroom) -> list[Row]:
    who = visitor()
    who.query_params[TEACHER_QUERY] = opened.teacher_secret
    who.run()
    who.switch_page(TEACH_CLASS.path)
    who.query_params[TEACHER_QUERY] = opened.teacher_secret
    first_s = answer_s(who)
    if who.title[0].value != opened.classroom.title:
        raise RuntimeError("the page did not open the class")
    return [
        row("page of the class after two hours: first", first_s),
        row("page of the class after two hours: redraw, median", _redraw_s(who), bar=BAR),
    ]


def _redraw_s(who: AppTest) -> float:
    return statistics.median(answer_s(who) for _ in range(REPEATS))
