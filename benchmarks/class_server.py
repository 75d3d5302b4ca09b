"""The server of `bench_class`: a class whose learners' browsers post, in a process of its own.

It looks at the class as often as the tab of a teacher does, and notes how old what it sees
is then.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime
from threading import Thread

import numpy as np
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from core.classroom import JoinRequest, join, learners_of, open_classroom, read_seconds
from core.classroom.board import LOOKS_EVERY_S, Board
from core.classroom.ingest import ClassDesk, ClassIngest, ClassSources, SecondsWriter
from core.domain.classroom import Classroom, LearnerSite
from core.eye import LEARNERS, TokenSigner
from core.live import Clocks
from core.policy import Purpose, Region, UsePolicy, class_refusal, class_rules
from core.sessions import SessionStore
from core.web import class_routes
from tests.classes import EVERYTHING
from tests.make import make_card

POLICY = UsePolicy(Region.ELSEWHERE, Purpose.CLASSROOM)
CLOCKS = Clocks(seconds=time.monotonic, now=lambda: datetime.now(UTC))


def open_class(store: SessionStore, learners: int, site: LearnerSite) -> Classroom:
    """A class that shares everything, with so many learners."""
    rng = np.random.default_rng(7)
    classroom = open_classroom(store, EVERYTHING, now=CLOCKS.now(), rng=rng).classroom
    for number in range(learners):
        join(store, classroom.id, JoinRequest(f"Learner {number}", site, "1"), now=CLOCKS.now())
    return classroom


def open_desk(store: SessionStore) -> ClassDesk:
    """What a server knows of classes."""
    sources = ClassSources(store, lambda one: class_refusal(POLICY, one), lambda _: make_card())
    return ClassDesk(sources, CLOCKS)


class BoardWatch:
    """Looks at a class again and again, in a thread.

    Args:
        store: of the class.
        classroom: that is looked at.
    """

    def __init__(self, store: SessionStore, classroom: Classroom) -> None:
        self._store = store
        self._classroom = classroom
        self._board = Board(store, classroom.id, class_rules(POLICY))
        self._last_key = 0
        self.ages_s: list[float] = []
        """How long ago each second of each learner ended when the board showed it first."""
        self.refreshes_s: list[float] = []

    def begin(self) -> None:
        """Look from now on."""
        Thread(target=self._run, daemon=True).start()

    def clear(self) -> None:
        """Forget what was noted: it was the warm-up."""
        self.ages_s.clear()
        self.refreshes_s.clear()

    def _run(self) -> None:
        while True:
            began_s = time.perf_counter()
            # What is read just before is read by the board as well.
            rows, self._last_key = read_seconds(
                self._store, self._classroom.id, after=self._last_key
            )
            looked_s = time.perf_counter()
            self._board.refresh(CLOCKS.now())
            self.refreshes_s.append(time.perf_counter() - looked_s)
            now_s = self._classroom.second_at(CLOCKS.now())
            self.ages_s.extend((now_s - rows.second - 1).tolist())
            time.sleep(max(0.0, LOOKS_EVERY_S - (time.perf_counter() - began_s)))


def serve(database_url: str, port: int, learners: int) -> None:
    """Print class and tokens as one line of JSON, and answer until it is stopped."""
    store = SessionStore.open(database_url)
    classroom = open_class(store, learners, LearnerSite.BROWSER)
    writer = SecondsWriter(store, now=CLOCKS.now)
    signer = TokenSigner(b"of a benchmark", purpose=LEARNERS)
    ingest = ClassIngest(signer, clocks=CLOCKS, desk=open_desk(store), writer=writer)
    tokens = [ingest.open(classroom, one) for one in learners_of(store, classroom.id)]
    watch = BoardWatch(store, classroom)
    watch.begin()

    async def begin(_request: Request) -> JSONResponse:
        watch.clear()
        return JSONResponse({})

    async def noted(_request: Request) -> JSONResponse:
        return JSONResponse({"ages_s": watch.ages_s, "refreshes_s": watch.refreshes_s})

    print(json.dumps({"classroom": classroom.id, "tokens": tokens}), flush=True)
    routes = [*class_routes(lambda: ingest), Route("/begin", begin), Route("/noted", noted)]
    uvicorn.run(Starlette(routes=routes), port=port, log_level="error")


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
