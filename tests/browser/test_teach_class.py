"""A teacher's board in a real browser: it follows the class, hears keys, and fits its screens."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from core.classroom import (
    JoinRequest,
    NewClassroom,
    append_seconds,
    classroom_of_link,
    classroom_of_teacher,
    classrooms,
    join,
    link_token,
    marks_of,
    projector_token,
    store_example,
)
from core.domain import FER7
from core.domain.classroom import SECOND_BY_SECOND, LearnerSite, MarkKind
from core.policy import Purpose, Region, UsePolicy
from core.policy import policy_file as policy_store
from tests.browser.conftest import Server
from tests.browser.visitor import keys_are_heard, settled, until
from tests.classes import seconds

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

READ_FROM_10_M_PX = 50
"""Of a picture 1920 px and 2 m wide: a two hundredth of the distance."""


# In one go: an element that was found is replaced at the next look, and has no style then.
FONT_SIZE = "part => parseFloat(getComputedStyle(document.querySelector(part)).fontSize)"


@pytest.fixture
def school(server: Server) -> Server:
    """An installation for classes, outside the EU."""
    policy = UsePolicy(Region.ELSEWHERE, Purpose.CLASSROOM)
    policy_store.write(policy_store.path_in(server.settings.data_dir), policy)
    return server


def begin(server: Server) -> str:
    """A class that has gone on for twenty minutes; its teacher's secret."""
    told = ("Biology <b>9b</b>", "elsewhere", "classroom")
    new = NewClassroom(*told, SECOND_BY_SECOND, True, FER7.labels, "compact-2")
    with server.store() as store:
        rng = np.random.default_rng(7)
        return store_example(store, new, now=datetime.now(UTC), rng=rng).teacher_secret


def come(page: Page, server: Server, secret: str) -> None:
    page.goto(f"{server.url}/teach_class?teach={secret}")
    settled(page)


def test_a_class_is_opened_and_its_board_begins_when_learners_join(
    school: Server, page: Page
) -> None:
    page.goto(f"{school.url}/teach_class")
    settled(page)
    page.get_by_placeholder("Biology 9b").fill("Biology 9b")
    page.get_by_role("button", name="Open the class").click()
    code = page.locator(".class-code")
    expect(code).to_be_visible()
    secret = page.url.partition("teach=")[2]
    with school.store() as store:
        room = classroom_of_teacher(store, secret)
        assert room is not None
        expect(code).to_have_text(room.code)
        assert classroom_of_link(store, link_token(secret)) == room
        for number in range(6):
            request = JoinRequest(f"Learner {number}", LearnerSite.BROWSER, "1")
            join(store, room.id, request, now=datetime.now(UTC))
        expect(page.get_by_text("6 joined")).to_be_visible()  # nobody pressed anything
        at_s = int(room.second_at(datetime.now(UTC)))
        soon = range(at_s, at_s + 120)
        rows = [(second, number) for second in soon for number in range(1, 7)]
        append_seconds(store, room.id, seconds(rows, measured=1.0, usable=1.0, present=1.0))
    expect(page.locator(".class-figure").first).to_contain_text("of 6")
    expect(page.locator(".class-figure").first).to_contain_text("100 %")


def test_keys_mark_slides_and_words_in_a_field_do_not(school: Server, page: Page) -> None:
    secret = begin(school)
    come(page, school, secret)
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    with school.store() as store:
        (room,) = classrooms(store)
        before = len(marks_of(store, room.id))
        keys_are_heard(page)
        page.keyboard.press("s")
        until(lambda: len(marks_of(store, room.id)) == before + 1)
        page.get_by_placeholder("Topic (optional)").fill("stems")
        page.get_by_placeholder("Topic (optional)").press_sequentially(" such")
        page.get_by_role("button", name="Topic begins").click()
        until(lambda: len(marks_of(store, room.id)) == before + 2)
        last = marks_of(store, room.id)[-1]
    assert (last.kind, last.label) == (MarkKind.TOPIC, "stems such")
    expect(page.get_by_text("stems such", exact=False).first).to_be_visible()


def test_the_projector_is_read_from_ten_metres_and_ends_with_the_class(
    school: Server, context: BrowserContext
) -> None:
    secret = begin(school)
    board, wall = context.new_page(), context.new_page()
    wall.set_viewport_size({"width": 1920, "height": 1080})
    wall.goto(f"{school.url}/teach_class?show={projector_token(secret)}")
    expect(wall.locator(".class-value").first).to_be_visible()
    for part in (".class-value", ".class-title"):
        assert wall.evaluate(FONT_SIZE, part) >= READ_FROM_10_M_PX
    expect(wall.get_by_text("Learner 4")).to_have_count(0)
    expect(wall.get_by_text("Does the oxygen")).to_have_count(0)
    come(board, school, secret)
    expect(board.get_by_text("Does the oxygen")).to_be_visible()
    board.get_by_role("button", name="Close the class").click()
    expect(board.get_by_text("nothing is shared any more")).to_be_visible()
    wall.bring_to_front()
    expect(wall.get_by_text("This class is closed")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_board_fits_a_telephone(school: Server, page: Page, scheme: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme=scheme)
    come(page, school, begin(school))
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    main = page.get_by_test_id("stMain")
    assert main.evaluate("one => one.scrollWidth - one.clientWidth") <= 0
    expect(page.get_by_text("Biology <b>9b</b>")).to_be_visible()
