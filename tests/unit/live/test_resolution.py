"""The camera's resolution, and whether a stream is analysed fast enough at it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.live import DEFAULT_RESOLUTION, RESOLUTIONS, Clocks, LiveSession, LiveView
from core.live.meters import WINDOW_S
from core.live.resolution import MIN_FPS, Resolution, keeps_up, resolution_named
from tests.fakes import FakeAnalyser, FakeStore, ManualClock

HD, FULL_HD = RESOLUTIONS[1:]


@pytest.fixture
def slow() -> LiveView:
    """Long enough watched, at too few frames a second."""
    clock = ManualClock()
    live = LiveSession(
        FakeAnalyser(), FakeStore(), clocks=Clocks(clock.seconds, clock.now), not_sure_below=0.5
    )
    view = replace(live.view(), duration_s=60.0, fps=MIN_FPS - 1)
    live.close()
    return view


def test_three_resolutions_are_offered_and_the_smallest_is_the_default() -> None:
    assert [one.name for one in RESOLUTIONS] == ["640 x 480", "1280 x 720", "1920 x 1080"]
    assert RESOLUTIONS[0] == DEFAULT_RESOLUTION


def test_a_resolution_is_found_by_its_name_and_an_unknown_name_means_the_default() -> None:
    assert [resolution_named(one.name) for one in RESOLUTIONS] == list(RESOLUTIONS)
    assert resolution_named("") == resolution_named("8 x 8") == DEFAULT_RESOLUTION


@pytest.mark.parametrize(("width_px", "height_px"), [(0, 0), (640, 0), (-640, 480), (480, 640)])
def test_a_resolution_is_positive_and_has_the_longer_side_first(
    width_px: int, height_px: int
) -> None:
    with pytest.raises(ValueError, match=f"{width_px} x {height_px}"):
        Resolution(width_px, height_px, "nobody")


@pytest.mark.parametrize(
    ("given_px", "reached"),
    [
        ((1280, 720), True),
        ((1920, 1080), True),
        ((720, 1280), True),  # a phone held upright
        ((1280, 960), True),
        ((0, 0), True),  # not known yet
        ((1024, 768), False),
        ((640, 360), False),
    ],
)
def test_the_longer_side_determines_whether_a_resolution_is_reached(
    given_px: tuple[int, int], reached: bool
) -> None:
    assert HD.is_reached_by(*given_px) is reached


def test_a_slow_stream_does_not_keep_up_at_a_larger_resolution(slow: LiveView) -> None:
    assert not keeps_up(slow, HD)
    assert not keeps_up(slow, FULL_HD)
    assert keeps_up(replace(slow, fps=MIN_FPS), FULL_HD)


def test_at_the_smallest_resolution_nothing_smaller_is_advised(slow: LiveView) -> None:
    assert keeps_up(slow, DEFAULT_RESOLUTION)


def test_no_advice_for_a_new_paused_or_stopped_stream(
    slow: LiveView,
) -> None:
    assert keeps_up(replace(slow, duration_s=WINDOW_S), HD)
    assert keeps_up(replace(slow, paused=True), HD)
    assert keeps_up(replace(slow, fps=0.0, frame_age_s=WINDOW_S + 1), HD)
