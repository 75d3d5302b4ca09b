"""The live page of a tab that this server does not know any more, as after it was started again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.domain.plain_values import to_plain
from core.settings import Settings
from pages.parts.eye import cached as eye_cached
from pages.parts.live import controls, going_on, tab_reading
from pages.parts.live.tab_reading import TabReading
from pages.parts.shell import session_state
from pages.parts.shell.navigation import HOME, LIVE_CAMERA
from tests.fakes import ManualClock
from tests.make import make_moment, make_session
from tests.pages.live.test_own_device import FakeEye, eye, here  # noqa: F401 - a fixture
from tests.pages.test_live_camera import (
    analyser,  # noqa: F401 - fixtures of the live page
    camera,  # noqa: F401
    guest,  # noqa: F401
    model,  # noqa: F401
    start_here,
    stop,
    stored,
    switch,
)
from tests.pages.visits import open_at, words_of

LOST = "2026-11-21-1336-calm-otter-0a1b"


class Tab:
    """A tab that keeps what it is told, over a restart of the server."""

    def __init__(self) -> None:
        self.note: TabReading | None = None
        self.was_asked = 0

    def keep(self, reading: TabReading | None) -> None:
        self.note = reading

    def ask(self) -> TabReading | bool:
        self.was_asked += 1
        return self.note or True


@pytest.fixture
def tab(monkeypatch: pytest.MonkeyPatch) -> Tab:
    tab = Tab()
    monkeypatch.setattr(tab_reading, "keep", tab.keep)
    monkeypatch.setattr(tab_reading, "ask", tab.ask)
    return tab


@pytest.fixture
def lose(
    tab: Tab,
    installation: Settings,
    camera: Any,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., None]:
    """A server that stored a session of this tab and is gone; said how long ago it ended."""
    clock: ManualClock = camera._clock
    monkeypatch.setattr(eye_cached, "monotonic", clock.seconds)

    def lose(
        *,
        ago: timedelta = timedelta(0),
        title: str = "",
        is_stored: bool = True,
        **changes: Any,
    ) -> None:
        now = datetime.now(UTC) - ago
        session = make_session(LOST)
        default = f"21 Nov 2026, 13:36 · {LOST[16:26].replace('-', ' ')}"
        session = replace(session, began_at=now, title=title or default)
        if is_stored:
            with stored(installation) as store:
                store.begin(session)
                store.append(LOST, [make_moment(0.0)], now=now)
        reading = TabReading(
            receipt=eye_cached.row_ingest().receipt(LOST),
            here=False,
            paused=False,
            model="",
            resolution="640 x 480",
            shown_as="",
        )
        tab.note = replace(reading, **changes)

    return lose


def arrive(visitor: AppTest) -> AppTest:
    open_at(visitor, LIVE_CAMERA)
    assert not visitor.exception
    return visitor


def test_the_camera_goes_on_as_a_new_session_and_one_sentence_says_so(
    guest: AppTest,  # noqa: F811
    camera: Any,  # noqa: F811
    lose: Callable[..., None],
    installation: Settings,
) -> None:
    lose(title="With Ada")
    arrive(guest)
    assert switch(guest).value
    assert [one.value for one in guest.info].count(going_on.WENT_ON) == 1
    assert camera.wanted[-1]
    stop(guest)
    assert going_on.WENT_ON not in words_of(guest)
    with stored(installation) as store:
        first, second = store.sessions()
    assert {first.session.title, second.session.title} == {"With Ada"}
    assert LOST in {first.session.id, second.session.id}


def test_a_session_of_which_nothing_was_stored_yet_goes_on_as_well(
    guest: AppTest,  # noqa: F811
    lose: Callable[..., None],
) -> None:
    lose(is_stored=False)
    arrive(guest)
    assert switch(guest).value


def test_a_default_title_is_not_continued(
    guest: AppTest,  # noqa: F811
    lose: Callable[..., None],
    installation: Settings,
) -> None:
    lose()
    stop(arrive(guest))
    with stored(installation) as store:
        titles = [one.session.title for one in store.sessions()]
    assert len(set(titles)) == 2


def test_the_browsers_eye_goes_on_where_it_reads(
    guest: AppTest,  # noqa: F811
    eye: FakeEye,  # noqa: F811
    lose: Callable[..., None],
) -> None:
    lose(here=True)
    arrive(guest)
    assert here(guest).value
    request = eye.requests[-1]
    assert request.continues == (LOST, 0.0)  # its only row is stored
    assert request.start not in {"", LOST}
    assert request.token


def test_a_rerun_that_is_cut_off_before_the_switches_are_drawn_loses_nothing(
    guest: AppTest,  # noqa: F811
    lose: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lose()
    draw, cuts = controls.draw_switches, iter([True, True])

    def cut_off(live: Any) -> None:
        if next(cuts, False):
            st.rerun()
        draw(live)

    monkeypatch.setattr(controls, "draw_switches", cut_off)
    arrive(guest)
    assert switch(guest).value
    assert going_on.WENT_ON in words_of(guest)


def test_the_wish_is_gone_once_the_switches_are_drawn(
    guest: AppTest,  # noqa: F811
    tab: Tab,
    lose: Callable[..., None],
) -> None:
    lose()
    stop(arrive(guest))
    assert tab.note is None
    open_at(guest, HOME)
    arrive(guest)
    assert not switch(guest).value
    assert tab.was_asked == 1


def test_whoever_comes_from_another_page_had_left_the_camera(
    guest: AppTest,  # noqa: F811
    tab: Tab,
    lose: Callable[..., None],
) -> None:
    lose()
    open_at(guest, HOME)
    arrive(guest)
    assert not switch(guest).value
    assert tab.was_asked == 0
    assert tab.note is None


def test_another_page_that_is_drawn_meanwhile_ends_the_wish(
    guest: AppTest,  # noqa: F811
    lose: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lose()
    draw = controls.draw_switches
    monkeypatch.setattr(controls, "draw_switches", lambda _: st.stop())
    open_at(guest, LIVE_CAMERA)
    open_at(guest, HOME)
    monkeypatch.setattr(controls, "draw_switches", draw)
    arrive(guest)
    assert not switch(guest).value


def test_after_more_than_five_minutes_the_camera_stays_off_and_it_is_said(
    guest: AppTest,  # noqa: F811
    lose: Callable[..., None],
) -> None:
    lose(ago=timedelta(minutes=6))
    arrive(guest)
    assert not switch(guest).value
    assert going_on.TOO_LATE in words_of(guest)
    start_here(guest)
    assert going_on.TOO_LATE not in words_of(guest)


def test_a_note_that_is_not_ours_switches_nothing_on(
    guest: AppTest,  # noqa: F811
    lose: Callable[..., None],
) -> None:
    lose(receipt=eye_cached.row_ingest().receipt(LOST)[:-6] + "AAAAAA")
    arrive(guest)
    assert not switch(guest).value
    assert going_on.WENT_ON not in words_of(guest)


def test_a_session_that_was_paused_goes_on_paused_and_sends_nothing_of_the_pause(
    guest: AppTest,  # noqa: F811
    eye: FakeEye,  # noqa: F811
    lose: Callable[..., None],
) -> None:
    lose(here=True, paused=True)
    arrive(guest)
    assert switch(guest).value
    assert [one.key for one in guest.button if one.key in {"pause", "resume"}] == ["resume"]
    assert eye.requests[-1].continues is None


def test_without_consent_the_gate_is_shut_as_ever(
    guest: AppTest,  # noqa: F811
    camera: Any,  # noqa: F811
    lose: Callable[..., None],
) -> None:
    lose()
    guest.session_state["slot:consent"] = None
    arrive(guest)
    assert [one.key for one in guest.button if one.key == "consent-start"]
    assert not any(camera.wanted)


def test_the_tab_keeps_what_its_camera_does_until_it_is_switched_off(
    guest: AppTest,  # noqa: F811
    tab: Tab,
) -> None:
    arrive(guest)
    assert tab.note is None
    start_here(guest)
    assert tab.note is not None
    assert not tab.note.paused
    assert eye_cached.row_ingest().session_of(tab.note.receipt) is not None
    guest.button(key="pause").click().run()
    assert tab.note.paused
    stop(guest)
    assert tab.note is None


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[object], None]]:
    """Has the tab answer; None has its browser forget the answer."""

    def answer(note: object) -> None:
        state = None if note is None else type("State", (), {"note": note})()
        monkeypatch.setattr(tab_reading.session_state, "component_state", lambda _: state)

    session_state.tab_note.set(None)
    yield answer
    session_state.tab_note.set(None)


@pytest.mark.parametrize("note", [{}, "text", {"receipt": 3}, [1]], ids=str)
def test_a_note_that_makes_no_sense_is_none(
    note: object, answered: Callable[[object], None]
) -> None:
    answered(note)
    assert tab_reading.ask() is True


def test_a_note_comes_back_as_it_was_kept(answered: Callable[[object], None]) -> None:
    reading = TabReading("signed", True, False, "compact-2", "640 x 480", "")
    answered(to_plain(reading))
    assert tab_reading.ask() == reading


@pytest.mark.parametrize("note", [{}, {"receipt": 3}], ids=str)
def test_a_tab_that_has_answered_is_not_asked_again(
    note: object, answered: Callable[[object], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    answered(note)
    assert tab_reading.ask() is True
    asked: list[object] = []
    monkeypatch.setattr(tab_reading, "_draw", asked.append)
    answered(None)  # as browsers do once the element is not drawn any more
    assert tab_reading.ask() is True
    assert asked == []
