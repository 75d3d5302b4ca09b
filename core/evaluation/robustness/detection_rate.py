"""Face detection in corrupted frames, and whether predictions stay the same.

The whole pipeline of the live pages is used, from the detector to the label, without tracking.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain import Box, Frame, Interval, Observation
from core.domain.errors import MediaError
from core.domain.intervals import share_interval
from core.domain.progress import ProgressCallback, no_progress
from core.evaluation.metrics.significance import (
    Difference,
    paired_difference,
)
from core.evaluation.robustness.corruptions import LOW_RESOLUTION, Corruption, corrupted
from core.evaluation.robustness.frame_faces import (
    FACE_PX,
    VIEW_PX,
    GatheredFaces,
    SourceFace,
    view_of,
)
from core.vision import Analyser

FRAME_SIDES_PX = (96.0, 72.0, 56.0, 48.0, 40.0, 32.0, 24.0, 16.0)
"""Levels of low resolution in a frame: the face is smaller, not blurred."""

_MIN_OVERLAP = 0.3  # of the boxes of one face; a rotated face has another box
NOT_DETECTED, UNUSABLE = -2, -1


@dataclass(frozen=True, eq=False)
class DetectionOutcomes:
    """Result for each face at one level.

    Attributes:
        labels: int64, shape `(n,)`: the predicted class; `UNUSABLE` for a face that was detected
            but is not usable, `NOT_DETECTED` where none was detected.
    """

    labels: NDArray[np.int64]

    @property
    def found(self) -> NDArray[np.bool_]:
        """Bool `(n,)`."""
        return np.asarray(self.labels != NOT_DETECTED)

    @property
    def usable(self) -> NDArray[np.bool_]:
        """Bool `(n,)`."""
        return np.asarray(self.labels >= 0)


def measure_detection(
    gathered: GatheredFaces,
    corruptions: Sequence[Corruption],
    analyser: Analyser,
    *,
    seed: int,
    on_progress: ProgressCallback = no_progress,
) -> DetectionReport:
    """Detect every face at every level of the corruptions that apply to frames.

    Only faces that are usable in the original frame count.

    Args:
        analyser: without tracking (`build_still_analyser`).
        seed: of the corruptions.
        on_progress: gets how many of how many are done; may raise to stop.
    Raises:
        MediaError: no face is usable.
    """
    clean = _detect_all(gathered.faces, None, 0, analyser, seed=seed)
    faces = [face for face, usable in zip(gathered.faces, clean.usable, strict=True) if usable]
    if not faces:
        raise MediaError(
            "No face was found that is large and clear enough.",
            advice=f"Choose pictures in which faces are at least {FACE_PX} pixels high.",
        )
    clean = DetectionOutcomes(clean.labels[clean.usable])
    chosen = [one for one in corruptions if one.on_frames]
    total = sum(len(amounts_on_frames(one)) for one in chosen)
    curves, done = [], 0
    for corruption in chosen:
        points = []
        for level in range(1, len(amounts_on_frames(corruption)) + 1):
            outcomes = _detect_all(faces, corruption, level, analyser, seed=seed)
            points.append(_point(level, outcomes, clean))
            done += 1
            on_progress(done, total)
        curves.append(DetectionCurve(corruption.name, amounts_on_frames(corruption), tuple(points)))
    return DetectionReport(
        faces=len(faces),
        files=gathered.files,
        too_small=gathered.too_small,
        face_px=FACE_PX,
        curves=tuple(curves),
    )


def amounts_on_frames(corruption: Corruption) -> tuple[float, ...]:
    """The amounts of a corruption's levels in frames."""
    return FRAME_SIDES_PX if corruption.name == LOW_RESOLUTION else corruption.amounts


def _detect_all(
    faces: Sequence[SourceFace],
    corruption: Corruption | None,
    level: int,
    analyser: Analyser,
    *,
    seed: int,
) -> DetectionOutcomes:
    labels = [
        _detected_label(face, corruption, level, analyser, seed=seed + at)
        for at, face in enumerate(faces)
    ]
    return DetectionOutcomes(np.array(labels, dtype=np.int64))


def _detected_label(
    face: SourceFace, corruption: Corruption | None, level: int, analyser: Analyser, *, seed: int
) -> int:
    side_px = float(FACE_PX)
    if corruption is not None and corruption.name == LOW_RESOLUTION:
        side_px, corruption = FRAME_SIDES_PX[level - 1], None
    view, region = view_of(face, side_px=side_px)
    if corruption is not None:
        view = corrupted(view[None], corruption, level, seed=seed, face=region)[0]
    analyser.reset()
    seen = _same_face(analyser.analyse(Frame(view, 0.0, 0)), _expected(face, side_px))
    if seen is None:
        return NOT_DETECTED
    if seen.scores is None:
        return UNUSABLE
    return int(seen.scores.values.argmax())


def _expected(face: SourceFace, side_px: float) -> Box:
    """Expected box of the face in its frame."""
    scale = side_px / face.side_px
    x, y = VIEW_PX[0] / 2, VIEW_PX[1] / 2
    half_wide, half_high = face.box.width_px * scale / 2, face.box.height_px * scale / 2
    return Box(x - half_wide, y - half_high, x + half_wide, y + half_high)


def _same_face(seen: Sequence[Observation], expected: Box) -> Observation | None:
    best = max(seen, key=lambda one: one.box.overlap(expected), default=None)
    if best is None or best.box.overlap(expected) < _MIN_OVERLAP:
        return None
    return best


def _point(level: int, here: DetectionOutcomes, clean: DetectionOutcomes) -> DetectionPoint:
    count, usable = len(here.labels), here.usable
    same = here.labels[usable] == clean.labels[usable]
    return DetectionPoint(
        level=level,
        found=share_interval(int(here.found.sum()), count),
        usable=share_interval(int(usable.sum()), count),
        same_label=share_interval(int(same.sum()), len(same)) if len(same) else None,
        fewer=paired_difference(usable, clean.usable),
    )


@dataclass(frozen=True)
class DetectionPoint:
    """Detection at one level of one corruption.

    Attributes:
        level: from 1.
        found: share of the faces that were detected.
        usable: share that was detected and is usable.
        same_label: of these, the share with the same prediction as in the original frame; None
            without any.
        fewer: usable here minus usable in the original frames, where all are.
    """

    level: int
    found: Interval
    usable: Interval
    same_label: Interval | None
    fewer: Difference | None


@dataclass(frozen=True)
class DetectionCurve:
    """Detection by level of one corruption; see `CorruptionCurve`."""

    name: str
    amounts: tuple[float, ...]
    points: tuple[DetectionPoint, ...]


@dataclass(frozen=True)
class DetectionReport:
    """Results of face detection in corrupted frames.

    Attributes:
        faces: number of faces in each measurement.
        files: pictures and videos they are from.
        too_small: faces of those files that were left out because they are too small.
        face_px: side of the face crop in the original frames.
        curves: one for each corruption that applies to frames.
    """

    faces: int
    files: int
    too_small: int
    face_px: int
    curves: tuple[DetectionCurve, ...]
