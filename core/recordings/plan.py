"""What one analysis of a recording is asked to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from core.errors import PlanError
from core.measures.durations import LONGEST_S
from core.runs import plan_from


@dataclass(frozen=True)
class RecordingPlan:
    """A video, a model, and how densely to look.

    Attributes:
        path: the video file.
        model: a name on the shelf; empty takes the best one there.
        every_s: seconds between analysed frames; 0 analyses every frame.
        title: what the session is called; empty takes the file's name.
    """

    path: str
    model: str = ""
    every_s: float = 0.0
    title: str = ""

    def __post_init__(self) -> None:
        if not Path(self.path).is_file():
            raise PlanError(f"There is no file {self.path}.", advice="Check the path.")
        if not 0 <= self.every_s <= LONGEST_S:
            raise PlanError(
                f"Looking every {self.every_s} s is not possible: what is seen stands for "
                f"{LONGEST_S:g} s at most, and faces between two looks would get new numbers.",
                advice=f"Choose a number from 0 (every frame) to {LONGEST_S:g}.",
            )

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, read: Mapping[str, Any]) -> RecordingPlan:
        """The inverse of `to_json`.

        Raises:
            PlanError: an unknown entry or a value that makes no sense.
        """
        return plan_from(cls, read, what="not a plan for a recording")
