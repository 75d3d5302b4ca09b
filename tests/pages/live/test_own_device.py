"""The live page where the visitor's browser reads the faces."""

from __future__ import annotations

import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.domain.row_answer import AnswerKind
from core.measures import MEASURES_ONLY
from core.settings import Settings
from core.vision import OverlayStyle, are_current
from core.vision.browser_assets import BrowserFile, BrowserFiles
from pages.parts.eye import cached as eye_cached
from pages.parts.live import own_device, reading_place
from pages.parts.live.browser_eye import EyeReport, EyeRequest, EyeState
from pages.parts.live.camera_permission import CameraPermission
from pages.parts.shell.navigation import LIVE_CAMERA
from tests.convertible import make_row
from tests.eye_messages import body
from tests.fakes import ManualClock
from tests.pages.fake_camera import FakeCamera
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

FILES = BrowserFiles({"component": BrowserFile("component.0123.js", 9, 5, 6)}, "a source")


class FakeEye:
    """A browser that sends a second of rows whenever its page is drawn."""

    def __init__(self, clock: ManualClock) -> None:
        self.report = EyeReport(EyeState.READING, CameraPermission.ALLOWED, "Read here.", 640, 480)
        self.requests: list[EyeRequest] = []
        self.answers: list[AnswerKind] = []
        self.also: dict[str, Any] = {}
        self.is_silent = False
        self._clock = clock
        self._sends = 0

    def __call__(self, request: EyeRequest) -> EyeReport:
        if not self.requests or request.token != self.requests[-1].token:
            self._sends = 0
        self.requests.append(request)
        if not request.start:
            return EyeReport()
        if self.report.state is EyeState.READING and not self.is_silent:
            self._clock.advance(1.0)
            message = body(self._sends, **self.also)
            self.answers.append(eye_cached.row_ingest().accept(request.token, message).kind)
            self._sends += 1
        return self.report

    @property
    def tokens(self) -> set[str]:
        return {one.token for one in self.requests if one.start}


@pytest.fixture
def eye(camera: Any, monkeypatch: pytest.MonkeyPatch) -> FakeEye:  # noqa: F811
    """Set-up built the files, and the model is published for browsers."""
    clock = camera._clock
    fake = FakeEye(clock)
    monkeypatch.setattr(eye_cached, "monotonic", clock.seconds)
    monkeypatch.setattr(own_device, "browser_eye", fake)
    for module in (own_device, reading_place):
        monkeypatch.setattr(module, "browser_files", lambda *_: FILES)
        monkeypatch.setattr(module, "browser_format", lambda *_: make_row(sha256="ab" * 32))
    monkeypatch.setattr(reading_place, "are_current", lambda _: True)
    return fake


def here(visitor: AppTest) -> Any:
    return next(one for one in visitor.toggle if one.label == "Read on this device")


def start_reading(visitor: AppTest) -> AppTest:
    open_at(visitor, LIVE_CAMERA)
    here(visitor).set_value(True).run()
    return start_here(visitor)


def test_without_the_files_of_set_up_the_choice_is_off_and_says_why(guest: AppTest) -> None:  # noqa: F811
    open_at(guest, LIVE_CAMERA)
    assert here(guest).disabled
    assert here(guest).help == (
        "Set-up did not build the files that browsers need for this: run make assets."
    )


def test_with_files_of_an_earlier_version_the_choice_is_off_and_the_app_works(
    guest: AppTest,  # noqa: F811
    eye: FakeEye,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading_place, "are_current", are_current)
    open_at(guest, LIVE_CAMERA)
    assert here(guest).disabled
    assert here(guest).help == (
        "The files that browsers need for this are of an earlier version: run make assets. Until "
        "then faces are read on the server."
    )
    start_here(guest)
    assert switch(guest).value
    assert eye.requests == []


def test_faces_are_read_on_the_server_until_the_visitor_chooses(
    guest: AppTest,  # noqa: F811
    eye: FakeEye,
) -> None:
    open_at(guest, LIVE_CAMERA)
    assert not here(guest).disabled
    assert not here(guest).value
    start_here(guest)
    assert eye.requests == []


def test_a_session_that_the_browser_read_is_stored_as_its_own(
    guest: AppTest,  # noqa: F811
    installation: Settings,
    eye: FakeEye,
) -> None:
    start_reading(guest)
    assert here(guest).disabled
    guest.run()
    assert len(eye.tokens) == 1
    assert set(eye.answers) == {AnswerKind.STORED}
    request = eye.requests[-1]
    assert request.files == {"component": "component.0123.js"}
    assert request.model is not None
    assert request.model.url == "/eye/models/small/abababababab.tflite"
    assert request.model.reading.labels
    stop(guest)
    assert eye.requests[-1].start == eye.requests[-1].token == ""
    with stored(installation) as store:
        (entry,) = store.sessions()
        timeline = store.read(entry.session.id)
    assert entry.session.consent_at is not None
    assert len(timeline) == 5 * len(eye.answers) >= 10
    assert set(timeline.eye) == {"browser"}


def test_what_was_not_measured_is_said(guest: AppTest, eye: FakeEye) -> None:  # noqa: F811
    start_reading(guest)
    guest.run()
    assert "Not measured" not in words_of(guest)
    gap = {"begin_s": 3.0, "end_s": 15.0, "reason": "hidden"}
    eye.also = {"state": "hidden", "dropped": 3, "gaps": [gap]}
    guest.run()
    assert (
        "Not measured at the moment: this tab is hidden. Not measured until now: 12 s. "
        "Dropped by this browser: 3 rows." in words_of(guest)
    )


def test_a_browser_counts_as_silent_after_five_seconds_and_no_camera_is_blamed(
    guest: AppTest,  # noqa: F811
    eye: FakeEye,
    camera: FakeCamera,  # noqa: F811
) -> None:
    start_reading(guest)
    guest.run()
    eye.is_silent = True
    camera._clock.advance(3.0)
    assert "received for" not in words_of(guest.run())
    camera._clock.advance(3.0)
    said = words_of(guest.run())
    assert re.search(r"No reading received for \d s\. Readings that wait in this browser", said)
    assert "plugged in" not in said


def test_the_help_of_the_latency_says_that_rows_are_sent_once_a_second(
    guest: AppTest,  # noqa: F811
    eye: FakeEye,
) -> None:
    start_reading(guest)
    guest.run()
    (strip,) = [one for one in guest.caption if "Latency" in one.value]
    assert "until its row has arrived: rows are sent about once a second" in strip.help


def test_a_screenshot_is_asked_of_the_browser_and_nothing_of_it_is_here(
    guest: AppTest,  # noqa: F811
    eye: FakeEye,
) -> None:
    start_reading(guest)
    guest.run()
    assert eye.requests[-1].screenshots == ()
    button = guest.button(key="screenshot")
    assert "no picture leaves this device" in button.help
    assert "`S`" in words_of(guest)
    button.click().run()
    guest.button(key="screenshot").click().run()
    first, second = eye.requests[-1].screenshots
    assert first.startswith("mien-20")
    assert first != second
    assert "slot:pending_downloads" not in guest.session_state


def test_what_was_asked_of_one_start_is_not_asked_of_the_next(
    guest: AppTest,  # noqa: F811
    eye: FakeEye,
) -> None:
    start_reading(guest)
    guest.run()
    guest.button(key="screenshot").click().run()
    guest.button(key="reset").click().run()
    assert eye.requests[-1].start
    assert eye.requests[-1].screenshots == ()


def test_all_scores_are_drawn_when_chosen_and_nothing_in_a_pause(
    guest: AppTest,  # noqa: F811
    eye: FakeEye,
) -> None:
    start_reading(guest)
    assert eye.requests[-1].style is OverlayStyle.QUIET
    guest.toggle(key="all-expressions").set_value(True).run()
    assert eye.requests[-1].style is OverlayStyle.FULL
    guest.button(key="pause").click().run()
    assert eye.requests[-1].style is OverlayStyle.NONE
    guest.button(key="resume").click().run()
    assert eye.requests[-1].style is OverlayStyle.FULL


def test_with_measures_alone_no_label_reaches_the_browser(
    guest: AppTest,  # noqa: F811
    eye: FakeEye,
) -> None:
    start_reading(guest)
    guest.pills(key="show-as-fer7").set_value(MEASURES_ONLY).run()
    asked = eye.requests[-1].model
    assert asked is not None
    assert asked.reading.labels == ()
    assert asked.reading.limits.size_px == 30


def test_a_reset_begins_another_start_with_a_token_of_its_own(
    guest: AppTest,  # noqa: F811
    eye: FakeEye,
) -> None:
    start_reading(guest)
    guest.run()
    guest.button(key="reset").click().run()
    assert not guest.exception
    starts = list(dict.fromkeys(one.start for one in eye.requests if one.start))
    assert len(starts) == len(eye.tokens) == 2
    assert set(eye.answers) == {AnswerKind.STORED}


@pytest.mark.parametrize("state", [EyeState.UNABLE, EyeState.OVER])
def test_what_ends_reading_is_said_and_the_camera_is_off(
    guest: AppTest,  # noqa: F811
    eye: FakeEye,
    state: EyeState,
) -> None:
    start_reading(guest)
    eye.report = EyeReport(state, CameraPermission.ALLOWED, "This browser has no WebGL.")
    guest.run()
    assert not guest.exception
    assert not switch(guest).value
    assert "This browser has no WebGL." in words_of(guest)


def test_blendshapes_of_a_face_that_the_browser_read_are_drawn(
    guest: AppTest,  # noqa: F811
    eye: FakeEye,
) -> None:
    start_reading(guest)
    guest.session_state["blendshapes"] = True
    guest.run().run()
    assert not guest.exception
    assert "Face 1" in {one.value for one in guest.caption}


def test_who_cannot_be_read_here_is_led_to_the_server_by_one_press_after_a_word_on_pictures(
    guest: AppTest,  # noqa: F811
    camera: Any,  # noqa: F811
    eye: FakeEye,
) -> None:
    start_reading(guest)
    eye.report = EyeReport(EyeState.UNABLE, sentence="No WebGL.", server_may=True)
    guest.run()
    assert not switch(guest).value
    button = guest.button(key="read-on-server")
    assert "Pictures are sent to the server" in button.help
    button.click().run()
    assert not guest.exception
    assert not here(guest).value
    assert switch(guest).value
    assert camera.wanted[-1]
    assert "read-on-server" not in {one.key for one in guest.button}


def test_where_there_is_no_camera_the_server_is_not_offered(
    guest: AppTest,  # noqa: F811
    eye: FakeEye,
) -> None:
    start_reading(guest)
    eye.report = EyeReport(EyeState.UNABLE, sentence="No camera.")
    guest.run()
    assert "read-on-server" not in {one.key for one in guest.button}


def test_an_expired_token_is_replaced_in_the_same_session(
    guest: AppTest,  # noqa: F811
    eye: FakeEye,
) -> None:
    start_reading(guest)
    reading, replied = eye.report, []

    def expired_once(request: EyeRequest) -> EyeReport:
        replied.append(request)
        # The browser says so until it reads on, which may take several reruns.
        return EyeReport(EyeState.TOKEN, refused=replied[0].token) if len(replied) < 4 else reading

    own_device.browser_eye = expired_once
    guest.run()
    assert not guest.exception
    assert len({one.token for one in replied}) == 2
    assert len({one.start for one in replied}) == 1


def test_where_the_policy_forbids_it_meanwhile_no_token_is_made(
    guest: AppTest,  # noqa: F811
    eye: FakeEye,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    open_at(guest, LIVE_CAMERA)
    here(guest).set_value(True).run()
    guest.session_state["slot:consent"] = None
    guest.run()
    assert not [one for one in guest.toggle if one.label == "Camera on"]
    assert eye.tokens == set()
