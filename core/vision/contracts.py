"""What the parts of perception promise each other; tests/fakes.py has a fake of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.domain import EmotionScores, Face, Frame, LabelScheme, ModelInput, Observation


class FaceDetector(Protocol):
    """Finds faces in a picture."""

    def detect(self, frame: Frame) -> list[Face]:
        """Every face found, without numbers, best first."""
        ...


class EmotionRecognizer(Protocol):
    """Judges cut-out faces."""

    @property
    def scheme(self) -> LabelScheme:
        """The labels it answers with."""
        ...

    @property
    def input(self) -> ModelInput:
        """The pictures it wants."""
        ...

    def recognize(self, faces: NDArray[np.float32]) -> list[EmotionScores]:
        """Calibrated scores, one for each face.

        Args:
            faces: float32 in [0, 1], grey `(n, size_px, size_px, 1)`, or RGB `(n, size_px, size_px,
                3)` for a model of colours; n may be 0.
        """
        ...


class FaceTracker(Protocol):
    """Gives each face a number that stays."""

    def update(self, faces: Sequence[Face], time_s: float) -> list[Face]:
        """The same faces in the same order, each with a `track_id`: below 0 for one that is
        tentative, None for an unsure one that is nobody known.
        """
        ...

    def reset(self) -> None:
        """Forget everyone; numbers start at 1 again."""
        ...


class Analyser(Protocol):
    """From a frame to observations. Holds no thread, no clock and no file."""

    @property
    def scheme(self) -> LabelScheme:
        """The labels of the scores it gives."""
        ...

    def analyse(self, frame: Frame) -> tuple[Observation, ...]:
        """Everybody seen in this frame, ordered by track_id; times must not go back."""
        ...

    def resume(self) -> None:
        """Go on after a pause: everybody keeps their number, and is looked at afresh."""
        ...

    def reset(self) -> None:
        """Forget everyone, as at the start of a session."""
        ...

    def close(self) -> None:
        """Free native memory; idempotent."""
        ...
