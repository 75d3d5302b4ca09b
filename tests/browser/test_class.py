"""A class of three real browsers and their teacher's board, from opening to the report."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass

import numpy as np
import openpyxl
import pytest
from playwright.sync_api import Page, expect

from core.classroom import (
    classroom,
    classroom_of_teacher,
    flags_of,
    learners_of,
    marks_of,
    read_seconds,
)
from core.domain.classroom import Classroom, FlagKind, LearnerState, MarkKind
from core.policy import Purpose, Region, UsePolicy, policy_file
from tests.browser.conftest import CAMERA_FPS, CHROMIUM, FLAGS, Server
from tests.browser.visitor import STARTS_WITHIN_MS, settled, until
from tests.conftest import SHARED_MEDIA
from tests.face_clip import write_camera_file, write_empty_camera_file, write_face_clip

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

WINDOW_S, ENOUGH_S = 10, 6.0
QUESTION = "=1+1 <b>why</b>?"
NAMES = ("Ada", "Ben", "Cleo")
# The page alone is told: a worker that reads on while the tab is hidden goes on, as it should.
HIDE = """() => {
  Object.defineProperty(document, "hidden", { get: () => true, configurable: true });
  Object.defineProperty(document, "visibilityState", { get: () => "hidden", configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@dataclass(frozen=True)
class Taught:
    """A class that a teacher opened in a browser.

    Attributes:
        board: the teacher's page.
        classroom: as it is stored.
        link: for learners.
    """

    server: Server
    board: Page
    classroom: Classroom
    link: str

    def seconds(self):
        """What is stored of all learners."""
        with self.server.store() as store:
            return read_seconds(store, self.classroom.id)[0]

    def learners(self):
        """As they are stored, by name."""
        with self.server.store() as store:
            return {one.name: one for one in learners_of(store, self.classroom.id)}

    def seconds_of(self, name):
        """How many seconds of a learner are stored."""
        return int((self.seconds().learner == self.learners()[name].number).sum())


@pytest.fixture(scope="module")
def clips(tmp_path_factory, clip):
    """What the three cameras play: an expressive face, another one, and nobody."""
    folder = tmp_path_factory.mktemp("class")
    other = SHARED_MEDIA / "head-pose-face-detection-male.mp4"
    if not other.exists():
        other = write_face_clip(folder / "other.mjpeg")
    second = write_camera_file(folder / "second.y4m", other, fps=CAMERA_FPS)
    return clip, second, write_empty_camera_file(folder / "nobody.y4m", fps=CAMERA_FPS)


@pytest.fixture
def pages(chromium, clips):
    """Three browsers, each a process with a camera of its own."""
    browsers = [
        chromium.browser_type.launch(
            executable_path=CHROMIUM,
            args=[
                *FLAGS,
                "--use-fake-ui-for-media-stream",
                f"--use-file-for-fake-video-capture={one}",
            ],
        )
        for one in clips
    ]
    contexts = [one.new_context(reduced_motion="reduce") for one in browsers]
    for one in contexts:
        one.set_default_timeout(60_000)
    yield [one.new_page() for one in contexts]
    for one in browsers:
        one.close()


@pytest.fixture
def taught(server, page):
    """A class that shares presence and heads towards the screen, of each learner by name."""
    path = policy_file.path_in(server.settings.data_dir)
    policy_file.write(path, UsePolicy(Region.ELSEWHERE, Purpose.CLASSROOM))
    page.goto(f"{server.url}/teach_class")
    settled(page)
    title = page.get_by_role("textbox", name="Title")
    title.fill("Optics")
    title.press("Enter")
    for text in ("Engagement", "Expressions"):
        page.get_by_test_id("stCheckbox").filter(has_text=text).locator("label").click()
    page.get_by_test_id("stCheckbox").filter(has_text="List learners").locator("label").click()
    page.get_by_role("button", name="Open the class").click()
    expect(page.get_by_text("Nobody has joined yet.")).to_be_visible()
    secret = page.url.partition("teach=")[2].partition("&")[0]
    with server.store() as store:
        opened = classroom_of_teacher(store, secret)
    assert opened is not None
    link = page.get_by_text(re.compile(r"join_class\?class=")).first.inner_text().strip()
    return Taught(server, page, opened, link)


def _join(taught, page, name, *, code=False):
    page.goto(f"{taught.server.url}/join_class" if code else taught.link)
    settled(page)
    if code:
        page.get_by_role("textbox", name="Code").fill(taught.classroom.code.lower())
        page.get_by_role("button", name="Next").click()
    page.get_by_role("textbox", name="Name in the class").fill(name)
    page.get_by_role("button", name="I agree, join the class").click()
    badge = page.get_by_text("Numbers leave this device, no picture.")
    expect(badge).to_be_visible(timeout=STARTS_WITHIN_MS)


def test_three_learners_and_their_teacher_from_opening_to_the_report(taught, pages):
    ada, ben, cleo = pages
    board = taught.board
    _join(taught, ada, "Ada", code=True)
    _join(taught, ben, "Ben")
    _join(taught, cleo, "Cleo")
    expect(board.get_by_text(re.compile("3 joined"))).to_be_visible()
    until(lambda: all(taught.seconds_of(one) >= 2 * WINDOW_S for one in NAMES), within_s=180)
    _expect_nobody_before_the_third_camera(taught)

    board.get_by_text("Show the list of learners").click()
    expect(board.get_by_role("row").filter(has_text="Cleo")).to_contain_text("0 %")
    _press_flags(taught, ada, ben, cleo)

    board.locator("h1").click()  # a key is for the page, not for a field
    board.keyboard.press("s")
    expect(board.get_by_text(re.compile("Marked at .*Slide 1"))).to_be_visible()

    ben.get_by_role("button", name="Pause").click()
    expect(board.get_by_text(re.compile("1 paused"))).to_be_visible()
    stopped = taught.seconds_of("Ben")
    ada.evaluate(HIDE)
    before = taught.seconds_of("Ada")
    until(lambda: taught.seconds_of("Ada") >= before + WINDOW_S or _is_hidden(taught, "Ada"))
    assert taught.seconds_of("Ben") <= stopped + 1  # what was under way when it was pressed

    cleo.get_by_role("button", name="Delete what I shared").click()
    cleo.get_by_role("button", name="Delete everything").click()
    expect(cleo.get_by_text("Deleted: your name in the class")).to_be_visible()
    expect(board.get_by_text(re.compile("2 joined"))).to_be_visible()
    assert set(taught.learners()) == {"Ada", "Ben"}
    assert set(taught.seconds().learner) == {1, 2}
    expect(board.get_by_role("row").filter(has_text="Cleo")).to_have_count(0)

    board.get_by_role("button", name="Close the class").click()
    expect(board.get_by_text("This class is closed")).to_be_visible()
    expect(ada.get_by_text(re.compile("class is closed"))).to_be_visible(timeout=STARTS_WITHIN_MS)
    _expect_files_hold_what_is_stored(taught)


def _is_hidden(taught, name):
    return taught.learners()[name].state is LearnerState.HIDDEN


def _expect_nobody_before_the_third_camera(taught):
    seconds, numbers = taught.seconds(), taught.learners()
    of = {one: seconds.learner == numbers[one].number for one in NAMES}
    assert np.nanmean(seconds.present[of["Ada"]]) > 0.5
    assert np.nanmax(seconds.present[of["Cleo"]]) == 0
    assert np.isnan(seconds.facing[of["Cleo"]]).all()
    assert np.isnan(seconds.eyes_open).all()
    assert np.isnan(seconds.expression).all()
    assert seconds.scores.shape[1] == 0


def _press_flags(taught, ada, ben, cleo):
    ada.get_by_role("button", name="Too fast").click()
    expect(ada.get_by_text(re.compile("Sent at .*Too fast"))).to_be_visible()
    ben.get_by_role("button", name="Hand up").click()
    expect(ben.get_by_text(re.compile("Sent at .*Hand up"))).to_be_visible()
    cleo.get_by_role("textbox", name="A question, to the teacher only").fill(QUESTION)
    cleo.get_by_role("button", name="Send the question").click()
    expect(cleo.get_by_text(re.compile("Sent at .*Question"))).to_be_visible()
    board = taught.board
    expect(board.get_by_text(re.compile("Ben.*hand up"))).to_be_visible()
    expect(board.get_by_text(QUESTION)).to_be_visible()
    assert board.locator("b", has_text="why").count() == 0
    with taught.server.store() as store:
        said = Counter(one.kind for one in flags_of(store, taught.classroom.id))
    assert said == {FlagKind.TOO_FAST: 1, FlagKind.HAND: 1, FlagKind.QUESTION: 1}


def _expect_files_hold_what_is_stored(taught):
    with taught.server.store() as store:
        said = Counter(one.kind for one in flags_of(store, taught.classroom.id))
        (mark,) = marks_of(store, taught.classroom.id)
        closed = classroom(store, taught.classroom.id)
    assert mark.kind is MarkKind.SLIDE
    assert said == {FlagKind.TOO_FAST: 1, FlagKind.HAND: 1}  # the question went with who asked
    minutes = list(csv.DictReader(io.StringIO(_saved(taught.board, "CSV per minute").decode())))
    book = openpyxl.load_workbook(io.BytesIO(_saved(taught.board, "Everything (XLSX)")))
    head, *rows = book["Minutes"].iter_rows(values_only=True)
    slides = list(csv.DictReader(io.StringIO(_saved(taught.board, "CSV per slide").decode())))
    report = _saved(taught.board, "Report to print").decode()
    assert [row["label"] for row in slides][-1] == "Slide 1"
    assert "Optics" in report
    assert not any(text in report for text in ("Cleo", "why"))
    stored = _by_minute(taught.seconds(), closed.second_at(closed.closed_at))
    assert len(stored) >= 1
    for at, row in enumerate(minutes):
        in_book = dict(zip(head, rows[at], strict=True))
        for name in ("measured", "usable", "present"):
            expected = stored.get(at, {}).get(name)
            found = (row[name], in_book[name])
            if expected is None:
                assert found in {("", None), ("0", 0), ("0.0", 0)}, (at, name)
            else:
                assert [float(one) for one in found] == pytest.approx([expected] * 2, abs=0.01)
    assert sum(int(row["flag_too_fast"]) for row in minutes) == 1
    assert sum(int(row["flag_hand"]) for row in minutes) == 1


def _saved(board, name):
    with board.expect_download() as started:
        board.get_by_role("button", name=name, exact=True).click()
    return started.value.path().read_bytes()


def _by_minute(seconds, length_s):
    """Means over the whole windows of each minute, from the rows alone, learner by learner."""
    found: dict[int, dict[str, list[float]]] = {}
    for begins_s in range(0, int(length_s) // WINDOW_S * WINDOW_S, WINDOW_S):
        inside = (seconds.second >= begins_s) & (seconds.second < begins_s + WINDOW_S)
        measured = usable = present = 0
        for number in set(seconds.learner[inside]):
            own = inside & (seconds.learner == number)
            measured_s = seconds.measured[own]
            if measured_s.sum() < ENOUGH_S - 1e-3:
                continue
            measured += 1
            usable += bool((measured_s * seconds.usable[own]).sum() >= ENOUGH_S - 1e-3)
            in_view_s = (measured_s * seconds.present[own]).sum()
            present += bool(in_view_s / measured_s.sum() >= 0.5)
        minute = found.setdefault(begins_s // 60, {"measured": [], "usable": [], "present": []})
        minute["measured"].append(measured)
        minute["usable"].append(usable)
        minute["present"] += [present / measured] if measured else []
    return {
        at: {name: float(np.mean(values)) if values else None for name, values in one.items()}
        for at, one in found.items()
    }
