"""Protocols of the vision components; tests/fakes.py has a fake of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.domain import EmotionScores, Face, Frame, LabelScheme, ModelInput, Observation


class FaceDetector(Protocol):
    """Finds faces in a picture."""

    def detect(self, frame: Frame) -> list[Face]:
        """Every face found, without numbers, highest confidence first."""
        ...


class EmotionRecognizer(Protocol):
    """Recognises expressions of cropped faces."""

    @property
    def scheme(self) -> LabelScheme:
        """The labels of its scores."""
        ...

    @property
    def input(self) -> ModelInput:
        """The input it requires."""
        ...

    def recognize(self, faces: NDArray[np.float32]) -> list[EmotionScores]:
        """Calibrated scores, one for each face.

        Args:
            faces: float32 in [0, 1], grey `(n, size_px, size_px, 1)`, or RGB `(n, size_px, size_px,
                3)` for a model of colours; n may be 0.
        """
        ...


class FaceTracker(Protocol):
    """Numbers faces consistently over time."""

    def update(self, faces: Sequence[Face], time_s: float) -> list[Face]:
        """The same faces in the same order, each with a `track_id`: below 0 for a tentative one,
        None for a low-confidence one without a track.
        """
        ...

    def reset(self) -> None:
        """Forget all tracks; numbers start at 1 again."""
        ...


class Analyser(Protocol):
    """From a frame to observations. Holds no thread, no clock and no file."""

    @property
    def scheme(self) -> LabelScheme:
        """The labels of the scores it gives."""
        ...

    def analyse(self, frame: Frame) -> tuple[Observation, ...]:
        """Every face of this frame, ordered by track_id; times must not decrease."""
        ...

    def resume(self) -> None:
        """Resume after a pause: faces keep their numbers, and are read again."""
        ...

    def reset(self) -> None:
        """Forget all faces, as at the start of a session."""
        ...

    def close(self) -> None:
        """Free native memory; idempotent."""
        ...
