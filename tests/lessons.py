"""A class whose learners send messages, with clocks that move when told to."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from core.classroom import JoinRequest, join, open_classroom, read_seconds
from core.classroom.ingest import ClassDesk, ClassIngest, ClassSources, SecondsWriter, StudyRows
from core.classroom.ingest.every_second import EverySecond
from core.domain import ModelCard
from core.domain.classroom import Classroom, ClassSeconds, Learner, LearnerSite
from core.domain.row_answer import RowAnswer
from core.eye import LEARNERS, TokenSigner
from core.live import Clocks, WritingThread
from core.policy import Purpose, Region, UsePolicy, class_refusal
from core.sessions import SessionStore
from tests.classes import EVERYTHING
from tests.eye_messages import face_entry, message, row_entry
from tests.fakes import ManualClock
from tests.make import make_card

SECRET = b"a secret of 32 bytes for testing"
CARD: ModelCard = replace(make_card(), temperature=1.0)
ELSEWHERE = UsePolicy(Region.ELSEWHERE, Purpose.CLASSROOM)
ROWS_AT_MOST = 50
EUROPE = UsePolicy(Region.EU_EEA, Purpose.CLASSROOM)


def plain_face(**changes: Any) -> dict[str, Any]:
    """A face of a class that shares presence alone."""
    return face_entry(blendshapes=[], outputs=None, **changes)


@dataclass
class Browser:
    """A learner's browser: its clock began when it was made, or so many seconds before."""

    learner: Learner
    token: str
    clock: ManualClock
    ahead_s: float = 0.0
    began_s: float = field(init=False)
    sequence: int = 0

    def __post_init__(self) -> None:
        self.began_s = self.clock.seconds() - self.ahead_s
        self.next_row = round(5 * self.ahead_s)

    def body(self, *, face: dict[str, Any] | None = None, **changes: Any) -> bytes:
        """A message that is made now, with the rows since the one before: five a second, at most
        `ROWS_AT_MOST` of them.
        """
        made_s = self.clock.seconds() - self.began_s
        rows = []
        while self.next_row / 5 < made_s - 1e-6 and len(rows) < ROWS_AT_MOST:
            seen = face_entry() if face is None else face
            rows.append(row_entry(self.next_row / 5, frame_index=self.next_row, faces=[seen]))
            self.next_row += 1
        entry = message() | {"sequence": self.sequence, "client_s": made_s, "rows": rows} | changes
        self.sequence += 1
        return json.dumps(entry).encode()

    @property
    def next_row_s(self) -> float:
        """When the next row is captured, by its clock."""
        return self.next_row / 5


@dataclass
class Lesson:
    """A class in a store, and the process that takes its messages."""

    store: SessionStore
    clock: ManualClock
    classroom: Classroom
    policy: UsePolicy | None = ELSEWHERE
    cards: dict[str, ModelCard] = field(default_factory=lambda: {"mien-compact-7": CARD})
    ingest: ClassIngest = field(init=False)

    def __post_init__(self) -> None:
        self.ingest = self.process()

    def process(self) -> ClassIngest:
        """The ingest of another process, or after a restart: it knows nobody."""
        clocks = Clocks(self.clock.seconds, self.clock.now)
        sources = ClassSources(
            self.store,
            policy_refusal=lambda classroom: class_refusal(self.policy, classroom),
            card_of=lambda name: self.cards[name],
        )
        signer = TokenSigner(SECRET, purpose=LEARNERS)
        writer = SecondsWriter(self.store, now=self.clock.now, every_s=3600.0)
        desk = ClassDesk(sources, clocks)
        desk._thread = EverySecond(lambda: False, name="idle")  # it looks when a test says so
        study = StudyRows(self.store, WritingThread(self.store, now=self.clock.now), clocks)
        return ClassIngest(signer, clocks=clocks, desk=desk, writer=writer, study=study)

    def join(self, name: str = "Ana", **clock: float) -> Browser:
        """Somebody who joins now, with a browser that may write."""
        request = JoinRequest(name, LearnerSite.BROWSER, "1")
        learner = join(self.store, self.classroom.id, request, now=self.clock.now()).learner
        return Browser(learner, self.ingest.open(self.classroom, learner), self.clock, **clock)

    def send(self, browser: Browser, *, after_s: float = 1.0, **changes: Any) -> RowAnswer:
        """A message of the second that passes now."""
        self.clock.advance(after_s)
        return self.ingest.accept(browser.token, browser.body(**changes))

    def second(self) -> float:
        """Of the class, now."""
        return self.classroom.second_at(self.clock.now())

    def stored(self) -> ClassSeconds:
        """What the class has once everything is written."""
        self.ingest.close()
        return read_seconds(self.store, self.classroom.id)[0]


def make_lesson(
    store: SessionStore, new: Any = EVERYTHING, *, seed: int = 1, **changes: Any
) -> Lesson:
    """A class that was opened now."""
    clock = ManualClock()
    opened = open_classroom(store, new, now=clock.now(), rng=np.random.default_rng(seed))
    return Lesson(store, clock, opened.classroom, **changes)


def by_learner(seconds: ClassSeconds) -> dict[int, list[int]]:
    """Number of each learner -> the seconds."""
    return {
        int(number): seconds.second[seconds.learner == number].tolist()
        for number in np.unique(seconds.learner)
    }
