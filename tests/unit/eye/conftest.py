"""A session that is being recorded, and the ingest that its browser writes to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from core.domain import AnalysedFrame, ModelCard
from core.domain.row_answer import RowAnswer
from core.eye import RowIngest, TokenSigner
from core.live import Clocks, LiveSession
from core.policy import Consent, Purpose, Region, UsePolicy
from core.vision import ReadingAnalyser
from tests.fakes import FakeStore, ManualClock
from tests.make import make_card, make_session

POLICY = UsePolicy(Region.ELSEWHERE, Purpose.SELF_PRACTICE)
SECRET = b"a secret of 32 bytes for testing"
CARD: ModelCard = replace(make_card(), temperature=1.0)


@dataclass
class Office:
    """Where region and purpose are stored."""

    chosen: UsePolicy | None = POLICY
    looks: int = 0

    def policy(self) -> UsePolicy | None:
        self.looks += 1
        return self.chosen


@dataclass
class Sitting:
    """One person at one camera, whose browser reads faces."""

    live: LiveSession
    ingest: RowIngest
    clock: ManualClock
    store: FakeStore
    office: Office

    def consent(self) -> Consent:
        return Consent(self.clock.now(), POLICY.notice_version)

    def begin(self, session_id: str = "a-session") -> str:
        """Start the camera; returns the token that the browser gets."""
        self.live.begin(make_session(session_id))
        return self.ingest.open(self.live, CARD, policy=POLICY, consent=self.consent())

    def accept(self, token: str, body: bytes, *, after_s: float = 1.0) -> RowAnswer:
        self.clock.advance(after_s)
        return self.ingest.accept(token, body)

    def stored(self, session_id: str = "a-session") -> list[AnalysedFrame]:
        """Its moments, once everything is written."""
        self.live.finish(wait_s=5.0)
        return self.store.moments.get(session_id, [])

    def restarted(self) -> RowIngest:
        """The ingest after the server was started again: the secret is all that is left."""
        clocks = Clocks(self.clock.seconds, self.clock.now)
        return RowIngest(TokenSigner(SECRET), clocks=clocks, policy=lambda: POLICY)


def make_sitting(
    store: Any, *, ingest: RowIngest | None = None, clock: ManualClock | None = None
) -> Sitting:
    """One person at one camera; of several, their browsers write to one ingest."""
    clock, office = clock or ManualClock(), Office()
    clocks = Clocks(clock.seconds, clock.now)
    live = LiveSession(
        ReadingAnalyser(CARD), store, clocks=clocks, not_sure_below=0.5, flush_every_s=0.05
    )
    ingest = ingest or RowIngest(TokenSigner(SECRET), clocks=clocks, policy=office.policy)
    return Sitting(live, ingest, clock, store, office)


@pytest.fixture
def sitting() -> Iterator[Sitting]:
    made = make_sitting(FakeStore())
    yield made
    made.live.close()
