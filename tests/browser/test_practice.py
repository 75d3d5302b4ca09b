"""A practice from its first press to its overview, also where the server is killed in an answer."""

from __future__ import annotations

import re
import signal
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from core.domain.practice import Attempt, AttemptOutcome, AttemptPart
from core.practice import (
    MeasuredAnswer,
    attempts_of,
    measured_answer,
    parse_questions,
    practices,
)
from pages.parts.practice.buttons import DOUBLE_PRESS_MS
from tests.browser.conftest import Server
from tests.browser.practice_files import download_all, expect_to_hold
from tests.browser.visitor import settled, until, upload

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

Role = Literal["button", "link"]


def press(page: Page, name: str) -> None:
    """A button of the practice, once it is there and can be pressed."""
    page.locator(f".st-key-practice-{name} button:enabled").first.click()


def shows(page: Page, name: str) -> None:
    """Wait until a button of the practice can be pressed."""
    expect(page.locator(f".st-key-practice-{name} button:enabled").first).to_be_visible()


def begin(page: Page, server: Server, *, here: bool = False, questions: int = 3) -> None:
    """Start a practice of some questions, and show the first."""
    page.goto(f"{server.url}/practice")
    settled(page)
    page.get_by_role("button", name="I agree").click()
    shows(page, "start")
    page.get_by_text("More choices").click()
    number = page.get_by_label("Number of questions")
    number.fill(str(questions))
    number.press("Tab")
    expect(page.get_by_text(f"{questions} questions, 20 s")).to_be_visible()
    if here:
        page.get_by_text("Read on this device", exact=True).click()
        expect(page.get_by_text("Faces are read on this device.")).to_be_visible()
    press(page, "start")
    press(page, "ask")
    shows(page, "answer")


def attempts(server: Server) -> tuple[Attempt, ...]:
    with server.store() as store:
        return attempts_of(store, practices(store)[0].id)


def recorded_parts(server: Server) -> tuple[AttemptPart, ...]:
    """Of the newest try, empty before one."""
    found = attempts(server)
    return found[-1].parts if found else ()


def rows_of(server: Server, session_id: str) -> int:
    with server.store() as store:
        return store.entry(session_id).rows


def report(page: Page, *, calm: int, satisfied: int) -> None:
    """Give the own view of an answer."""
    for question, rating in (("How calm", calm), ("How satisfied", satisfied)):
        group = page.get_by_role("radiogroup", name=question)
        group.get_by_role("radio", name=str(rating), exact=True).click()
    page.get_by_role("button", name="Show what was measured").click()


def measured(server: Server) -> list[MeasuredAnswer]:
    """Every try, measured of its stored rows."""
    with server.store() as store:
        return [measured_answer(store, one) for one in attempts(server)]


@pytest.mark.parametrize("here", [False, True], ids=["server", "browser"])
def test_a_practice_of_three_questions_by_keys_with_a_retry_a_skip_and_a_killed_server(
    server: Server, page: Page, here: bool
) -> None:
    begin(page, server, here=here)
    page.keyboard.press("Space")
    shows(page, "finish")
    page.wait_for_timeout(2500)
    page.keyboard.press("m")
    page.keyboard.press("n")
    report(page, calm=7, satisfied=6)
    expect(page.get_by_text("could be read.")).to_be_visible()
    page.keyboard.press("r")
    shows(page, "answer")
    page.keyboard.press("Space")
    shows(page, "finish")
    page.keyboard.press("Escape")
    shows(page, "resume")
    page.wait_for_timeout(2 * DOUBLE_PRESS_MS)  # sooner it would be a double press
    page.keyboard.press("Escape")
    shows(page, "finish")
    page.wait_for_timeout(1500)
    page.keyboard.press("Space")
    shows(page, "next")
    page.keyboard.press("n")
    shows(page, "skip")
    press(page, "skip")
    expect(page.get_by_text("Question 3 of 3")).to_be_visible()
    page.keyboard.press("Space")
    shows(page, "finish")
    until(lambda: recorded_parts(server))
    page.wait_for_timeout(2500)
    server.stop(signal.SIGKILL)
    server.start()
    until(lambda: len(attempts(server)[-1].parts) == 2, within_s=120)
    shows(page, "finish")
    page.wait_for_timeout(1500)
    page.keyboard.press("Space")
    page.get_by_role("button", name="Show without my view").click()
    expect(page.get_by_text("could be read.")).to_be_visible()
    press(page, "next")
    expect(page.get_by_text("The practice is over.")).to_be_visible()
    expect_to_hold(download_all(page), measured(server))
    found = attempts(server)
    assert found[0].report is not None
    assert (found[0].report.calm, found[0].report.satisfied) == (7, 6)
    assert [(one.question_index, one.number, one.outcome) for one in found] == [
        (0, 1, AttemptOutcome.ANSWERED),
        (0, 2, AttemptOutcome.ANSWERED),
        (1, 1, AttemptOutcome.SKIPPED),
        (2, 1, AttemptOutcome.ANSWERED),
    ]
    assert found[0].length_s >= 2.5
    before, after = found[-1].parts
    assert before.ends_s is not None
    assert after.ends_s is not None
    assert before.session_id != after.session_id
    # What the server lost is a gap of the answer, and nothing of it is in both.
    gap_s = after.offset_s - (before.offset_s + before.ends_s - before.begins_s)
    assert gap_s >= -0.01
    if here:  # this device read on meanwhile
        assert gap_s < 2.0
    assert found[-1].length_s >= 4.0
    assert min(rows_of(server, one.session_id) for one in found[-1].parts) > 0


def test_a_double_press_is_one_press(server: Server, page: Page) -> None:
    begin(page, server)
    double_click(page, "skip")
    expect(page.get_by_text("Question 2 of 3")).to_be_visible()
    shows(page, "answer")
    assert len(attempts(server)) == 1
    double_click(page, "answer")
    shows(page, "finish")
    page.wait_for_timeout(2 * DOUBLE_PRESS_MS)
    page.keyboard.press("n")
    page.keyboard.press("n")
    page.get_by_role("button", name="Show what was measured").wait_for()
    shows(page, "next")
    expect(page.get_by_text("Question 2 of 3")).to_be_visible()


def double_click(page: Page, name: str) -> None:
    """Press twice at one place, as slowly as people do: by the second press the page is another."""
    # Hovering waits until it stands still: what comes above it moves it.
    page.locator(f".st-key-practice-{name} button:enabled").first.hover()
    page.mouse.down()
    page.mouse.up()
    page.wait_for_timeout(250)
    page.mouse.down(click_count=2)
    page.mouse.up(click_count=2)


def test_who_reloads_in_an_answer_is_offered_to_go_on(server: Server, page: Page) -> None:
    begin(page, server)
    page.keyboard.press("Space")
    shows(page, "finish")
    until(lambda: recorded_parts(server))
    page.wait_for_timeout(1500)
    page.reload()
    settled(page)
    expect(page.get_by_text("is not finished")).to_be_visible()
    expect(page.get_by_text("question 1 of 3")).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    shows(page, "again")
    assert attempts(server)[0].outcome is AttemptOutcome.ANSWERED
    press(page, "again")
    expect(page.get_by_text("Question 1 of 3, try 2")).to_be_visible()


def test_a_second_tab_says_that_the_practice_goes_on_in_the_first(
    server: Server, page: Page
) -> None:
    begin(page, server)
    second = page.context.new_page()
    second.goto(f"{server.url}/practice")
    settled(second)
    second.get_by_role("button", name="I agree").click()
    expect(second.get_by_text("A practice goes on in another tab")).to_be_visible()
    expect(second.get_by_role("button", name="Go on")).to_have_count(0)
    page.keyboard.press("Space")
    shows(page, "finish")


def test_the_own_picture_can_be_hidden_and_reading_goes_on(server: Server, page: Page) -> None:
    begin(page, server, here=True)
    page.keyboard.press("Space")
    shows(page, "finish")
    page.get_by_text("Show my picture").click()
    expect(page.locator(".st-key-practice-picture")).to_have_css("opacity", "0")
    until(lambda: recorded_parts(server))
    (part,) = attempts(server)[-1].parts
    before = rows_of(server, part.session_id)
    until(lambda: rows_of(server, part.session_id) > before + 10)
    expect(page.get_by_text(re.compile(r"^.*Readable\.")).first).to_be_visible()


def test_keys_are_left_to_the_line_of_the_own_report(server: Server, page: Page) -> None:
    begin(page, server)
    page.keyboard.press("Space")
    shows(page, "finish")
    page.keyboard.press("n")
    line = page.get_by_label("In one line (optional)")
    line.click()
    page.keyboard.type("never again, not now")
    expect(line).to_have_value("never again, not now")
    assert len(attempts(server)) == 1


def test_a_new_user_has_a_reviewed_answer_after_seven_presses_and_one_permission(
    fresh_server: Server, page: Page
) -> None:
    """From Home, where nothing is chosen yet; the browser's own question is the eighth."""
    presses = 0

    def click(name: str, role: Role = "button") -> None:
        nonlocal presses
        page.get_by_role(role, name=name).first.click()
        presses += 1

    page.goto(fresh_server.url)
    settled(page)
    click("Start practising", "link")
    page.get_by_text("Elsewhere", exact=True).click()
    presses += 1
    click("I agree")
    click("Start practice")
    press(page, "ask")
    presses += 1
    shows(page, "finish")  # the time to think ends by itself
    page.wait_for_timeout(2000)
    press(page, "finish")
    presses += 1
    click("Show without my view")
    expect(page.get_by_text("could be read.").first).to_be_visible()
    assert presses + 1 <= 8


FAKE_SPEECH = """
window.said = [];
const voice = (name, lang, localService) => ({ name, lang, localService });
const own = LOCAL ? [voice("own", "en-GB", true)] : [];
const voices = [voice("a service", "en-US", false), ...own];
Object.defineProperty(window, "speechSynthesis", { value: {
  getVoices: () => voices, cancel: () => {}, addEventListener: () => {},
  removeEventListener: () => {}, speak: (words) => window.said.push([words.voice.name, words.text]),
} });
window.SpeechSynthesisUtterance = function (text) { this.text = text; };
"""


@pytest.mark.parametrize("local", [True, False], ids=["own voice", "only of a service"])
def test_a_question_is_read_aloud_once_and_only_by_a_voice_of_this_device(
    server: Server, page: Page, local: bool
) -> None:
    page.add_init_script(FAKE_SPEECH.replace("LOCAL", str(local).lower()))
    page.goto(f"{server.url}/practice")
    settled(page)
    page.get_by_role("button", name="I agree").click()
    shows(page, "start")
    page.get_by_text("More choices").click()
    page.get_by_text("Read questions aloud").click()
    press(page, "start")
    press(page, "ask")
    shows(page, "answer")
    question = page.locator("h2").first.inner_text()
    if local:
        page.wait_for_function("() => window.said.length > 0")
    else:
        expect(page.get_by_text("Not read aloud")).to_be_visible()
    page.keyboard.press("Escape")
    shows(page, "resume")
    page.wait_for_timeout(2 * DOUBLE_PRESS_MS)  # sooner it would be a double press
    page.keyboard.press("Escape")
    shows(page, "answer")
    assert page.evaluate("window.said") == ([["own", question]] if local else [])


def test_who_goes_back_in_the_browser_finds_the_practice_offered(
    server: Server, page: Page
) -> None:
    page.goto(server.url)
    settled(page)
    page.get_by_role("link", name="Start practising").click()
    page.get_by_role("button", name="I agree").click()
    press(page, "start")
    press(page, "ask")
    page.keyboard.press("Space")
    until(lambda: recorded_parts(server))
    page.go_back()
    expect(page.get_by_text("Example session")).to_be_visible()
    page.go_forward()
    expect(page.get_by_text("is not finished")).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    shows(page, "again")


def test_a_file_in_another_alphabet_is_practised_and_comes_back_as_it_was(
    server: Server, page: Page, tmp_path: Path
) -> None:
    page.goto(f"{server.url}/practice")
    settled(page)
    page.get_by_role("button", name="I agree").click()
    shows(page, "start")
    page.get_by_text("Own questions").click()
    written = tmp_path / "Вопросы.csv"
    questions = "Почему вы здесь?;Причина\r\nЧто дальше?;План\r\n"  # noqa: RUF001
    written.write_bytes(b"\xef\xbb\xbf" + questions.encode())
    upload(page, "Or a CSV file", written)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Chosen: Вопросы, 2 questions.")).to_be_visible()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Download as CSV").click()
    again = parse_questions(Path(taken.value.path()).read_bytes(), name="x", language="ru")
    assert [one.text for one in again.questions] == ["Почему вы здесь?", "Что дальше?"]
    press(page, "start")
    press(page, "ask")
    expect(page.get_by_role("heading", name="Почему вы здесь?")).to_be_visible()
