"""Rows of learners over HTTP, at a real server that is killed in the middle of the lesson."""

from __future__ import annotations

import json
import signal
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import numpy as np
import pytest

from core.classroom import (
    JoinRequest,
    NewClassroom,
    close_classroom,
    join,
    learners_of,
    open_classroom,
    read_seconds,
)
from core.classroom.ingest import ClassDesk, ClassIngest, ClassSources, SecondsWriter
from core.domain.classroom import Classroom, LearnerSite, LearnerState, Shared
from core.eye import LEARNERS, TokenSigner, server_secret
from core.live import Clocks
from core.policy import Purpose, Region, UsePolicy
from core.policy import policy_file as policy_store
from core.sessions import SessionStore
from core.web import CLASS_ROWS_PATH
from tests.browser.conftest import Server
from tests.browser.visitor import until
from tests.eye_messages import face_entry, row_entry

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

JOINED_S = 100.0
"""How long ago the learner joined: rows of earlier seconds are sent, so that nobody waits."""


@dataclass
class Poster:
    """A learner's browser that sends rows of the past, as after an interruption."""

    server: Server
    token: str
    sequence: int = 0
    began_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    next_row: int = 0

    def post(self, seconds: int) -> tuple[int, dict[str, Any]]:
        """Send the next seconds; returns the status and the content."""
        rows = []
        for _ in range(5 * seconds):
            face = face_entry(outputs=None)
            rows.append(row_entry(self.next_row / 5, frame_index=self.next_row, faces=[face]))
            self.next_row += 1
        self.body = {"version": 1, "state": "reading", "dropped": 0, "rows": rows, "gaps": []}
        return self.again(self.sequence)

    def again(self, sequence: int) -> tuple[int, dict[str, Any]]:
        """Send the same rows under a number."""
        made_s = JOINED_S + (datetime.now(UTC) - self.began_at).total_seconds()
        entry = self.body | {"sequence": sequence, "client_s": made_s}
        request = Request(
            f"{self.server.url}{CLASS_ROWS_PATH}",
            data=json.dumps(entry).encode(),
            headers={"Authorization": f"Bearer {self.token}"},
        )
        try:
            with urlopen(request, timeout=20) as answer:
                self.sequence = sequence + 1
                return answer.status, json.load(answer)
        except HTTPError as error:
            return error.code, json.load(error)
        except URLError:
            return 0, {}


def _opened(store: SessionStore) -> Classroom:
    shared = (Shared.PRESENT, Shared.FACING, Shared.ENGAGEMENT)
    new = NewClassroom("A lesson", Region.ELSEWHERE, Purpose.CLASSROOM, shared, is_listed=True)
    began = datetime.now(UTC) - timedelta(seconds=JOINED_S + 20)
    return open_classroom(store, new, now=began, rng=np.random.default_rng(1)).classroom


def _joined(server: Server, store: SessionStore, classroom: Classroom) -> Poster:
    """Somebody whose token another process of this installation gave."""
    request = JoinRequest("Ana", LearnerSite.BROWSER, "1")
    now = datetime.now(UTC) - timedelta(seconds=JOINED_S)
    learner = join(store, classroom.id, request, now=now).learner
    clocks = Clocks(lambda: 0.0, lambda: datetime.now(UTC))
    signer = TokenSigner(server_secret(server.settings.data_dir), purpose=LEARNERS)
    nothing_refused = ClassSources(store, policy_refusal=lambda _: "", card_of=lambda _: None)
    ingest = ClassIngest(
        signer,
        clocks=clocks,
        desk=ClassDesk(nothing_refused, clocks),
        writer=SecondsWriter(store, now=clocks.now),
    )
    return Poster(server, ingest.open(classroom, learner))


def test_rows_reach_the_class_also_after_the_server_was_killed(server: Server) -> None:
    policy_store.write(
        server.settings.data_dir / policy_store.FILE_NAME,
        UsePolicy(Region.ELSEWHERE, Purpose.CLASSROOM),
    )
    with server.store() as store:
        classroom = _opened(store)
        ana = _joined(server, store, classroom)

        def seconds() -> list[int]:
            return read_seconds(store, classroom.id)[0].second.tolist()

        ana.post(10)
        until(lambda: ana.again(ana.sequence)[0] == 200 or ana.sequence > 0)
        status, content = ana.post(10)
        assert status == 200
        assert content["second"]["present"] == 1.0
        until(lambda: len(seconds()) >= 18)
        until(lambda: _state(store, classroom) is LearnerState.MEASURING)
        before = seconds()
        assert before == _consecutive(before)

        server.stop(signal.SIGKILL)
        assert ana.post(10)[0] == 0
        server.start()
        until(lambda: ana.again(ana.sequence)[0] == 409)
        assert ana.again(0)[0] == 200
        assert ana.post(10)[0] == 200
        until(lambda: len(seconds()) >= len(before) + 18)
        assert len(learners_of(store, classroom.id)) == 1
        # What was on its way when it was killed is lost: the last second and what it held.
        later = seconds()[len(before) :]
        assert later == _consecutive(later)
        assert later[0] > before[-1]

        close_classroom(store, classroom.id, now=datetime.now(UTC))
        until(lambda: ana.post(1)[0] == 410)


def _consecutive(seconds: list[int]) -> list[int]:
    return list(range(seconds[0], seconds[0] + len(seconds)))


def _state(store: SessionStore, classroom: Classroom) -> LearnerState:
    return learners_of(store, classroom.id)[0].state
