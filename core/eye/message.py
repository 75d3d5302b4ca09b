"""A browser's message: rows of faces that it read. All of it is untrusted.

The README of the folder eye describes each entry. Ranges are as wide as a camera's can be, and
narrow enough for the session store's columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np

from core.domain import BLENDSHAPES, Box, HeadPose, ModelCard
from core.domain.plain_values import decode_json
from core.vision import FaceReading, FrameReading

VERSION = 1
MAX_ROWS, MAX_GAPS, MAX_FACES = 100, 100, 2
MAX_AGE_S = 600.0
"""How old a row may be when its message is made: the browser keeps five minutes of rows."""

_MAX_TIME_S = 1e12  # a clock that counts milliseconds since 1970 is below it too
_MAX_COUNT = 1 << 53  # the largest whole number that a browser's arithmetic keeps
_MAX_FRAMES = 100_000_000  # 38 days at 30 frames a second
_MAX_SIDE_PX = 8192
_LEAST_FACE_PX = 0.1  # a side that is nearly nothing is nothing once boxes are scaled for tracking
_MAX_LATENCY_MS = 600_000.0
_MAX_OUTPUTS, _MAX_OUTPUT = 64, 1e6


class ReaderState(StrEnum):
    """What the browser's eye is doing."""

    READING = "reading"
    """It reads faces."""
    HIDDEN = "hidden"
    """The tab is hidden, and this browser cannot read then."""
    NO_CAMERA = "no_camera"
    """The camera gives no picture."""
    STOPPED = "stopped"
    """This is the last message."""


class GapReason(StrEnum):
    """Why nothing was measured for a while."""

    HIDDEN = "hidden"
    """The tab was hidden."""
    CAMERA_OFF = "camera_off"
    """The camera gave no picture."""
    ASLEEP = "asleep"
    """The machine slept, or stood still."""
    DROPPED = "dropped"
    """The rows did not fit into the browser's queue."""


@dataclass(frozen=True)
class FaceEntry:
    """One face; see `FaceReading` for what its numbers mean.

    Attributes:
        box: left, top, right, bottom.
        pose: yaw, pitch, roll.
        blendshapes: thousandths; empty where they are not shared.
        blur: sharpness.
        confidence: None counts as 1.
    """

    box: tuple[float, float, float, float]
    pose: tuple[float, float, float]
    blendshapes: tuple[int, ...]
    lip_gap: float
    brightness: float
    blur: float
    outputs: tuple[float, ...] | None = None
    confidence: float | None = None

    def __post_init__(self) -> None:
        _expect(_are_within(self.box, 4 * _MAX_SIDE_PX), "box lies too far outside")
        sides = self.box[2] - self.box[0], self.box[3] - self.box[1]
        _expect(min(sides) >= _LEAST_FACE_PX, "box has no area")
        _expect(_are_within(self.pose, 180), "pose has an angle beyond 180")
        _expect(len(self.blendshapes) in {0, len(BLENDSHAPES)}, _OTHER_COUNT)
        _expect(min(self.blendshapes, default=0) >= 0, "blendshapes below 0")
        _expect(max(self.blendshapes, default=0) <= 1000, "blendshapes above 1000")
        _expect(0 <= self.lip_gap <= 5, "lip_gap is not in [0, 5]")
        _expect(0 <= self.brightness <= 1, "brightness is not in [0, 1]")
        _expect(0 <= self.blur <= 1e4, "blur is not in [0, 10000]")
        outputs = self.outputs or (0.0,)
        _expect(len(outputs) <= _MAX_OUTPUTS, _MANY_OUTPUTS)
        _expect(_are_within(outputs, _MAX_OUTPUT), "an output is too large")
        _expect(0 <= (self.confidence or 0) <= 1, "confidence is not in [0, 1]")

    def reading(self) -> FaceReading:
        """The face, for the analyser."""
        shapes = np.array(self.blendshapes, dtype=np.float32) / np.float32(1000)
        return FaceReading(
            box=Box(*self.box),
            confidence=1.0 if self.confidence is None else self.confidence,
            pose=HeadPose(*self.pose),
            blendshapes=shapes if self.blendshapes else None,
            lip_gap=self.lip_gap,
            brightness=self.brightness,
            sharpness=self.blur,
            outputs=None if self.outputs is None else np.array(self.outputs, dtype=np.float32),
        )


@dataclass(frozen=True)
class RowEntry:
    """The faces of one frame.

    Attributes:
        time_s: since the first frame; ascending.
        frame_index: among the frames that the camera gave; ascending.
    """

    time_s: float
    frame_index: int
    width_px: int
    height_px: int
    latency_ms: float
    faces: tuple[FaceEntry, ...]

    def __post_init__(self) -> None:
        _expect(0 <= self.time_s <= _MAX_TIME_S, "time_s is below 0, or too large")
        _expect(0 <= self.frame_index <= _MAX_FRAMES, "frame_index is below 0, or too large")
        _expect(1 <= self.width_px <= _MAX_SIDE_PX, _ODD_SIZE)
        _expect(1 <= self.height_px <= _MAX_SIDE_PX, _ODD_SIZE)
        _expect(0 <= self.latency_ms <= _MAX_LATENCY_MS, "latency_ms is below 0, or too large")
        _expect(len(self.faces) <= MAX_FACES, _MANY_FACES)

    def reading(self, *, shift_s: float, late_s: float = 0.0) -> FrameReading:
        """The frame, for the analyser.

        Args:
            shift_s: subtracted from its time.
            late_s: delay of its message.
        """
        return FrameReading(
            time_s=self.time_s - shift_s,
            frame_index=self.frame_index,
            width_px=self.width_px,
            latency_ms=self.latency_ms,
            faces=tuple(one.reading() for one in self.faces),
            late_s=late_s,
        )


@dataclass(frozen=True)
class GapEntry:
    """A span in which nothing was measured, in the time of the rows."""

    begin_s: float
    end_s: float
    reason: GapReason

    def __post_init__(self) -> None:
        _expect(0 <= self.begin_s < self.end_s <= _MAX_TIME_S, "a gap ends before it begins")


@dataclass(frozen=True)
class Message:
    """One message.

    Attributes:
        sequence: its number, from 0.
        client_s: when it was made, by the clock of its rows.
        dropped: rows dropped by the browser since the start.
        client_unix_s: the browser's wall clock, which may be wrong: for diagnosis only.
    """

    version: int
    sequence: int
    client_s: float
    state: ReaderState
    dropped: int
    rows: tuple[RowEntry, ...]
    gaps: tuple[GapEntry, ...]
    client_unix_s: float = 0.0

    def __post_init__(self) -> None:
        _expect(self.version == VERSION, f"version is not {VERSION}")
        _expect(0 <= self.sequence <= _MAX_COUNT, "sequence is below 0, or too large")
        _expect(0 <= self.client_s <= _MAX_TIME_S, "client_s is below 0, or too large")
        _expect(0 <= self.dropped <= _MAX_COUNT, "dropped is below 0, or too large")
        _expect(len(self.rows) <= MAX_ROWS, f"more than {MAX_ROWS} rows")
        _expect(len(self.gaps) <= MAX_GAPS, f"more than {MAX_GAPS} gaps")
        _expect(all(_follows(one, two) for one, two in pairwise(self.rows)), _ROWS_IN_DISORDER)
        ages = [self.client_s - one.time_s for one in self.rows]
        _expect(all(-1 <= age <= MAX_AGE_S for age in ages), "a row is too old, or not read yet")

    def expect_after(self, before: RowEntry | None) -> None:
        """Check the order of rows over two messages.

        Args:
            before: the last row of earlier messages.
        Raises:
            ValueError: the first row is not later.
        """
        if before is not None and self.rows:
            _expect(_follows(before, self.rows[0]), _ROWS_IN_DISORDER)

    def expect_blendshapes(self, *, shared: bool = True) -> None:
        """Check that each face has blendshapes, or where they are not shared that none has.

        Raises:
            ValueError: it is otherwise.
        """
        found = (bool(face.blendshapes) for row in self.rows for face in row.faces)
        _expect(all(one is shared for one in found), _OTHER_COUNT if shared else _NOT_SHARED)

    def expect_no_outputs(self) -> None:
        """Check that no expression model was asked.

        Raises:
            ValueError: a face has outputs.
        """
        outputs = (face.outputs for row in self.rows for face in row.faces)
        _expect(all(one is None for one in outputs), "outputs are not shared here")

    def expect_outputs_of(self, card: ModelCard) -> None:
        """Check that the model that was asked may be this one.

        Raises:
            ValueError: a face has another number of outputs than the model gives.
        """
        outputs = [face.outputs for row in self.rows for face in row.faces]
        counts = {len(one) for one in outputs if one is not None}
        least = card.outputs_expected
        # A card that selects outputs may select fewer than the model has.
        fits = all(one == least or (card.outputs and one > least) for one in counts)
        _expect(len(counts) < 2 and fits, f"the outputs are not those of {card.name}")


_ROWS_IN_DISORDER = "time_s and frame_index do not ascend"
_OTHER_COUNT = f"not {len(BLENDSHAPES)} blendshapes"
_NOT_SHARED = "blendshapes are not shared here"
_MANY_OUTPUTS, _MANY_FACES = f"more than {_MAX_OUTPUTS} outputs", f"more than {MAX_FACES} faces"
_ODD_SIZE = "the frame has an odd size"


def message_from(body: bytes) -> Message:
    """The message of a request's body.

    Raises:
        ValueError: it is none; says where, such as "rows[0].faces[0]: box has no area".
    """
    return decode_json(Message, body)


def _are_within(numbers: Sequence[float], limit: float) -> bool:
    """Whether none is further from 0; JSON has neither NaN nor infinity."""
    return -limit <= min(numbers) and max(numbers) <= limit


def _follows(before: RowEntry, after: RowEntry) -> bool:
    return after.time_s > before.time_s and after.frame_index > before.frame_index


def _expect(holds: bool, otherwise: str) -> None:
    if not holds:
        raise ValueError(otherwise)
