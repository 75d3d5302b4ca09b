"""Tracking quality at 2 to 30 frames a second, against hand-labelled people of two clips."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.identities import LabelledFrame, compare, read_truth
from benchmarks.measuring import Row, row
from core.domain import AnalysedFrame, Box, Observation
from core.recordings import moments_of
from core.settings import PROJECT_DIR, Settings
from core.vision import ConfirmationBuffer, FaceAnalyser, build_analyser, from_video
from core.vision.recognition import load_model

MEDIA = PROJECT_DIR.parent / "shared" / "data" / "media"
TRUTH = PROJECT_DIR / "tests" / "golden" / "people_of_clips.json"
CLIPS = ("classroom_4adults_960x540_24s.mp4", "multiface_grid_1280x480_12s.mp4")
RATES = (2, 5, 10, 30)
_NEAREST_S = 0.13  # a frame is analysed within this time of each labelled one, at any of the rates
_COUNTED_PX = 22.0  # four faces of 17 px in the second clip are out of the detector's reach


def measure() -> list[Row]:
    """Number of tracks, identity switches and IDF1 for each clip and rate."""
    rows = []
    for clip in CLIPS:
        if not (MEDIA / clip).exists():
            continue
        truth = read_truth(TRUTH, clip)
        people = len({who for labelled in truth for who in labelled.people})
        for fps in RATES:
            analyser = open_analyser()
            seen = list(watch(analyser, MEDIA / clip, fps=fps))
            analyser.close()
            found = compare(truth, at_times(truth, seen))
            numbers = {one.track_id for _, faces in seen for one in faces}
            what = f"{clip.split('_')[0]}, {people} people, {fps} frames a second"
            rows += [
                row(f"{what}: numbers given", len(numbers), "", f"at most {people + 1}"),
                row(f"{what}: identity switches", found.switches, "", "at most 1"),
                row(f"{what}: IDF1", found.idf1, ""),
            ]
    return rows


def open_analyser() -> FaceAnalyser:
    """The one of the live pages."""
    assets = Settings.from_environment(os.environ).assets_dir
    recognizer = load_model(PROJECT_DIR / "models").recognizer
    return build_analyser(assets / "face_landmarker.task", assets / "centerface.onnx", recognizer)


def watch(
    analyser: FaceAnalyser, clip: Path, *, fps: float
) -> Iterator[tuple[float, tuple[Observation, ...]]]:
    """Time and faces of each analysed frame, as they are stored."""
    confirmed = ConfirmationBuffer()
    for frame in moments_of(analyser, from_video(clip, every_s=1 / fps)):
        yield from _frames(confirmed.add(frame))
    yield from _frames(confirmed.flush())


def _frames(frames: Sequence[AnalysedFrame]) -> Iterator[tuple[float, tuple[Observation, ...]]]:
    for frame in frames:
        yield frame.time_s, frame.observations


def at_times(
    truth: Sequence[LabelledFrame], seen: Sequence[tuple[float, tuple[Observation, ...]]]
) -> list[dict[int, Box]]:
    """Track id -> box in the frame nearest to each labelled time."""
    found = []
    for labelled in truth:
        time_s, faces = min(seen, key=lambda one: abs(one[0] - labelled.time_s))
        if abs(time_s - labelled.time_s) > _NEAREST_S:
            raise ValueError(f"no frame was analysed near {labelled.time_s} s")
        found.append({one.track_id: one.box for one in faces if one.box.size_px >= _COUNTED_PX})
    return found
