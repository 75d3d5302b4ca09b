"""Levels of a microphone: from a page's token to the database, and no further than the consent."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from time import monotonic

import numpy as np
import pytest
from starlette.applications import Starlette

from core.live import Clocks, LiveSession
from core.policy import Consent, policy_file
from core.practice import levels_of
from core.settings import Settings
from core.web import LEVELS_PATH, level_routes
from pages.parts.eye import server
from pages.parts.eye.cached import level_ingest
from pages.parts.policy import consent_gate
from pages.parts.practice import tab_state
from pages.parts.sessions.cached import store
from pages.parts.shell import session_state
from tests.asgi import ask
from tests.fakes import FakeAnalyser
from tests.make import make_session
from tests.unit.eye.conftest import POLICY
from tests.unit.eye.test_ingest import until
from tests.unit.eye.test_level_ingest import message

RGB = np.zeros((48, 64, 3), dtype=np.uint8)


@pytest.fixture
def live(installation: Settings) -> Iterator[LiveSession]:
    """A session that was filmed for two seconds until now, in the database of the app."""
    policy_file.write(policy_file.path_in(installation.data_dir), POLICY)
    behind_s = [2.0]
    clocks = Clocks(lambda: monotonic() - behind_s[0], lambda: datetime.now(UTC))
    session = LiveSession(
        FakeAnalyser(), store(), clocks=clocks, not_sure_below=0.5, flush_every_s=0.05
    )
    session.begin(make_session("mine"))
    for sent_s in (0.0, 0.1):
        session.process_frame(RGB, sent_s)
    behind_s[0] = 0.0
    until(lambda: bool(store().sessions()))
    yield session
    session.close()


@pytest.fixture
def token(live: LiveSession) -> str:
    consent = Consent(datetime.now(UTC), POLICY.notice_version)
    return level_ingest().open(live, policy=POLICY, consent=consent)


@pytest.fixture
def send(token: str) -> Callable[[bytes], int]:
    """Posts a message as a browser does; returns the status."""
    app = Starlette(routes=level_routes(server.level_receiver))
    headers = {"Authorization": f"Bearer {token}"}

    def post(body: bytes) -> int:
        return ask(app, "POST", LEVELS_PATH, headers=headers, parts=(body,)).status

    return post


def test_a_message_is_in_the_database_when_it_is_answered(send: Callable[[bytes], int]) -> None:
    assert send(message(0)) == 200
    levels = levels_of(store(), "mine")
    assert levels.level_db.tolist() == [-30.0 - number for number in range(10)]
    assert np.diff(levels.time_s) == pytest.approx(0.1)
    assert 0.5 < levels.time_s[0] < 60  # a second ago, in a session of two
    assert send(message(0)) == 200
    assert len(levels_of(store(), "mine")) == 10


def test_nothing_is_stored_after_the_consent_was_withdrawn(
    send: Callable[[bytes], int], token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert send(message(0)) == 200
    monkeypatch.setattr("streamlit.session_state", {})
    tab_state.microphone_token.set(("mine", token))
    consent_gate.withdraw_consent()
    assert session_state.consent.get() is None
    assert tab_state.microphone_token.get() is None
    assert send(message(1)) == 410
    assert len(levels_of(store(), "mine")) == 10


def test_without_a_token_nothing_is_read(installation: Settings) -> None:
    app = Starlette(routes=level_routes(server.level_receiver))
    reply = ask(app, "POST", LEVELS_PATH, parts=(message(0),))
    assert (reply.status, reply.parts_read) == (401, 0)
    assert "missing" in json.loads(reply.body)["sentence"]
