"""A learner whose browser cannot read faces; the camera plays when told to."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.classroom import (
    JoinRequest,
    NewClassroom,
    OpenedClassroom,
    close_classroom,
    join,
    learners_of,
    open_classroom,
    read_seconds,
)
from core.classroom.ingest import AnalysisPool, ServerLearners
from core.domain.classroom import LearnerSite, LearnerState, Shared
from core.policy import Purpose, Region, UsePolicy, class_notice_version, policy_file
from core.sessions import SessionStore
from core.settings import Settings
from pages.parts.eye import cached
from pages.parts.eye.cached import class_ingest
from pages.parts.join import class_eye, server_camera, taking_part
from pages.parts.live.browser_eye import EyeReport, EyeState
from pages.parts.live.camera import CameraReport
from pages.parts.live.camera_permission import CameraPermission
from pages.parts.shell.navigation import JOIN_CLASS
from tests.fakes import FakeAnalyser
from tests.pages.visits import open_at, words_of

PICTURE = np.zeros((240, 320, 3), np.uint8)
SOON_S = 20.0


class SentCamera:
    """A camera that only sends; frames come when the test says so."""

    def __init__(self) -> None:
        self.requests: list[Any] = []
        self.answer = CameraPermission.ALLOWED
        self.see: Callable[..., None] = lambda *_, **__: None
        self.on_ended: Callable[[], object] = lambda: None

    def __call__(
        self, see: Callable[..., None], on_ended: Callable[[], object], *, request: Any
    ) -> CameraReport:
        self.see, self.on_ended = see, on_ended
        self.requests.append(request)
        return CameraReport(self.answer, playing=True)


@pytest.fixture
def camera(monkeypatch: pytest.MonkeyPatch) -> SentCamera:
    playing = SentCamera()
    monkeypatch.setattr("pages.parts.live.camera.camera_stream", playing)
    return playing


@pytest.fixture
def analyser(monkeypatch: pytest.MonkeyPatch) -> FakeAnalyser:
    made = FakeAnalyser()
    monkeypatch.setattr(server_camera, "_analyser", lambda _: made)
    return made


@pytest.fixture
def store(installation: Settings) -> SessionStore:
    installation.data_dir.mkdir(parents=True, exist_ok=True)
    policy = UsePolicy(Region.ELSEWHERE, Purpose.CLASSROOM)
    policy_file.write(policy_file.path_in(installation.data_dir), policy)
    return SessionStore.open(installation.database_url)


@pytest.fixture
def opened(store: SessionStore) -> OpenedClassroom:
    shared = (Shared.PRESENT, Shared.FACING)
    new = NewClassroom("Optics", "elsewhere", "classroom", shared, is_listed=False)
    return open_classroom(store, new, now=datetime.now(UTC), rng=np.random.default_rng(1))


@pytest.fixture
def page(
    visitor: AppTest,
    store: SessionStore,
    opened: OpenedClassroom,
    camera: SentCamera,
    analyser: FakeAnalyser,
) -> AppTest:
    """The page of a learner who chose that the server reads."""
    version = class_notice_version(opened.classroom)
    request = JoinRequest("calm otter", LearnerSite.SERVER, version)
    joined = join(store, opened.classroom.id, request, now=datetime.now(UTC))
    visitor.query_params["me"] = joined.secret
    return open_at(visitor, JOIN_CLASS)


def _press(page: AppTest, label: str) -> AppTest:
    next(one for one in page.button if one.label == label).click().run()
    assert not page.exception
    return page


def _labels(page: AppTest) -> set[str]:
    return {one.label for one in page.button}


def _watch(camera: SentCamera, analyser: FakeAnalyser) -> None:
    """Frames until a second is complete."""
    began_s, seen = time.monotonic(), len(analyser.frames)
    while len(analyser.frames) < seen + 12 or time.monotonic() < began_s + 2.2:
        assert time.monotonic() < began_s + SOON_S
        camera.see(PICTURE, time.monotonic(), skipped=0)
        time.sleep(0.02)


def test_a_camera_only_sends_small_pictures_and_says_where_they_go(
    page: AppTest, camera: SentCamera
) -> None:
    (request, *_) = camera.requests
    assert (request.resolution.width_px, request.resolution.height_px) == (320, 240)
    assert (request.fps, request.comes_back) == (5, False)
    assert server_camera.BADGE in words_of(page)


def test_the_numbers_of_frames_are_shown_and_stored(
    page: AppTest,
    camera: SentCamera,
    analyser: FakeAnalyser,
    store: SessionStore,
    opened: OpenedClassroom,
) -> None:
    _watch(camera, analyser)
    page.run()
    # Of the class' names alone: neither eyes nor expressions are shared.
    shown = next(one.value for one in page.caption if "Face&nbsp;in&nbsp;view" in one.value)
    assert "Head&nbsp;towards&nbsp;the&nbsp;screen" in shown
    assert "Eyes" not in shown
    camera.on_ended()
    class_ingest().close()
    rows, _ = read_seconds(store, opened.classroom.id)
    assert len(rows) >= 2
    assert set(rows.present.tolist()) == {1.0}
    assert np.isnan(rows.expression).all()


def test_a_pause_takes_no_frame_more_and_going_on_begins_anew(
    page: AppTest, camera: SentCamera, analyser: FakeAnalyser, store: SessionStore, opened: Any
) -> None:
    see, first = camera.see, camera.requests[-1].start
    page = _press(page, "Pause")
    see(PICTURE, time.monotonic(), skipped=0)
    assert analyser.closed == 1
    assert analyser.frames == []
    class_ingest().close()
    (learner,) = learners_of(store, opened.classroom.id)
    assert learner.state is LearnerState.PAUSED
    _press(page, "Go on")
    assert camera.requests[-1].start not in {"", first}


def test_a_stream_that_ended_says_so_and_can_be_begun_again(
    page: AppTest, camera: SentCamera
) -> None:
    camera.on_ended()
    page = page.run()
    assert "stopped sending" in words_of(page)
    drawn = len(camera.requests)
    _press(page, "Try again")
    assert len(camera.requests) > drawn


def test_a_refused_camera_says_why(page: AppTest, camera: SentCamera) -> None:
    camera.answer = CameraPermission.REFUSED
    page = page.run()
    assert "was denied" in words_of(page)
    assert "Try again" in _labels(page)


def test_a_class_that_closes_ends_it(
    page: AppTest,
    camera: SentCamera,
    analyser: FakeAnalyser,
    store: SessionStore,
    opened: OpenedClassroom,
) -> None:
    close_classroom(store, opened.classroom.id, now=datetime.now(UTC))
    cached._class_desk().refresh()
    camera.see(PICTURE, time.monotonic(), skipped=0)
    deadline = time.monotonic() + SOON_S
    while not analyser.closed:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert taking_part.CLOSED in words_of(page.run())
    assert analyser.frames == []


def test_where_all_places_are_taken_the_page_says_what_else_there_is(
    visitor: AppTest,
    store: SessionStore,
    opened: OpenedClassroom,
    camera: SentCamera,
    analyser: FakeAnalyser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk, writer = cached._class_desk(), class_ingest().writer
    none = ServerLearners(
        desk, writer, clocks=cached._clocks(), pool=AnalysisPool(threads=1), most=0
    )
    monkeypatch.setattr(server_camera, "server_learners", lambda: none)
    version = class_notice_version(opened.classroom)
    request = JoinRequest("calm otter", LearnerSite.SERVER, version)
    joined = join(store, opened.classroom.id, request, now=datetime.now(UTC))
    visitor.query_params["me"] = joined.secret
    page = open_at(visitor, JOIN_CLASS)
    assert "all of these places are taken" in words_of(page)
    assert camera.requests == []
    page = _press(page, "Take part without a camera")
    assert taking_part.WITHOUT_CAMERA in words_of(page)


def test_who_cannot_read_in_the_browser_may_choose_the_server(
    visitor: AppTest,
    store: SessionStore,
    opened: OpenedClassroom,
    camera: SentCamera,
    analyser: FakeAnalyser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(class_eye, "browser_files", lambda _: None)  # an eye that was not built
    version = class_notice_version(opened.classroom)
    request = JoinRequest("calm otter", LearnerSite.BROWSER, version)
    joined = join(store, opened.classroom.id, request, now=datetime.now(UTC))
    visitor.query_params["me"] = joined.secret
    page = open_at(visitor, JOIN_CLASS)
    assert taking_part.SERVER_MAY in words_of(page)
    assert camera.requests == []
    _press(page, "Let the server read")
    (learner,) = learners_of(store, opened.classroom.id)
    assert learner.site is LearnerSite.SERVER
    assert camera.requests[-1].start


def test_no_server_is_offered_where_there_is_no_camera(
    visitor: AppTest, store: SessionStore, opened: OpenedClassroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = EyeReport(EyeState.REFUSED, CameraPermission.MISSING)
    files = SimpleNamespace(names={"component": "component.0123.js"})
    monkeypatch.setattr(class_eye, "browser_eye", lambda _: refused)
    monkeypatch.setattr(class_eye, "browser_files", lambda _: files)
    monkeypatch.setattr(class_eye, "are_current", lambda _: True)
    version = class_notice_version(opened.classroom)
    request = JoinRequest("calm otter", LearnerSite.BROWSER, version)
    joined = join(store, opened.classroom.id, request, now=datetime.now(UTC))
    visitor.query_params["me"] = joined.secret
    page = open_at(visitor, JOIN_CLASS)
    assert "Take part without a camera" in _labels(page)
    assert "Let the server read" not in _labels(page)
