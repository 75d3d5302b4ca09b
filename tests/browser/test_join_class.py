"""A learner in a real browser: joins by the link, is read, pauses, leaves, deletes."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import numpy as np
import pytest
from playwright.sync_api import expect

from core.classroom import (
    NewClassroom,
    close_classroom,
    flags_of,
    learners_of,
    link_token,
    open_classroom,
    read_seconds,
)
from core.domain.classroom import FlagKind, LearnerState, Shared
from core.policy import Purpose, Region, UsePolicy, policy_file
from tests.browser.visitor import STARTS_WITHIN_MS, expect_soon, settled, until

ON = "Numbers leave this device, no picture."

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.fixture
def opened(server):
    """An open class outside the EU that shares presence and heads towards the screen."""
    path = policy_file.path_in(server.settings.data_dir)
    policy_file.write(path, UsePolicy(Region.ELSEWHERE, Purpose.CLASSROOM))
    shared = (Shared.PRESENT, Shared.FACING)
    new = NewClassroom("Optics", "elsewhere", "classroom", shared, is_listed=False)
    with server.store() as store:
        now, rng = datetime.now(UTC), np.random.default_rng(1)
        return open_classroom(store, new, now=now, rng=rng)


@pytest.fixture
def sent(page):
    """Every message of rows that leaves the browser, as it was sent."""
    bodies = []
    page.on(
        "request",
        lambda one: bodies.append(one.post_data) if one.url.endswith("/class/rows") else None,
    )
    return bodies


def test_a_learner_sees_what_leaves_and_it_stops_with_a_press_and_is_gone_with_another(
    server, page, opened, sent
):
    page.goto(f"{server.url}/join_class?class={link_token(opened.teacher_secret)}")
    settled(page)
    assert sent == []
    page.get_by_role("button", name="I agree, join the class").click()
    badge = page.get_by_text(ON)
    expect(badge).to_be_visible(timeout=STARTS_WITHIN_MS)
    assert "me=" in page.url
    until(lambda: len(_seconds(server, opened)) >= 3)
    seconds = _seconds(server, opened)
    assert set(seconds.learner) == {1}
    assert np.isnan(seconds.expression).all()
    _expect_head_and_quality_alone(sent)
    page.get_by_text("Every number of that message").click()
    assert page.locator(".numbers pre").inner_text() in sent
    expect(page.get_by_text("Head towards the screen")).to_be_visible()

    with page.expect_download() as download:
        page.get_by_role("button", name="Receipt of consent").click()
    receipt = download.value.path().read_text(encoding="utf-8")
    assert receipt.rstrip().endswith(page.url)
    assert "whether a face is before your camera" in receipt

    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Nothing leaves this device.")).to_be_visible()
    expect(badge).to_be_hidden()
    until(lambda: _learner(server, opened).state is LearnerState.PAUSED)
    page.get_by_role("button", name="Too fast").click()
    expect(page.get_by_text(re.compile("Sent at .*Too fast"))).to_be_visible()
    stopped, paused_s = len(sent), opened.classroom.second_at(datetime.now(UTC))
    until(lambda: _press_and_read(page, "Again"))  # two seconds later
    with server.store() as store:
        first, *others = [one.kind for one in flags_of(store, opened.classroom.id)]
    # Pressed again where the answer to the press before was still on its way.
    assert first is FlagKind.TOO_FAST
    assert set(others) == {FlagKind.AGAIN}
    assert len(sent) == stopped
    assert _seconds(server, opened).second.max() < paused_s

    page.get_by_role("button", name="Leave").click()
    expect(page.get_by_text("You have left the class.")).to_be_visible()
    page.get_by_role("button", name="Delete what I shared").click()
    page.get_by_role("button", name="Delete everything").click()
    expect(page.get_by_text("Deleted: your name in the class")).to_be_visible()
    assert "me=" not in page.url
    with server.store() as store:
        assert learners_of(store, opened.classroom.id) == ()
    assert len(_seconds(server, opened)) == 0


def test_a_reload_goes_on_as_the_same_learner_and_a_killed_server_is_outlived(
    server, page, opened, sent
):
    page.goto(f"{server.url}/join_class?class={link_token(opened.teacher_secret)}")
    settled(page)
    page.get_by_role("button", name="I agree, join the class").click()
    until(lambda: len(_seconds(server, opened)) >= 2)
    page.reload()
    before = len(_seconds(server, opened))
    until(lambda: len(_seconds(server, opened)) >= before + 3)
    server.stop()
    server.start()
    before = len(_seconds(server, opened))
    until(lambda: len(_seconds(server, opened)) >= before + 5, within_s=120)
    assert _learner(server, opened).number == 1


def test_the_newer_of_two_tabs_takes_over_and_the_other_says_so_and_can_take_it_back(
    server, context, page, opened
):
    page.goto(f"{server.url}/join_class?class={link_token(opened.teacher_secret)}")
    settled(page)
    page.get_by_role("button", name="I agree, join the class").click()
    until(lambda: len(_seconds(server, opened)) >= 1)
    other = context.new_page()
    other.goto(page.url)
    expect(other.get_by_text(ON)).to_be_visible(timeout=STARTS_WITHIN_MS)
    expect(page.get_by_text("in another tab or on another device")).to_be_visible()
    expect(page.get_by_text(ON)).to_be_hidden()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text(ON)).to_be_visible(timeout=STARTS_WITHIN_MS)
    expect(other.get_by_text("in another tab or on another device")).to_be_visible()
    assert _learner(server, opened).number == 1


def test_a_class_that_is_closed_stops_what_leaves_and_keeps_the_own_rows(
    server, page, opened, sent
):
    page.goto(f"{server.url}/join_class?class={link_token(opened.teacher_secret)}")
    settled(page)
    page.get_by_role("button", name="I agree, join the class").click()
    until(lambda: len(_seconds(server, opened)) >= 3)
    with server.store() as store:
        close_classroom(store, opened.classroom.id, now=datetime.now(UTC))
    expect(page.get_by_text("This class is closed.")).to_be_visible()
    # The last second that was taken is written up to a second after the page has said so.
    expect_soon(page, lambda: _own_rows(page) == len(_seconds(server, opened)), True)


def test_who_looks_at_another_page_comes_back_as_the_same_learner_and_is_read_on(
    server, page, opened
):
    page.goto(f"{server.url}/join_class?class={link_token(opened.teacher_secret)}")
    settled(page)
    page.get_by_role("button", name="I agree, join the class").click()
    until(lambda: len(_seconds(server, opened)) >= 2)
    expect(page).to_have_url(re.compile("me="))
    own = page.url
    page.get_by_role("link", name="Responsible use").click()
    expect(page.get_by_role("heading", name="Responsible use")).to_be_visible()
    settled(page)
    page.get_by_role("link", name="Join a class").click()
    expect(page.get_by_text(ON)).to_be_visible(timeout=STARTS_WITHIN_MS)
    before = len(_seconds(server, opened))
    until(lambda: len(_seconds(server, opened)) >= before + 3)
    expect(page).to_have_url(own)
    assert _learner(server, opened).number == 1


def _own_rows(page):
    """How many seconds the learner's own file has."""
    with page.expect_download() as download:
        page.get_by_role("button", name="My rows (CSV)").click()
    return len(download.value.path().read_text(encoding="utf-8").splitlines()) - 1


def _seconds(server, opened):
    with server.store() as store:
        return read_seconds(store, opened.classroom.id)[0]


def _learner(server, opened):
    with server.store() as store:
        (learner,) = learners_of(store, opened.classroom.id)
        return learner


def _press_and_read(page, flag):
    """Press a flag; whether it was sent."""
    page.get_by_role("button", name=flag).click()
    settled(page)
    return page.get_by_text(re.compile(f"Sent at .*{flag}")).count() == 1


def _expect_head_and_quality_alone(sent):
    faces = [face for body in sent for row in json.loads(body)["rows"] for face in row["faces"]]
    assert faces
    for face in faces:
        assert (face["blendshapes"], face["lip_gap"], face["outputs"]) == ([], 0, None)
        assert len(face["pose"]) == 3
