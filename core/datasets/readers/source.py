"""Where a dataset comes from and how it is read: the choices of a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.datasets.readers.csv_pixels import LARGEST_PX, ColumnNames
from core.datasets.readers.name_patterns import expect_pattern
from core.domain.errors import PlanError
from core.domain.plain_values import from_plain
from core.storage.corrupt_data import short_message
from core.storage.path_checks import may_exist

LEVELS = ("published", "tertiles")
"""The published thresholds of the scores, or tertiles of the training people's."""

FER_PLUS = "ferplus"
"""As a scheme: eight classes, by majority of FER+'s votes beside the files."""

READING = 2
"""Version of the reading rules. Datasets that were added under earlier rules keep their number:

0: numbers are FER2013's labels in all formats, and only the common picture extensions are read.
1: labels that differ in Unicode normalisation only (NFC and NFD) are two classes.
"""

_ADD_AGAIN = "Add it again: on the page Explore data, or by python -m core datasets add."


@dataclass(frozen=True)
class DatasetSource:
    """One way to read one dataset.

    Attributes:
        path: a file or a folder.
        name: of the dataset; empty takes the file's.
        format: a key of `dataset_formats.FORMATS`; empty detects it.
        size_px: side of the pictures; 0 keeps the file's (48 for picture files).
        align: picture files only: detect the face, rotate it upright and crop it as in FER2013
            (`vision.faces.crop`); without, their centre square is taken.
        columns: where a CSV file has unusual names.
        scheme: a key of `domain.SCHEMES`, `FER_PLUS`, or "own" for the labels as they are;
            empty takes the first scheme that fits all labels.
        label_map: (label in the file, label of the scheme), where names differ; an empty label
            leaves the pictures out.
        levels: how scores become levels, where pictures have scores: a value of `LEVELS`.
        seed: of the split, where one is made.
        people: pattern of person IDs in file names, see `name_patterns`; empty detects the usual
            ones, "none" reads no IDs.
        reading: see `READING`.
    """

    path: str
    name: str = ""
    format: str = ""
    size_px: int = 0
    align: bool = False
    columns: ColumnNames = field(default_factory=ColumnNames)
    scheme: str = ""
    label_map: tuple[tuple[str, str], ...] = ()
    levels: str = "published"
    seed: int = 7
    people: str = ""
    reading: int = READING

    def __post_init__(self) -> None:
        expect_pattern(self.people)
        if not self.path.strip():
            raise PlanError("No file or folder is given.", advice="Choose one.")
        if not may_exist(self.path):
            raise PlanError(
                "The path contains a character that no path can have.", advice="Check the path."
            )
        if self.levels not in LEVELS:
            raise PlanError(
                f"There are no levels {self.levels[:40]!r}.",
                advice=f"Choose {' or '.join(LEVELS)}.",
            )
        for name in ("seed", "reading"):
            if getattr(self, name) < 0:
                raise PlanError(f"{name} = {getattr(self, name)} is too small.", advice=_ADD_AGAIN)
        if not 0 <= self.size_px <= LARGEST_PX or self.size_px in range(1, 8):
            raise PlanError(
                f"Pictures cannot be {self.size_px} pixels wide.",
                advice=f"Choose 8 to {LARGEST_PX}, or 0 to keep their size.",
            )

    @classmethod
    def from_json(cls, read: Mapping[str, Any]) -> DatasetSource:
        """The inverse of `to_plain`; without `reading` it is 0, see there.

        Raises:
            PlanError: an unknown entry or a value that makes no sense.
        """
        try:
            return from_plain(cls, {"reading": 0, **read})
        except (TypeError, ValueError) as error:
            raise PlanError(
                f"This is not a description of a dataset: {short_message(error)}.",
                advice=_ADD_AGAIN,
            ) from error
