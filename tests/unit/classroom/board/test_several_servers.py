"""Several servers behind one proxy: what learners share through each is on one board."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta

import numpy as np
import pytest

from core.classroom import read_seconds
from core.classroom.board import PRESENT, Board
from core.policy import Purpose, Region, UsePolicy, class_rules
from core.settings import PROJECT_DIR
from tests.classes import joined, opened

RULES = class_rules(UsePolicy(Region.ELSEWHERE, Purpose.CLASSROOM))
LESSON_S, LEARNERS = 40, 6
DONE_WITHIN_S = 120


@pytest.fixture
def room(store):
    """A class with its learners."""
    room = opened(store).classroom
    for number in range(LEARNERS):
        joined(store, room.id, f"Learner {number + 1}")
    return room


@pytest.fixture
def server(url, room):
    """Starts a server that takes the messages of some learners."""
    started = []

    def start(begin, end, **who):
        wanted = {"database_url": url, "classroom_id": room.id, "begin": begin, "end": end, **who}
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.class_server"],
            cwd=PROJECT_DIR,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        process.stdin.write(json.dumps(wanted))
        process.stdin.close()
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def tokens_of(process):
    said = process.stdout.read()
    assert process.wait(DONE_WITHIN_S) == 0
    return json.loads(said)


def seconds_by_learner(store, room):
    rows, _ = read_seconds(store, room.id)
    return {number: rows.second[rows.learner == number].tolist() for number in set(rows.learner)}


def test_learners_of_two_servers_are_on_one_board_which_misses_nothing(server, store, room):
    first = server(0, LESSON_S, numbers=[1, 3, 5])
    second = server(0, LESSON_S, numbers=[2, 4, 6])
    board, now = Board(store, room.id, RULES), room.opened_at + timedelta(seconds=LESSON_S)
    while first.poll() is None or second.poll() is None:
        now += timedelta(seconds=1)
        board.refresh(now)
    tokens_of(first), tokens_of(second)
    now += timedelta(seconds=1)
    followed, fresh = board.refresh(now), Board(store, room.id, RULES).refresh(now)
    assert followed.windows.measured[: LESSON_S // 10].tolist() == [LEARNERS] * (LESSON_S // 10)
    np.testing.assert_array_equal(followed.windows.measured, fresh.windows.measured)
    np.testing.assert_array_equal(followed.series[PRESENT].value, fresh.series[PRESENT].value)
    everybody = {number: [*range(LESSON_S)] for number in range(1, LEARNERS + 1)}
    assert seconds_by_learner(store, room) == everybody


def test_a_learner_whose_messages_go_to_another_server_loses_no_second(server, store, room):
    tokens = tokens_of(server(0, 15, numbers=[1, 2]))
    tokens_of(server(15, 30, tokens=tokens))
    assert seconds_by_learner(store, room) == {1: [*range(30)], 2: [*range(30)]}
