"""The microphone's element: what it is given, and the sentence about what it tells."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from core.live import Clocks, LiveSession
from core.policy import Consent
from core.settings import Settings
from pages.parts.practice import microphone as module
from pages.parts.practice.microphone import (
    MICROPHONE_TEXT,
    MicrophoneReport,
    MicrophoneState,
    draw_microphone,
)
from pages.parts.shell.theme import plain
from tests.fakes import FakeAnalyser, FakeStore, ManualClock
from tests.make import make_session
from tests.unit.eye.conftest import POLICY


@pytest.fixture
def live() -> Iterator[LiveSession]:
    clock = ManualClock()
    clocks = Clocks(clock.seconds, clock.now)
    session = LiveSession(FakeAnalyser(), FakeStore(), clocks=clocks, not_sure_below=0.5)
    yield session
    session.close()


@pytest.fixture
def drawn(installation: Settings, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """What the component was given, and what the browser is said to have told; one tab."""
    seen = SimpleNamespace(data=None, told=None, captions=[])

    def show(*, key: str, data: dict[str, Any], on_told_change: object) -> None:
        seen.data = data

    def state(_: str) -> object:
        return None if seen.told is None else SimpleNamespace(told=seen.told)

    tab: dict[str, Any] = {}
    monkeypatch.setattr(module.st, "session_state", tab)
    monkeypatch.setattr(module.st.components.v2, "component", lambda *_, **__: show)
    monkeypatch.setattr(module.st, "caption", seen.captions.append)
    monkeypatch.setattr(module.session_state, "component_state", state)
    monkeypatch.setattr(module, "use_policy", lambda: POLICY)
    module.session_state.consent.set(Consent(datetime.now(UTC), POLICY.notice_version))
    return seen


def test_where_it_is_not_wanted_nothing_is_drawn(live: LiveSession, drawn: SimpleNamespace) -> None:
    live.begin(make_session())
    assert draw_microphone(live, wanted=False) == MicrophoneReport(MicrophoneState.OFF)
    assert drawn.data is None


def test_each_session_has_a_token_of_its_own_made_once(
    live: LiveSession, drawn: SimpleNamespace
) -> None:
    draw_microphone(live, wanted=True)
    assert drawn.data == {"wanted": True, "token": "", "url": "/practice/levels"}
    tokens = []
    for name in ("a", "a", "b"):
        if live.session_id != name:
            live.begin(make_session(name))
        draw_microphone(live, wanted=True)
        tokens.append(drawn.data["token"])
    assert tokens[0] == tokens[1] != tokens[2]
    assert all(tokens)


def test_a_token_that_the_server_does_not_know_any_more_is_made_again(
    live: LiveSession, drawn: SimpleNamespace
) -> None:
    live.begin(make_session())
    draw_microphone(live, wanted=True)
    first = drawn.data["token"]
    drawn.told = {"state": "measuring", "token": first}
    draw_microphone(live, wanted=True)
    second = drawn.data["token"]
    assert second != first
    draw_microphone(live, wanted=True)
    assert drawn.data["token"] == second


def test_in_a_pause_the_microphone_is_off(live: LiveSession, drawn: SimpleNamespace) -> None:
    live.begin(make_session())
    live.pause()
    draw_microphone(live, wanted=True)
    assert drawn.data["wanted"] is False
    live.resume()
    draw_microphone(live, wanted=True)
    assert drawn.data["wanted"] is True


def test_without_a_consent_there_is_no_token(live: LiveSession, drawn: SimpleNamespace) -> None:
    live.begin(make_session())
    module.session_state.consent.set(None)
    draw_microphone(live, wanted=True)
    assert drawn.data["token"] == ""


@pytest.mark.parametrize("state", MicrophoneState)
def test_each_trouble_has_one_sentence_and_measuring_none(
    live: LiveSession, drawn: SimpleNamespace, state: MicrophoneState
) -> None:
    drawn.told = {"state": state.value, "late": False, "dropped": 0, "token": ""}
    assert draw_microphone(live, wanted=True) == MicrophoneReport(state)
    expected = MICROPHONE_TEXT.get(state)
    assert drawn.captions == ([] if expected is None else [plain(expected)])
    quiet = {MicrophoneState.OFF, MicrophoneState.MEASURING}
    assert (expected is None) == (state in quiet)


def test_levels_that_wait_or_are_lost_are_told(live: LiveSession, drawn: SimpleNamespace) -> None:
    drawn.told = {"state": "measuring", "late": True, "dropped": 24}
    draw_microphone(live, wanted=True)
    assert drawn.captions == [
        plain(
            "Levels of the microphone wait: the server does not take them. 2 seconds of levels "
            "were not stored."
        )
    ]


@pytest.mark.parametrize(
    "told",
    ["words", {"state": "<b>x</b>"}, {"state": 7, "dropped": "many", "late": "yes", "token": []}],
    ids=["text", "another state", "other kinds"],
)
def test_what_no_microphone_tells_counts_as_nothing(
    live: LiveSession, drawn: SimpleNamespace, told: object
) -> None:
    drawn.told = told
    assert draw_microphone(live, wanted=True) == MicrophoneReport(MicrophoneState.WAITING)
