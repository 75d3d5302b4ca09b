"""Frames from the browser to the eyes and back; the rest of the camera needs a browser."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import av
import numpy as np
import pytest

from core.live import Clocks, LiveSession
from core.vocabulary import RgbPicture
from pages.parts import camera
from tests.fakes import FakeAnalyser, FakeStore, ManualClock
from tests.make import make_session

CLOCK_RATE = 90_000  # of RTP video (RFC 3551)


def make_video_frame(sent_s: float, *, red: int = 200, pixels: str = "rgb24") -> av.VideoFrame:
    rgb = np.full((48, 64, 3), (red, 100, 50), dtype=np.uint8)
    frame = av.VideoFrame.from_ndarray(rgb, format="rgb24").reformat(format=pixels)
    frame.pts, frame.time_base = round(sent_s * CLOCK_RATE), Fraction(1, CLOCK_RATE)
    return frame


class Watcher:
    """Notes what it is shown, and paints it black."""

    def __init__(self) -> None:
        self.seen: list[tuple[RgbPicture, float, int]] = []

    def see(self, rgb: RgbPicture, sent_s: float, *, skipped: int) -> RgbPicture:
        self.seen.append((rgb, sent_s, skipped))
        return np.zeros_like(rgb)


def send(see: camera.SeeFrame, *frames: av.VideoFrame) -> list[av.VideoFrame]:
    return asyncio.run(camera.newest_only(see)(frames))


def test_a_frame_arrives_as_rgb_with_its_senders_time() -> None:
    watcher = Watcher()
    send(watcher.see, make_video_frame(12.5))
    ((rgb, sent_s, skipped),) = watcher.seen
    assert rgb.shape == (48, 64, 3)
    assert rgb[0, 0].tolist() == [200, 100, 50]
    assert sent_s == 12.5
    assert skipped == 0


def test_what_the_watcher_answers_goes_back() -> None:
    (back,) = send(Watcher().see, make_video_frame(0.0))
    assert not back.to_ndarray(format="rgb24").any()


def test_browsers_send_another_colour_space_and_it_is_converted() -> None:
    watcher = Watcher()
    send(watcher.see, make_video_frame(0.0, pixels="yuv420p"))
    assert watcher.seen[0][0][0, 0] == pytest.approx([200, 100, 50], abs=4)


def test_only_the_newest_frame_is_looked_at_and_the_others_are_counted() -> None:
    watcher = Watcher()
    frames = [make_video_frame(number / 30, red=number) for number in range(4)]
    assert len(send(watcher.see, *frames)) == 1
    ((rgb, sent_s, skipped),) = watcher.seen
    assert rgb[0, 0, 0] == 3
    assert sent_s == pytest.approx(0.1)
    assert skipped == 3


def test_a_frame_without_a_time_is_seen_all_the_same() -> None:
    watcher = Watcher()
    frame = make_video_frame(3.0)
    frame.pts = None
    send(watcher.see, frame)
    assert watcher.seen[0][1] == 0.0


def test_a_frame_that_cannot_be_read_passes_by_and_raises_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    watcher = Watcher()

    def refuse(**_: Any) -> None:
        raise ValueError("Conversion to numpy array with format ... is not yet supported")

    broken: Any = SimpleNamespace(time=1.0, to_ndarray=refuse)
    assert send(watcher.see, broken) == [broken]
    assert watcher.seen == []


def test_an_error_in_the_analysis_sends_the_picture_back_as_it_came() -> None:
    analyser, clock = FakeAnalyser(), ManualClock()
    live = LiveSession(
        analyser, FakeStore(), clocks=Clocks(clock.seconds, clock.now), not_sure_below=0.5
    )
    live.begin(make_session())
    analyser.fails = True
    (back,) = send(live.see, make_video_frame(0.0))
    assert back.to_ndarray(format="rgb24")[0, 0].tolist() == [200, 100, 50]
    assert live.view().failed == 1
    live.close()


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the component has told so far."""
    told: dict[str, Any] = {}
    monkeypatch.setattr(camera.st, "session_state", told)
    return told


@pytest.fixture
def asked(browser: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the component was asked for."""
    named: dict[str, Any] = {}

    def component(**given: Any) -> Any:
        named.update(given)
        return SimpleNamespace(state=SimpleNamespace(playing=True, signalling=False))

    monkeypatch.setattr(camera, "webrtc_streamer", component)
    return named


def stream(*, wanted: bool, attempt: int = 1, ice_servers: Sequence[dict[str, str]] = ()) -> bool:
    """The camera as the page asks for it."""
    return camera.camera_stream(
        Watcher().see,
        lambda: None,
        attempt=attempt,
        wanted=wanted,
        ice_servers=list(ice_servers),
    )


def test_the_component_is_asked_for_video_alone_and_for_the_given_servers(
    asked: dict[str, Any],
) -> None:
    servers = [{"urls": "stun:stun.example.org:3478"}]
    assert stream(wanted=True, ice_servers=servers) is True
    assert asked["media_stream_constraints"]["audio"] is False
    assert asked["media_stream_constraints"]["video"]["facingMode"] == "user"
    assert asked["rtc_configuration"] == {"iceServers": servers}
    assert asked["async_processing"] is True


def test_no_server_is_asked_for_where_none_is_given(asked: dict[str, Any]) -> None:
    """Load-bearing: an absent list, unlike an empty one, makes the component call a public one."""
    stream(wanted=False)
    assert asked["rtc_configuration"] == {"iceServers": []}


def test_it_is_asked_to_play_once_the_browser_has_drawn_it_and_not_before(
    asked: dict[str, Any], browser: dict[str, Any]
) -> None:
    def is_asked_to_play(*, wanted: bool) -> bool:
        stream(wanted=wanted)
        return bool(asked["desired_playing_state"])

    assert not is_asked_to_play(wanted=True)
    browser[camera.generate_frontend_component_key("camera-1")] = {"playing": False}
    assert is_asked_to_play(wanted=True)
    assert not is_asked_to_play(wanted=False)


def test_each_start_is_another_component(asked: dict[str, Any]) -> None:
    stream(wanted=True, attempt=1)
    first = asked["key"]
    stream(wanted=True, attempt=2)
    assert asked["key"] != first
