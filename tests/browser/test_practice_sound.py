"""A practice with a microphone: its answers have figures of sound, those that were played."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from core.practice import attempts_of, practices
from core.practice.answers import AnswerFigures, answer_data, figures_of
from tests.browser.conftest import CHROMIUM, FLAGS, Server
from tests.browser.test_microphone import ALLOWED, QUIET_S, bursts  # noqa: F401 - a fixture
from tests.browser.test_practice import attempts, press, shows
from tests.browser.visitor import settled, until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.fixture
def played(chromium: Browser, clip: Path, bursts: Path) -> Iterator[Page]:  # noqa: F811
    """A tab whose camera plays a face and whose microphone plays bursts."""
    files = [
        f"--use-file-for-fake-video-capture={clip}",
        f"--use-file-for-fake-audio-capture={bursts}",
    ]
    browser = chromium.browser_type.launch(executable_path=CHROMIUM, args=[*FLAGS, ALLOWED, *files])
    page = browser.new_page()
    page.set_default_timeout(60_000)
    yield page
    browser.close()


def figures(server: Server) -> list[AnswerFigures]:
    with server.store() as store:
        found = attempts_of(store, practices(store)[0].id)
        return [figures_of(answer_data(store, one)) for one in found]


def test_answers_have_the_sound_that_was_played_also_after_the_server_was_killed(
    server: Server, played: Page
) -> None:
    page = played
    page.goto(f"{server.url}/practice")
    settled(page)
    page.get_by_role("button", name="I agree").click()
    shows(page, "start")
    page.get_by_text("More choices").click()
    page.get_by_text("Measure the microphone's level", exact=True).click()
    expect(page.get_by_text("The microphone's level is measured.")).to_be_visible()
    press(page, "start")
    press(page, "ask")
    shows(page, "answer")
    page.keyboard.press("Space")
    shows(page, "finish")
    page.wait_for_timeout(9000)  # an answer has to last
    page.keyboard.press("Space")
    shows(page, "next")
    assert page.evaluate("window.mienMicrophone.stream") is None  # nothing is heard in a review
    (first,) = figures(server)
    assert first.sound is not None
    assert first.sound.measured_share > 0.9
    assert first.sound.speaking_share == pytest.approx(0.5, abs=0.1)
    assert first.sound.longest_pause_s == pytest.approx(QUIET_S, abs=0.31)

    page.keyboard.press("n")
    shows(page, "answer")
    page.keyboard.press("Space")
    shows(page, "finish")
    until(lambda: attempts(server)[-1].parts)
    page.wait_for_timeout(3000)
    server.stop(signal.SIGKILL)
    server.start()
    until(lambda: len(attempts(server)[-1].parts) == 2, within_s=120)
    shows(page, "finish")
    page.wait_for_timeout(3000)
    page.keyboard.press("Space")
    shows(page, "next")
    with server.store() as store:
        levels = answer_data(store, attempts(server)[-1]).levels
    assert levels is not None
    before, after = attempts(server)[-1].parts
    assert before.ends_s is not None
    lost_at_s = before.ends_s - before.begins_s
    # At most a second before it was killed is lost, and it goes on by itself.
    assert levels.between(0, lost_at_s).time_s[-1] > lost_at_s - 1.2
    assert len(levels.between(after.offset_s, after.offset_s + 3)) > 20
