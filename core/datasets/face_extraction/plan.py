"""The plan of a face extraction."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from core.datasets.face_extraction.sources import is_recruitview
from core.datasets.readers.source import LEVELS
from core.domain.errors import NotAllowedHere, PlanError
from core.jobs import Plan
from core.storage.path_checks import is_there

NO_SCORES = "the videos have no scores, so their faces have no labels for training yet."
"""Why faces were not opened as a dataset."""

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_LONGEST_INTERVAL_S = 60.0
_SMALLEST_PX, _LARGEST_PX = 16, 256  # below, no features; above, few videos hold such faces


@dataclass(frozen=True)
class FacesPlan(Plan):
    """Which videos, the sampling interval, and the result.

    Attributes:
        path: RecruitView's folder, a folder of videos, or one video.
        name: folder under data/faces/ for the result.
        licence_accepted: whether a person accepted RecruitView's licence; other videos do not need
            it, but the consent of the people shown.
        every_s: seconds between two sampled frames; 0 samples all.
        size_px: side of the square pictures; 48 as in FER2013.
        keep_pictures: False keeps the measures only.
        levels: how scores become levels in the dataset that is opened with the faces, as in
            `DatasetSource`; empty opens none.
    """

    refusal = "This is not a face extraction plan"

    path: str
    name: str
    licence_accepted: bool = False
    every_s: float = 1.0  # a face changes little in less, and a minute gives sixty pictures
    size_px: int = 48
    keep_pictures: bool = True
    levels: str = ""

    def __post_init__(self) -> None:
        if not is_there(Path(self.path)):
            raise PlanError(f"There is nothing at {self.path}.", advice="Check the path.")
        if not _NAME.fullmatch(self.name):
            raise PlanError(
                f"{self.name!r} cannot be the name of a set of faces.",
                advice="Use lower-case letters, digits and dashes, 63 at most.",
            )
        if not 0 <= self.every_s <= _LONGEST_INTERVAL_S:
            raise PlanError(
                f"Sampling every {self.every_s} s is not possible.",
                advice=f"Choose a number from 0 (every frame) to {_LONGEST_INTERVAL_S:.0f}.",
            )
        if self.size_px not in range(_SMALLEST_PX, _LARGEST_PX + 1):
            raise PlanError(
                f"Pictures of {self.size_px} px are not possible.",
                advice=f"Choose a side from {_SMALLEST_PX} to {_LARGEST_PX}; training recipes "
                "use 48.",
            )
        if self.levels not in ("", *LEVELS) or (self.levels and not self.keep_pictures):
            raise PlanError(
                f"A dataset cannot be opened with levels named {self.levels!r}.",
                advice=f"Choose {' or '.join(LEVELS)}, and keep the pictures.",
            )
        if self.licence_accepted is not True and is_recruitview(Path(self.path)):
            raise NotAllowedHere(
                "RecruitView may be used for non-commercial purposes only (CC BY-NC 4.0), and "
                "its licence has not been accepted yet.",
                advice="Read its licence, and accept it if your use is non-commercial.",
            )
