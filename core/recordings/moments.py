"""Analyses frames in order: decoding, following near faces, and everything else overlap."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import closing
from time import perf_counter

from core.domain import AnalysedFrame, Frame
from core.recordings.read_ahead import read_ahead
from core.vision import FaceAnalyser, FaceLandmarks

AHEAD = 2
"""Frames that each step is ahead of the next, at most; a 4K frame has 25 MB."""

_NearFaces = tuple[Frame, list[FaceLandmarks], float]
"""A frame, the landmarks of its near faces, and the seconds that reading them took."""


def moments_of(analyser: FaceAnalyser, frames: Iterable[Frame]) -> Generator[AnalysedFrame]:
    """Analyse every frame; moments include tentative faces and the latency.

    The next frames are decoded, and the near faces of one of them are followed, on two threads
    while a frame is analysed: the libraries work outside Python's lock. Each step sees all frames
    in order, so the result is that of `FaceAnalyser.analyse`.

    Close it when it is not read to its end, before the analyser.

    Args:
        frames: decoded on another thread.
    """
    decoded = read_ahead(frames, AHEAD, name="decode")
    with closing(read_ahead(_followed(analyser, decoded), AHEAD, name="follow")) as followed:
        for frame, near, near_s in followed:
            started = perf_counter()
            observations = analyser.analyse(frame, near)
            latency_ms = (near_s + perf_counter() - started) * 1000
            yield AnalysedFrame(frame.time_s, frame.index, observations, latency_ms)


def _followed(analyser: FaceAnalyser, frames: Generator[Frame]) -> Generator[_NearFaces]:
    with closing(frames):
        for frame in frames:
            started = perf_counter()
            near = analyser.near_faces(frame)
            yield frame, near, perf_counter() - started
