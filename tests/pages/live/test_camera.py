"""Frames from the browser to the eyes and back; the rest of the camera needs a browser."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from fractions import Fraction
from threading import Event
from types import SimpleNamespace
from typing import Any

import av
import numpy as np
import pytest

from core.domain import RgbPicture
from core.live import DEFAULT_RESOLUTION, RESOLUTIONS, Clocks, LiveSession, Resolution
from pages.parts.live import camera, camera_link
from pages.parts.live.camera_permission import CameraPermission
from pages.parts.shell import session_state
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


def send(see: camera.FrameCallback, *frames: av.VideoFrame) -> list[av.VideoFrame]:
    return asyncio.run(camera.newest_only(see)(frames))


def test_a_frame_arrives_as_rgb_with_its_timestamp() -> None:
    watcher = Watcher()
    send(watcher.see, make_video_frame(12.5))
    ((rgb, sent_s, skipped),) = watcher.seen
    assert rgb.shape == (48, 64, 3)
    assert rgb[0, 0].tolist() == [200, 100, 50]
    assert sent_s == 12.5
    assert skipped == 0


def test_the_returned_frame_is_sent_back() -> None:
    (back,) = send(Watcher().see, make_video_frame(0.0))
    assert not back.to_ndarray(format="rgb24").any()


def test_frames_in_another_colour_space_are_converted() -> None:
    watcher = Watcher()
    send(watcher.see, make_video_frame(0.0, pixels="yuv420p"))
    assert watcher.seen[0][0][0, 0] == pytest.approx([200, 100, 50], abs=4)


def test_only_the_newest_frame_is_analysed_and_the_others_are_counted() -> None:
    watcher = Watcher()
    frames = [make_video_frame(number / 30, red=number) for number in range(4)]
    assert len(send(watcher.see, *frames)) == 1
    ((rgb, sent_s, skipped),) = watcher.seen
    assert rgb[0, 0, 0] == 3
    assert sent_s == pytest.approx(0.1)
    assert skipped == 3


def test_a_frame_without_a_timestamp_is_analysed() -> None:
    watcher = Watcher()
    frame = make_video_frame(3.0)
    frame.pts = None
    send(watcher.see, frame)
    assert watcher.seen[0][1] == 0.0


def test_an_unreadable_frame_is_returned_without_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    watcher = Watcher()

    def refuse(**_: Any) -> None:
        raise ValueError("Conversion to numpy array with format ... is not yet supported")

    broken: Any = SimpleNamespace(time=1.0, to_ndarray=refuse)
    assert send(watcher.see, broken) == [broken]
    assert watcher.seen == []


def test_after_an_error_in_the_analysis_the_picture_is_sent_back_unchanged() -> None:
    analyser, clock = FakeAnalyser(), ManualClock()
    live = LiveSession(
        analyser, FakeStore(), clocks=Clocks(clock.seconds, clock.now), not_sure_below=0.5
    )
    live.begin(make_session())
    analyser.fails = True
    (back,) = send(live.process_frame, make_video_frame(0.0))
    assert back.to_ndarray(format="rgb24")[0, 0].tolist() == [200, 100, 50]
    assert live.view().failed == 1
    live.close()


class FakeWorker:
    """Stands for the server's end of a connection: answers, or refuses to."""

    refuses = False

    def __init__(self, **given: Any) -> None:
        self.given = given
        self.offers: list[str] = []
        self.stopped = Event()

    def process_offer(self, sdp: str, _kind: str, *, timeout: float) -> Any:
        assert timeout > 0
        self.offers.append(sdp)
        if self.refuses:
            raise ValueError("not an offer")
        return SimpleNamespace(sdp=f"answer to {sdp}")

    def stop(self) -> None:
        self.stopped.set()
        self.given["on_video_ended"]()  # as the real one: its track ends with it


@pytest.fixture
def workers(monkeypatch: pytest.MonkeyPatch) -> list[FakeWorker]:
    """Every connection that was made here."""
    made: list[FakeWorker] = []

    def make(**given: Any) -> FakeWorker:
        made.append(FakeWorker(**given))
        return made[-1]

    monkeypatch.setattr(camera_link, "WebRtcWorker", make)
    return made


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch, workers: list[FakeWorker]) -> dict[str, Any]:
    """What this tab remembers, and under "told" what the component has told."""
    state: dict[str, Any] = {}
    monkeypatch.setattr(session_state.st, "session_state", state)
    return state


@pytest.fixture
def asked(browser: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the component was given last."""
    data: dict[str, Any] = {}

    def component(_name: str, **_given: Any) -> Any:
        return lambda **given: data.update(given["data"])

    monkeypatch.setattr(camera.st.components.v2, "component", component)
    return data


def tell(browser: dict[str, Any], state: str, **more: Any) -> None:
    said = {"start": "one", "offer": "one/1", "sdp": "", "error": "", "state": state, **more}
    browser["camera"] = SimpleNamespace(told=said)


def stream(
    *,
    start: str = "one",
    on_ended: Callable[[], object] = lambda: None,
    ice_servers: Sequence[dict[str, str]] = (),
    resolution: Resolution = DEFAULT_RESOLUTION,
    **more: Any,
) -> camera.CameraReport:
    """The camera as the page asks for it."""
    request = camera.CameraRequest(start, resolution, list(ice_servers), **more)
    return camera.camera_stream(Watcher().see, on_ended, request=request)


def test_without_ice_servers_none_is_configured(asked: dict[str, Any]) -> None:
    """Load-bearing: an absent list, unlike an empty one, makes a library call a public one."""
    stream()
    assert asked["iceServers"] == []


def test_ice_servers_are_configured_on_both_sides(
    asked: dict[str, Any], browser: dict[str, Any], workers: list[FakeWorker]
) -> None:
    servers = [{"urls": "stun:stun.example.org:3478"}]
    tell(browser, "offered", sdp="offer")
    stream(ice_servers=servers)
    assert asked["iceServers"] == servers
    (server,) = workers[0].given["rtc_configuration"].iceServers
    assert server.urls == "stun:stun.example.org:3478"


def test_an_offer_is_answered_in_its_run_and_only_once(
    asked: dict[str, Any], browser: dict[str, Any], workers: list[FakeWorker]
) -> None:
    assert stream() == camera.CameraReport()
    assert asked["answer"] is None
    tell(browser, "offered", sdp="offer")
    for _ in range(4):
        assert not stream().playing
        assert asked["answer"] == {"offer": "one/1", "sdp": "answer to offer"}
    assert [worker.offers for worker in workers] == [["offer"]]
    tell(browser, "playing", width=640, height=480)
    assert stream() == camera.CameraReport(CameraPermission.ALLOWED, True, False, 640, 480)
    assert len(workers) == 1


def test_another_resolution_keeps_the_start_and_the_connection(
    asked: dict[str, Any], browser: dict[str, Any], workers: list[FakeWorker]
) -> None:
    for resolution in RESOLUTIONS:
        tell(browser, "offered", sdp="offer")
        stream(resolution=resolution)
        assert (asked["width"], asked["height"]) == (resolution.width_px, resolution.height_px)
        assert asked["keepsSize"] is (resolution != DEFAULT_RESOLUTION)
        assert asked["maxKbps"] == (1700 if resolution == DEFAULT_RESOLUTION else 2500)
        assert asked["start"] == "one"
    assert [worker.offers for worker in workers] == [["offer"]]
    assert not workers[0].stopped.is_set()


def test_a_camera_that_only_sends_is_asked_for_few_small_frames_and_gets_none_back(
    asked: dict[str, Any], browser: dict[str, Any], workers: list[FakeWorker]
) -> None:
    tell(browser, "offered", sdp="offer")
    small = Resolution(320, 240, "one person")
    stream(resolution=small, comes_back=False, fps=5, regions=(2, 3))
    assert not asked["comesBack"]
    assert (asked["fps"], asked["maxKbps"], asked["startKbps"]) == (5, 300, 300)
    assert asked["regions"] == (2, 3)
    assert workers[0].given["mode"] is camera_link.WebRtcMode.SENDONLY
    assert not workers[0].given["sendback_video"]


def test_where_nothing_comes_back_the_frame_is_passed_on_as_it_was() -> None:
    frame = make_video_frame(0.0)
    assert send(lambda rgb, sent_s, *, skipped: None, frame) == [frame]


def test_a_second_offer_closes_the_first_connection_without_ending_the_stream(
    asked: dict[str, Any], browser: dict[str, Any], workers: list[FakeWorker]
) -> None:
    ends: list[str] = []
    tell(browser, "offered", sdp="first")
    stream(on_ended=lambda: ends.append("ended"))
    tell(browser, "offered", sdp="second", offer="one/2")
    stream(on_ended=lambda: ends.append("ended"))
    assert workers[0].stopped.wait(5)
    assert asked["answer"] == {"offer": "one/2", "sdp": "answer to second"}
    assert ends == []
    workers[1].stop()
    assert ends == ["ended"]


def test_an_offer_that_cannot_be_answered_gets_an_empty_answer_and_no_retry(
    asked: dict[str, Any],
    browser: dict[str, Any],
    workers: list[FakeWorker],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(FakeWorker, "refuses", True)
    tell(browser, "offered", sdp="nonsense")
    for _ in range(3):
        stream()
        assert asked["answer"] == {"offer": "one/1", "sdp": ""}
    assert len(workers) == 1


def test_the_state_of_another_start_is_ignored(
    asked: dict[str, Any], browser: dict[str, Any], workers: list[FakeWorker]
) -> None:
    tell(browser, "refused", error="NotAllowedError")
    assert stream(start="two") == camera.CameraReport()
    tell(browser, "offered", sdp="offer")
    stream(start="two")
    stream(start="")
    assert workers == []


def test_playing_counts_only_for_the_current_connection(
    asked: dict[str, Any], browser: dict[str, Any]
) -> None:
    """A server that was started anew knows nothing of what the browser still tells."""
    tell(browser, "playing")
    assert not stream().playing


def test_switched_off_the_connection_is_closed(
    asked: dict[str, Any], browser: dict[str, Any], workers: list[FakeWorker]
) -> None:
    tell(browser, "offered", sdp="offer")
    stream()
    stream(start="")
    assert workers[0].stopped.wait(5)
    assert asked["start"] == ""


@pytest.mark.parametrize(
    ("error", "answer"),
    [
        ("NotAllowedError", CameraPermission.REFUSED),
        ("NotFoundError", CameraPermission.MISSING),
        ("NotReadableError", CameraPermission.BUSY),
        ("InsecureContext", CameraPermission.INSECURE),
    ],
)
def test_a_browser_s_error_becomes_a_permission(
    asked: dict[str, Any], browser: dict[str, Any], error: str, answer: CameraPermission
) -> None:
    tell(browser, "refused", error=error)
    assert stream().answer is answer


def test_frames_go_to_the_current_session_and_not_to_a_dropped_connection(
    asked: dict[str, Any], browser: dict[str, Any], workers: list[FakeWorker]
) -> None:
    first, second = Watcher(), Watcher()
    request = camera.CameraRequest("one", DEFAULT_RESOLUTION, [])
    tell(browser, "offered", sdp="offer")
    for watcher in (first, second):  # reset: another session in the same stream
        camera.camera_stream(watcher.see, lambda: None, request=request)
    on_frames = workers[0].given["queued_video_frames_callback"]
    asyncio.run(on_frames([make_video_frame(1.0)]))
    assert (len(first.seen), len(second.seen)) == (0, 1)
    tell(browser, "offered", sdp="offer", offer="one/2")
    camera.camera_stream(second.see, lambda: None, request=request)
    asyncio.run(on_frames([make_video_frame(2.0)]))
    assert len(second.seen) == 1
