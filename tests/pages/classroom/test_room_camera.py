"""The room camera on a teacher's page; the camera plays when told to."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.classroom import close_classroom, open_classroom, room_seconds_of
from core.classroom.room_camera import Head
from core.domain.classroom import RoomSecond, Shared
from core.policy import Purpose, Region, UsePolicy
from core.policy import policy_file as policy_store
from core.sessions import SessionStore
from core.settings import Settings
from pages.parts.classroom import room_camera
from pages.parts.live.camera import CameraReport
from pages.parts.live.camera_permission import CameraPermission
from tests.classes import EVERYTHING, IN_EUROPE

GROUP = [Head(0.2, 0.5, True)] * 6 + [Head(0.8, 0.5, False)] * 5
ELSEWHERE = UsePolicy(Region.ELSEWHERE, Purpose.CLASSROOM)
EUROPE = UsePolicy(Region.EU_EEA, Purpose.CLASSROOM)


class RoomCamera:
    """A camera that gives a picture with each look of the page, a second after the last one."""

    def __init__(self) -> None:
        self.requests: list[Any] = []
        self.answer = CameraPermission.ALLOWED
        self.heads = GROUP
        self.on_ended: Callable[[], object] = lambda: None

    def __call__(
        self, see: Callable[..., None], on_ended: Callable[[], object], *, request: Any
    ) -> CameraReport:
        self.requests.append(request)
        self.on_ended = on_ended
        if self.answer is CameraPermission.ALLOWED:
            see(np.zeros((72, 128, 3), np.uint8), 0.0, skipped=0)
        return CameraReport(self.answer, playing=True)


@pytest.fixture
def camera(monkeypatch: pytest.MonkeyPatch) -> RoomCamera:
    """The browser gives its camera, and the room is full; no file of set-up is needed."""
    playing = RoomCamera()
    monkeypatch.setattr("pages.parts.live.camera.camera_stream", playing)

    class Finder:
        def __init__(self, *_: Any) -> None:
            pass

        def find(self, _rgb: Any) -> list[Head]:
            return playing.heads

    monkeypatch.setattr(room_camera, "HeadFinder", Finder)
    monkeypatch.setattr(room_camera, "path_of", lambda *_: None)
    return playing


def page() -> None:
    import streamlit as st

    from core.classroom import classrooms
    from pages.parts.classroom.room_camera import draw_room_camera
    from pages.parts.sessions.cached import store
    from pages.parts.shell import error_box

    with error_box.on_error():
        for classroom in classrooms(store()):
            draw_room_camera(classroom)
    st.write("below")


@pytest.fixture
def opened(
    installation: Settings, camera: RoomCamera
) -> Callable[..., tuple[AppTest, SessionStore, str]]:
    """A class under a policy, with the teacher's page."""

    def open_page(policy: UsePolicy, new: Any) -> tuple[AppTest, SessionStore, str]:
        policy_store.write(installation.data_dir / policy_store.FILE_NAME, policy)
        store = SessionStore.open(installation.database_url)
        began_at = datetime.now(UTC) - timedelta(minutes=5)
        rng = np.random.default_rng(3)
        classroom = open_classroom(store, new, now=began_at, rng=rng).classroom
        return AppTest.from_function(page, default_timeout=30).run(), store, classroom.id

    return open_page


@pytest.fixture
def full(opened: Any) -> tuple[AppTest, SessionStore, str]:
    return opened(ELSEWHERE, replace(EVERYTHING, is_listed=False))


def press(visitor: AppTest, key: str) -> AppTest:
    visitor.button(key=key).click().run()
    assert not visitor.exception
    return visitor


def figures(visitor: AppTest) -> list[str]:
    return [one.value for one in visitor.metric]


def test_people_in_view_have_to_know_before_it_starts(full: Any, camera: RoomCamera) -> None:
    visitor, _, _ = full
    assert "Everybody in view has to know" in visitor.warning[0].value
    assert camera.requests == []
    assert figures(visitor) == []


def test_switched_on_it_counts_heads_and_their_directions_and_stores_them(
    full: Any, camera: RoomCamera
) -> None:
    visitor, store, class_id = full
    press(visitor, "room-on")
    heads, known, towards = figures(visitor)
    assert (heads, known) == ("11", "11")
    assert re.match(r"55 % \[\d+, \d+\]", towards)
    (second, *_) = room_seconds_of(store, class_id)
    assert (second.heads, second.known, second.towards) == (11, 11, 6)
    (request, *_) = camera.requests
    assert request.start
    assert not request.comes_back
    assert request.fps == room_camera.FPS


def test_regions_of_the_picture_show_directions_of_groups_alone(
    full: Any, camera: RoomCamera
) -> None:
    visitor, _, _ = full
    camera.heads = [*GROUP[:6], *[Head(0.8, 0.5, False)] * 5, Head(0.8, 0.9, None)]
    visitor.selectbox(key="room-columns").select(2).run()
    press(visitor, "room-on")
    table = next(one.value for one in visitor.markdown if one.value.startswith("<table>"))
    assert "6 heads<br><small>100 % towards the front" in table
    assert "6 heads<br><small>0 % towards the front" in table
    assert camera.requests[-1].regions == (1, 2)


@pytest.mark.parametrize("heads", [4, 0])
def test_of_fewer_than_five_heads_no_direction_is_shown_or_stored(
    full: Any, camera: RoomCamera, heads: int
) -> None:
    visitor, store, class_id = full
    camera.heads = GROUP[:heads]
    press(visitor, "room-on")
    assert figures(visitor) == [str(heads), "too few", "not shown"]
    (second, *_) = room_seconds_of(store, class_id)
    assert second == RoomSecond(second.second, heads, 0, 0, ((heads, 0, 0),))


def test_in_europe_directions_are_neither_shown_nor_stored_without_the_second_switch(
    opened: Any, camera: RoomCamera
) -> None:
    visitor, store, class_id = opened(EUROPE, IN_EUROPE)
    press(visitor, "room-on")
    assert figures(visitor) == ["11"]
    assert any("not counted" in one.value for one in visitor.caption)
    assert {(one.heads, one.known) for one in room_seconds_of(store, class_id)} == {(11, 0)}


def test_in_europe_they_are_behind_the_second_switch(opened: Any, camera: RoomCamera) -> None:
    with_heads = replace(IN_EUROPE, shared=(Shared.PRESENT, Shared.FACING))
    visitor, _, _ = opened(replace(EUROPE, heads_counted=True), with_heads)
    press(visitor, "room-on")
    assert figures(visitor)[:2] == ["11", "11"]


def test_where_the_switch_was_taken_back_nothing_is_counted_any_more(
    opened: Any, installation: Settings, camera: RoomCamera
) -> None:
    with_heads = replace(IN_EUROPE, shared=(Shared.PRESENT, Shared.FACING))
    visitor, store, class_id = opened(replace(EUROPE, heads_counted=True), with_heads)
    press(visitor, "room-on")
    stored = room_seconds_of(store, class_id)
    policy_store.write(installation.data_dir / policy_store.FILE_NAME, EUROPE)
    visitor.run()
    assert "room-on" not in [one.key for one in visitor.button]
    assert room_seconds_of(store, class_id) == stored


def test_a_class_that_was_closed_switches_it_off(full: Any, camera: RoomCamera) -> None:
    visitor, store, class_id = full
    press(visitor, "room-on")
    close_classroom(store, class_id, now=datetime.now(UTC))
    visitor.run()
    assert "counts nothing here" in visitor.caption[0].value
    assert "room-off" not in [one.key for one in visitor.button]


def test_a_stream_that_ended_is_told_and_can_be_switched_on_again(
    full: Any, camera: RoomCamera
) -> None:
    visitor, _, _ = full
    press(visitor, "room-on")
    camera.on_ended()
    visitor.run()
    assert "its stream ended" in visitor.warning[1].value
    first = camera.requests[0].start
    press(visitor, "room-on")
    assert camera.requests[-1].start not in {"", first}


def test_a_refused_camera_says_why(full: Any, camera: RoomCamera) -> None:
    visitor, _, _ = full
    camera.answer = CameraPermission.REFUSED
    press(visitor, "room-on")
    assert "denied" in visitor.warning[1].value
    assert "room-on" in [one.key for one in visitor.button]
