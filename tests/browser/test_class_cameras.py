"""Cameras whose pictures go to the server: of a learner, and one that faces the room."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from playwright.sync_api import expect

from core.classroom import (
    JoinRequest,
    NewClassroom,
    close_classroom,
    join,
    open_classroom,
    read_seconds,
    room_seconds_of,
)
from core.domain.classroom import LearnerSite, Shared
from core.policy import Purpose, Region, UsePolicy, class_notice_version, policy_file
from pages.parts.join.server_camera import BADGE
from tests.browser.visitor import STARTS_WITHIN_MS, settled, until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.fixture
def opened(server):
    """An open class that shares presence and heads towards the screen."""
    path = policy_file.path_in(server.settings.data_dir)
    policy_file.write(path, UsePolicy(Region.ELSEWHERE, Purpose.CLASSROOM))
    shared = (Shared.PRESENT, Shared.FACING)
    new = NewClassroom("Optics", "elsewhere", "classroom", shared, is_listed=False)
    with server.store() as store:
        return open_classroom(store, new, now=datetime.now(UTC), rng=np.random.default_rng(1))


def test_the_server_reads_a_learner_until_the_learner_pauses(server, page, opened):
    room = opened.classroom
    with server.store() as store:
        request = JoinRequest("Ana", LearnerSite.SERVER, class_notice_version(room))
        secret = join(store, room.id, request, now=datetime.now(UTC)).secret
    page.goto(f"{server.url}/join_class?me={secret}")
    expect(page.get_by_text(BADGE)).to_be_visible(timeout=STARTS_WITHIN_MS)
    until(lambda: len(_seconds(server, room)) >= 4)
    rows = _seconds(server, room)
    assert rows.present.max() == 1
    assert np.nanmax(rows.facing) == 1
    assert np.isnan(rows.expression).all()
    expect(page.get_by_text("Face in view").last).to_be_visible()

    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text(BADGE)).to_be_hidden()
    paused_s = room.second_at(datetime.now(UTC))
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text(BADGE)).to_be_visible()
    until(lambda: _seconds(server, room).second.max() > paused_s + 2)
    assert _files_of_pictures(server) == []


def test_a_room_camera_counts_heads_until_the_class_is_closed(server, page, opened):
    room = opened.classroom
    page.goto(f"{server.url}/teach_class?teach={opened.teacher_secret}")
    settled(page)
    page.get_by_text("Room camera", exact=True).click()
    expect(page.get_by_text("Everybody in view has to know")).to_be_visible()
    assert _room(server, room) == ()
    page.get_by_role("button", name="Switch on").click()
    until(lambda: len(_room(server, room)) >= 3)
    assert {(one.heads, one.known) for one in _room(server, room)} == {(1, 0)}  # one is no group
    expect(page.get_by_text("too few")).to_be_visible()
    with server.store() as store:
        close_classroom(store, room.id, now=datetime.now(UTC))
    expect(page.get_by_text("Room camera", exact=True)).to_have_count(0)
    assert _files_of_pictures(server) == []


def _seconds(server, room):
    with server.store() as store:
        return read_seconds(store, room.id)[0]


def _room(server, room):
    with server.store() as store:
        return room_seconds_of(store, room.id)


def _files_of_pictures(server):
    """Files of the data folder that are no database, policy or secret."""
    known = {".db", ".db-shm", ".db-wal", ".json", ".lock"}
    return [
        path
        for path in server.settings.data_dir.rglob("*")
        if path.is_file() and "assets" not in path.parts and path.suffix not in known
        if path.stat().st_size > 1024
    ]
