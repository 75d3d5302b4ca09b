"""A practice of a tab that this server does not know any more, as after it was started again."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.domain.practice import AttemptPart
from core.measures import Calibration
from core.practice import (
    Phase,
    attempts_of,
    begin_attempt,
    begin_practice,
    delete_practice,
    end_practice,
    unfinished,
)
from core.sessions import MeasuredCalibration
from core.settings import Settings
from pages.parts.live import going_on
from pages.parts.shell.navigation import PRACTICE
from tests.pages.live.test_going_on import LOST, Tab, lose, tab  # noqa: F401 - fixtures
from tests.pages.test_live_camera import (
    analyser,  # noqa: F401 - fixtures of the live page
    camera,  # noqa: F401
    guest,  # noqa: F401
    model,  # noqa: F401
    stored,
)
from tests.pages.test_practice import clock, press, running  # noqa: F401 - a fixture
from tests.pages.visits import open_at, words_of
from tests.practising import make_attempt, make_practice


@pytest.fixture
def answering(
    lose: Callable[..., None],  # noqa: F811
    clock: Any,  # noqa: F811
    installation: Settings,
) -> Callable[..., None]:
    """The server is lost in an answer."""

    def answering(**changes: Any) -> None:
        lose(practice="p1", **changes)
        now = datetime.now(UTC)
        with stored(installation) as store:
            begin_practice(store, make_practice(began_at=now))
            begin_attempt(store, make_attempt(began_at=now, parts=(AttemptPart(LOST, 0.0, 0.0),)))
            store.set_calibration(LOST, 1, MeasuredCalibration(Calibration(), now))

    return answering


def arrive(visitor: AppTest) -> AppTest:
    open_at(visitor, PRACTICE)
    assert not visitor.exception
    return visitor


def until_it_records(page: AppTest, installation: Settings) -> None:
    """Look at the page until the next part has begun, which waits for a stored row."""
    deadline_s = time.monotonic() + 30.0
    parts = 1
    while parts < 2:
        assert time.monotonic() < deadline_s, "no second part began"
        page.run()
        with stored(installation) as store:
            parts = len(attempts_of(store, "p1")[0].parts)


def test_an_answer_goes_on_by_itself_as_the_next_part_with_its_calibration(
    guest: AppTest,  # noqa: F811
    answering: Callable[..., None],
    tab: Tab,  # noqa: F811
    installation: Settings,
) -> None:
    answering()
    arrive(guest)
    assert running(guest).flow.phase is Phase.ANSWERING
    assert going_on.WENT_ON in words_of(guest)
    assert tab.note is not None
    assert tab.note.practice == "p1"
    until_it_records(guest, installation)
    press(guest, "finish")
    with stored(installation) as store:
        (attempt,) = attempts_of(store, "p1")
        before, after = attempt.parts
        assert before.session_id == LOST != after.session_id
        assert after.offset_s >= before.ends_s - before.begins_s
        assert len(store.calibrations(after.session_id)) == 1


def test_an_answer_that_was_paused_stays_paused(
    guest: AppTest,  # noqa: F811
    answering: Callable[..., None],
) -> None:
    answering(paused=True)
    arrive(guest)
    assert running(guest).flow.phase is Phase.PAUSED


@pytest.mark.parametrize("change", [end_practice, delete_practice], ids=["ended", "deleted"])
def test_a_practice_that_is_over_does_not_go_on_and_the_camera_stays_off(
    guest: AppTest,  # noqa: F811
    camera: Any,  # noqa: F811
    answering: Callable[..., None],
    installation: Settings,
    change: Callable[..., None],
) -> None:
    answering()
    with stored(installation) as store:
        change(store, "p1", **({"ended_at": datetime.now(UTC)} if change is end_practice else {}))
    arrive(guest)
    assert "practice-start" in {one.key for one in guest.button}
    assert not any(camera.wanted)
    with stored(installation) as store:
        assert unfinished(store) == ()


def test_a_camera_of_the_live_page_does_not_go_on_in_a_practice(
    guest: AppTest,  # noqa: F811
    camera: Any,  # noqa: F811
    lose: Callable[..., None],  # noqa: F811
    clock: Any,  # noqa: F811
    tab: Tab,  # noqa: F811
) -> None:
    lose()
    assert tab.note is not None
    tab.note = replace(tab.note, practice="")
    arrive(guest)
    assert not any(camera.wanted)
