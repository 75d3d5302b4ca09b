"""The microphone's levels arrive as they were played, as numbers alone."""

from __future__ import annotations

import json
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, Request, expect

from core.domain.errors import UnknownSession
from core.domain.sound_levels import SoundLevels
from core.practice import levels_of, pauses_of, sound_figures, speech_of
from pages.parts.practice.microphone import MICROPHONE_TEXT, MicrophoneState
from tests.browser.conftest import CHROMIUM, FLAGS, Server
from tests.browser.filmed import SESSION
from tests.browser.visitor import expect_soon

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

RATE, LOUD_S, QUIET_S = 48_000, 2, 2
ALLOWED = "--use-fake-ui-for-media-stream"


@pytest.fixture
def server_module() -> str:
    return "tests.browser.microphone_server"


@pytest.fixture
def url(cold_server: Server) -> str:
    return cold_server.url


@pytest.fixture
def opened(chromium: Browser, url: str) -> Iterator[Callable[..., Page]]:
    """Opens the page in a browser with these flags."""
    browsers = []

    def open_page(*flags: str) -> Page:
        launch = chromium.browser_type.launch
        browsers.append(launch(executable_path=CHROMIUM, args=[*FLAGS, *flags]))
        page = browsers[-1].new_page()
        page.goto(url)
        expect(page.get_by_text("Microphone", exact=True)).to_be_visible(timeout=240_000)
        return page

    yield open_page
    for browser in browsers:
        browser.close()


def write_wave(path: Path, samples: np.ndarray) -> Path:
    """A file that Chromium's fake microphone plays over and over.

    Args:
        samples: float64 `(n,)` in [-1, 1].
    """
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((samples * 32_767).round().astype("<i2").tobytes())
    return path


@pytest.fixture
def bursts(tmp_path: Path) -> Path:
    """Two seconds of noise as loud as speech, and two as quiet as a room."""
    noise = np.random.default_rng(5).standard_normal((LOUD_S + QUIET_S) * RATE)
    noise[: LOUD_S * RATE] *= 0.05
    noise[LOUD_S * RATE :] *= 0.0005
    return write_wave(tmp_path / "bursts.wav", noise.clip(-1, 1))


def stored(server: Server) -> SoundLevels:
    with server.store() as store:
        try:
            return levels_of(store, SESSION)
        except UnknownSession:
            return SoundLevels(np.empty(0), np.empty(0, np.float32))


def switch(page: Page, label: str = "Microphone") -> None:
    page.get_by_text(label, exact=True).click()


def test_levels_arrive_as_they_were_played_and_nothing_else_is_sent(
    cold_server: Server, opened: Callable[..., Page], bursts: Path
) -> None:
    page = opened(ALLOWED, f"--use-file-for-fake-audio-capture={bursts}")
    asked: list[Request] = []
    page.context.on("request", lambda request: asked.append(request))
    switch(page)
    expect(page.get_by_text("It is measuring.")).to_be_visible()
    expect_soon(page, lambda: len(stored(cold_server)) >= 130, True)
    levels = stored(cold_server)
    begins_s = float(levels.time_s[5])
    heard = levels.between(begins_s, begins_s + 12)
    within = SoundLevels(heard.time_s - begins_s, heard.level_db)
    assert len(within) >= 118  # tenths follow one another
    found = sound_figures(within, 12.0)
    assert found.speaking_share == pytest.approx(0.5, abs=0.06)
    assert found.loudness_sd_db is not None
    assert found.loudness_sd_db < 2
    lengths_s = [ends_s - begins_s for begins_s, ends_s in pauses_of(speech_of(within, 12.0))]
    assert lengths_s
    assert lengths_s == pytest.approx([QUIET_S] * len(lengths_s), abs=0.31)
    loud = within.level_db[speech_of(within, 12.0).spoken[: len(within)] == 1]
    assert np.median(loud) == pytest.approx(20 * np.log10(0.05), abs=2)
    _expect_numbers_alone(asked, cold_server.url)


def _expect_numbers_alone(asked: list[Request], url: str) -> None:
    strangers = [one.url for one in asked if not one.url.startswith((url, "data:", "blob:", "ws:"))]
    assert strangers == []
    messages = [one for one in asked if one.method == "POST" and "/_stcore" not in one.url]
    assert len(messages) >= 10
    for number, message in enumerate(messages):
        assert message.url == f"{url}/practice/levels"
        said = json.loads(message.post_data or "")
        assert set(said) == {"version", "sequence", "client_s", "levels"}
        assert said["sequence"] <= number
        assert all(len(one) == 2 for one in said["levels"])
        # Age, level, brackets and commas; and once what stands around them.
        assert len(message.post_data or "") <= 80 + 20 * len(said["levels"])


def test_in_a_pause_nothing_is_measured_and_its_time_does_not_count(
    cold_server: Server, opened: Callable[..., Page], bursts: Path
) -> None:
    page = opened(ALLOWED, f"--use-file-for-fake-audio-capture={bursts}")
    switch(page)
    expect_soon(page, lambda: len(stored(cold_server)) >= 30, True)
    switch(page, "Pause")
    expect(page.get_by_text("It is off.")).to_be_visible()
    assert page.evaluate("window.mienMicrophone.stream") is None
    page.wait_for_timeout(3000)  # a pause has to last
    before = stored(cold_server)
    switch(page, "Pause")
    expect(page.get_by_text("It is measuring.")).to_be_visible()
    expect_soon(page, lambda: len(stored(cold_server)) >= len(before) + 30, True)
    gap_s = np.diff(stored(cold_server).time_s).max()
    assert gap_s < 2.5  # without the pause: until the microphone is open again


def test_a_refused_microphone_is_one_sentence(opened: Callable[..., Page]) -> None:
    page = opened("--deny-permission-prompts")
    switch(page)
    expect(page.get_by_text(MICROPHONE_TEXT[MicrophoneState.REFUSED])).to_be_visible()
    expect(page.get_by_text("It is refused.")).to_be_visible()


def test_a_silent_microphone_is_one_sentence(opened: Callable[..., Page], tmp_path: Path) -> None:
    silence = write_wave(tmp_path / "silence.wav", np.zeros(4 * RATE))
    page = opened(ALLOWED, f"--use-file-for-fake-audio-capture={silence}")
    switch(page)
    expect(page.get_by_text(MICROPHONE_TEXT[MicrophoneState.SILENT])).to_be_visible()


def test_where_worklets_are_blocked_the_page_measures_itself(
    cold_server: Server, opened: Callable[..., Page], bursts: Path
) -> None:
    page = opened(ALLOWED, f"--use-file-for-fake-audio-capture={bursts}")
    page.evaluate("() => { AudioWorklet.prototype.addModule = () => Promise.reject('blocked'); }")
    switch(page)
    expect_soon(page, lambda: len(stored(cold_server)) >= 60, True)
    levels = stored(cold_server).level_db
    assert levels.max() == pytest.approx(20 * np.log10(0.05), abs=3)
    assert levels.min() < levels.max() - 20
