"""Whether faces are still found under a condition, and whether the answer stays the same.

The face models are those of the live pages, from the detector to the label; each view is looked at
afresh.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.datasets.readers import ProgressCallback, no_progress
from core.domain import Box, Frame, Interval, Observation
from core.domain.errors import MediaError
from core.evaluation.metrics.basics import wilson_interval
from core.evaluation.metrics.significance import (
    Difference,
    paired_difference,
)
from core.evaluation.robustness.corruptions import SHRINK, Corruption, corrupted
from core.evaluation.robustness.frame_faces import (
    FACE_PX,
    VIEW_PX,
    GatheredFaces,
    SourceFace,
    view_of,
)
from core.vision import Analyser

FRAME_SIDES_PX = (96.0, 72.0, 56.0, 48.0, 40.0, 32.0, 24.0, 16.0)
"""Levels of a small face in a frame: seen from further away, not blurred in place."""

_SAME_FACE = 0.3  # overlap of the boxes; a tilted face's box differs from an upright one's
NOBODY, UNUSABLE = -2, -1


@dataclass(frozen=True, eq=False)
class DetectionOutcomes:
    """What became of each face in one look.

    Attributes:
        labels: int64, shape `(n,)`: the class named; `UNUSABLE` for a face that was found but not
            judged, `NOBODY` where none was found.
    """

    labels: NDArray[np.int64]

    @property
    def found(self) -> NDArray[np.bool_]:
        """Bool `(n,)`."""
        return np.asarray(self.labels != NOBODY)

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
    tell: ProgressCallback = no_progress,
) -> DetectionReport:
    """Look at every face under every condition that a frame can suffer.

    Only faces that are found and usable in their view as it is count: the others say nothing about
    a condition.

    Args:
        analyser: looks at each picture afresh (`build_still_analyser`).
        seed: of the corruptions' draws.
        tell: hears how many looks are done; may raise to stop.
    Raises:
        MediaError: no face can be begun with.
    """
    clean = _look(gathered.faces, None, 0, analyser, seed=seed)
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
            looks = _look(faces, corruption, level, analyser, seed=seed)
            points.append(_point(level, looks, clean))
            done += 1
            tell(done, total)
        curves.append(DetectionCurve(corruption.name, amounts_on_frames(corruption), tuple(points)))
    return DetectionReport(
        faces=len(faces),
        files=gathered.files,
        too_small=gathered.too_small,
        face_px=FACE_PX,
        curves=tuple(curves),
    )


def amounts_on_frames(corruption: Corruption) -> tuple[float, ...]:
    """The amounts of a condition's levels in frames."""
    return FRAME_SIDES_PX if corruption.name == SHRINK else corruption.amounts


def _look(
    faces: Sequence[SourceFace],
    corruption: Corruption | None,
    level: int,
    analyser: Analyser,
    *,
    seed: int,
) -> DetectionOutcomes:
    labels = [
        _label(face, corruption, level, analyser, seed=seed + at) for at, face in enumerate(faces)
    ]
    return DetectionOutcomes(np.array(labels, dtype=np.int64))


def _label(
    face: SourceFace, corruption: Corruption | None, level: int, analyser: Analyser, *, seed: int
) -> int:
    side_px = float(FACE_PX)
    if corruption is not None and corruption.name == SHRINK:
        side_px, corruption = FRAME_SIDES_PX[level - 1], None
    view, place = view_of(face, side_px=side_px)
    if corruption is not None:
        view = corrupted(view[None], corruption, level, seed=seed, place=place)[0]
    analyser.reset()
    seen = _in_the_middle(analyser.analyse(Frame(view, 0.0, 0)), _expected(face, side_px))
    if seen is None:
        return NOBODY
    if seen.scores is None:
        return UNUSABLE
    return int(seen.scores.values.argmax())


def _expected(face: SourceFace, side_px: float) -> Box:
    """Where the face's box lies in its view."""
    scale = side_px / face.side_px
    x, y = VIEW_PX[0] / 2, VIEW_PX[1] / 2
    half_wide, half_high = face.box.width_px * scale / 2, face.box.height_px * scale / 2
    return Box(x - half_wide, y - half_high, x + half_wide, y + half_high)


def _in_the_middle(seen: Sequence[Observation], expected: Box) -> Observation | None:
    best = max(seen, key=lambda one: one.box.overlap(expected), default=None)
    if best is None or best.box.overlap(expected) < _SAME_FACE:
        return None
    return best


def _point(level: int, here: DetectionOutcomes, clean: DetectionOutcomes) -> DetectionPoint:
    count, usable = len(here.labels), here.usable
    same = here.labels[usable] == clean.labels[usable]
    return DetectionPoint(
        level=level,
        found=wilson_interval(int(here.found.sum()), count),
        usable=wilson_interval(int(usable.sum()), count),
        same_label=wilson_interval(int(same.sum()), len(same)) if len(same) else None,
        fewer=paired_difference(usable, clean.usable),
    )


@dataclass(frozen=True)
class DetectionPoint:
    """What becomes of faces in frames at one level of one condition.

    Attributes:
        level: from 1.
        found: share of the faces that were found.
        usable: share that was found and good enough to be judged.
        same_label: of these, the share named as in the frames as they are; None without any.
        fewer: usable here less usable in the frames as they are, where all of them were.
    """

    level: int
    found: Interval
    usable: Interval
    same_label: Interval | None
    fewer: Difference | None


@dataclass(frozen=True)
class DetectionCurve:
    """Faces in frames along the levels of one condition; see `CorruptionCurve`."""

    name: str
    amounts: tuple[float, ...]
    points: tuple[DetectionPoint, ...]


@dataclass(frozen=True)
class DetectionReport:
    """How the real detector does, and what follows for the answer.

    Attributes:
        faces: how many were looked for each time.
        files: pictures and videos they are from.
        too_small: faces of those files that were left out because they are too small to start from.
        face_px: side of the face picture in the frames as they are.
        curves: one for each condition a frame can suffer.
    """

    faces: int
    files: int
    too_small: int
    face_px: int
    curves: tuple[DetectionCurve, ...]
