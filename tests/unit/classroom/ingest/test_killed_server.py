"""A server that is killed in the middle of a lesson loses a moment of it, and no learner."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

from core.classroom import classroom as stored_classroom
from core.classroom import learners_of, read_seconds
from core.domain.row_answer import AnswerKind
from core.sessions import SessionStore
from tests.fakes import ManualClock
from tests.lessons import Browser, Lesson, by_learner

SECONDS, STORED_UNTIL = 10, 8
LESSON = f"""
import sys, time
from core.sessions import SessionStore
from tests.lessons import make_lesson
lesson = make_lesson(SessionStore.open(sys.argv[1]))
ana = lesson.join()
for second in range({SECONDS}):
    assert lesson.send(ana).kind == "stored"
    if second == {STORED_UNTIL}:
        lesson.ingest.writer.close(wait_s=10.0)
print(lesson.classroom.id, ana.learner.id, ana.token, flush=True)
time.sleep(600)
"""


def test_a_learner_goes_on_in_the_same_row_after_the_server_was_killed(store, database):
    root = Path(__file__).parents[4]
    command = [sys.executable, "-c", LESSON, f"sqlite:///{database}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as server:
        assert server.stdout is not None
        said = server.stdout.readline().split()
        server.send_signal(signal.SIGKILL)
    assert len(said) == 3, "the server did not take the lesson's begin"
    lesson, ana = _continued(store, *said)
    rows, _ = read_seconds(store, lesson.classroom.id)
    assert rows.second.tolist() == list(range(STORED_UNTIL))

    kinds = []
    for _ in range(4):
        lesson.clock.advance(1.0)
        body = ana.body()
        answer = lesson.ingest.accept(ana.token, body)
        kinds.append(answer.kind)
        if answer.kind is AnswerKind.NOT_NOW:
            lesson.ingest.desk.refresh()
            answer = lesson.ingest.accept(ana.token, body)
        if answer.kind is AnswerKind.OTHER_NUMBER:
            ana.sequence = answer.next_number + 1
            again = json.dumps(json.loads(body) | {"sequence": answer.next_number})
            answer = lesson.ingest.accept(ana.token, again.encode())
        assert answer.kind is AnswerKind.STORED
    assert kinds[0] is AnswerKind.NOT_NOW
    assert [one.id for one in learners_of(store, lesson.classroom.id)] == [ana.learner.id]
    # What was not stored when it was killed is lost: two seconds here, as all that it held.
    assert by_learner(lesson.stored()) == {1: [*range(STORED_UNTIL), *range(SECONDS, SECONDS + 4)]}


def _continued(
    store: SessionStore, classroom_id: str, learner_id: str, token: str
) -> tuple[Lesson, Browser]:
    """The lesson in another process, and the same browser, which went on."""
    clock = ManualClock()
    lesson = Lesson(store, clock, stored_classroom(store, classroom_id))
    (learner,) = learners_of(store, classroom_id)
    assert learner.id == learner_id
    ana = Browser(learner, token, clock)
    clock.advance(SECONDS)
    ana.next_row, ana.sequence = 5 * SECONDS, SECONDS
    return lesson, ana
