"""What a live session makes of a frame: analysed here, or read elsewhere."""

from __future__ import annotations

import cv2

from core.domain import AnalysedFrame, AnalysisSite, Frame, RgbPicture
from core.live.frame_arrival import FrameArrival
from core.vision import Analyser, FrameReading, ReadingAnalyser


def analyse_frame(
    analyser: Analyser | ReadingAnalyser, rgb: RgbPicture, arrival: FrameArrival
) -> AnalysedFrame:
    """A camera's frame, with tentative faces.

    Raises:
        TypeError: the analyser takes readings.
    """
    if isinstance(analyser, ReadingAnalyser):
        raise TypeError("this session takes readings, not frames")
    return AnalysedFrame(
        time_s=arrival.time_s,
        frame_index=arrival.index,
        observations=analyser.analyse(Frame(rgb, arrival.time_s, arrival.index)),
        paused_s=arrival.paused_s,
    )


def analyse_reading(
    analyser: Analyser | ReadingAnalyser, reading: FrameReading, arrival: FrameArrival
) -> AnalysedFrame:
    """A frame that was read in the browser, with tentative faces; its latency is the browser's.

    Raises:
        TypeError: the analyser takes frames.
    """
    if not isinstance(analyser, ReadingAnalyser):
        raise TypeError("this session takes frames, not readings")
    observations = analyser.analyse(reading, arrival.time_s, arrival.index)
    return AnalysedFrame(
        time_s=arrival.time_s,
        frame_index=arrival.index,
        observations=observations,
        latency_ms=reading.latency_ms,
        paused_s=arrival.paused_s,
        eye=AnalysisSite.BROWSER,
    )


def png_bytes(rgb: RgbPicture) -> bytes:
    """A picture as PNG."""
    _, png = cv2.imencode(".png", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))
    return png.tobytes()
