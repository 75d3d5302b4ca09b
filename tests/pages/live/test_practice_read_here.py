"""A practice where the visitor's browser reads the faces."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from core.domain import AnalysisSite
from core.practice import Phase, practices
from core.settings import Settings
from core.vision import OverlayStyle
from pages.parts.live import browser_eye
from pages.parts.live.browser_eye import EyeReport, EyeState
from pages.parts.shell.navigation import PRACTICE
from tests.pages.live.test_own_device import FakeEye, eye, here  # noqa: F401 - a fixture
from tests.pages.test_live_camera import (
    analyser,  # noqa: F401 - fixtures of the live page
    camera,  # noqa: F401
    guest,  # noqa: F401
    model,  # noqa: F401
    stored,
)
from tests.pages.test_practice import attempts, clock, names, press, running  # noqa: F401
from tests.pages.visits import open_at, words_of


def start_here(visitor: AppTest) -> AppTest:
    open_at(visitor, PRACTICE)
    here(visitor).set_value(True).run()
    press(visitor, "start")
    return visitor.run()


def test_an_answer_read_here_has_rows_and_nothing_is_drawn_over_the_picture(
    guest: AppTest,  # noqa: F811
    eye: FakeEye,  # noqa: F811
    clock: object,  # noqa: F811 - a fixture
    installation: Settings,
) -> None:
    start_here(guest)
    for name in ("ask", "answer", "finish"):
        press(guest, name)
    assert eye.requests[-1].paused, "while it is reviewed nothing is measured"
    press(guest, "end")
    (attempt,) = attempts(installation)
    assert attempt.length_s > 0
    with stored(installation) as store:
        assert practices(store)[0].site is AnalysisSite.BROWSER
        assert store.entry(attempt.parts[0].session_id).rows > 0
    assert {one.style for one in eye.requests if one.start} == {OverlayStyle.NONE}


def test_where_this_browser_cannot_read_the_server_is_offered_and_the_practice_goes_on(
    guest: AppTest,  # noqa: F811
    eye: FakeEye,  # noqa: F811
    clock: object,  # noqa: F811 - a fixture
) -> None:
    sentence = browser_eye.UNABLE_TEXT["no_webgl"]
    eye.report = EyeReport(EyeState.UNABLE, sentence=sentence, server_may=True)
    start_here(guest)
    assert sentence in words_of(guest)
    guest.button(key="read-on-server").click().run()
    guest.run()
    assert not guest.exception
    press(guest, "ask")
    assert running(guest).flow.phase is Phase.THINKING
    assert "answer" in names(guest)
