"""The plan of a model import."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from core.conversion.importing.importable_formats import WEIGHTS_ENDINGS
from core.conversion.importing.refused_files import expect_ending
from core.domain import ColourOrder, Interpolation, OutputKind, Scaling
from core.domain.errors import PlanError
from core.jobs import Plan
from core.vision.faces import CROPS, FER2013_CROP

MAX_BYTES = 500 * 2**20
"""Limit of a file's size; VGG16 with its dense layers, 553 million bytes, is beyond it."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
_MAX_SIZE_PX = 1024


@dataclass(frozen=True)
class ImportPlan(Plan):
    """Import a model that was trained elsewhere.

    Attributes:
        path: the model's file, with a suffix of `IMPORTERS` (`importable_formats.py`).
        labels: classes of its outputs, in their order; empty to measure it.
        architecture: path of JSON that describes the network, where `path` holds weights alone.
        name: in the registry; empty takes the file's name.
        leave_out: labels whose outputs are not used.
        size_px: input size; 0 takes the file's.
        scaling: pixel scaling; empty guesses or measures it.
        colour_order: RGB or BGR; empty guesses it.
        interpolation: for enlarging smaller faces; empty measures it, or takes the usual one.
        answers: what its outputs are; empty detects it.
        crop: how the faces of its training pictures were cropped.
        data: path of labelled pictures to measure with; empty for none.
        dataset: name of such a dataset in the catalogue.
        is_upload: whether the file was uploaded for this run: then the worker deletes it when the
            run is over (`core.jobs.worker.CLEANUPS`).
    """

    refusal = "This is not an import plan"

    path: str
    labels: tuple[str, ...]
    name: str = ""
    leave_out: tuple[str, ...] = ()
    size_px: int = 0
    scaling: str = ""
    colour_order: str = ""
    answers: str = ""
    crop: str = FER2013_CROP
    architecture: str = ""
    data: str = ""
    dataset: str = ""
    interpolation: str = ""
    is_upload: bool = False

    def __post_init__(self) -> None:
        expect_ending(self.path)
        if self.name and not _NAME.fullmatch(self.name):
            raise PlanError(
                f"{self.name[:60]!r} cannot be the name of a model.",
                advice="Use up to 60 letters, digits, dots and dashes, without blanks.",
            )
        if type(self.size_px) is not int or not 0 <= self.size_px <= _MAX_SIZE_PX:
            raise PlanError(
                f"An input size of {self.size_px!r} px is not possible.",
                advice=f"Give a size of up to {_MAX_SIZE_PX} px, or 0 to read it from the file.",
            )
        if self.architecture and Path(self.path).suffix.lower() not in WEIGHTS_ENDINGS:
            raise PlanError(
                f"{Path(self.path).name[:60]!r} is not a weights file, so it takes no "
                "architecture file.",
                advice=f"Give weights in a file that ends in {' or '.join(WEIGHTS_ENDINGS)}.",
            )
        if self.data and self.dataset:
            raise PlanError(
                "Pictures to measure with are given twice.",
                advice="Give either a path or the name of a dataset in the catalogue.",
            )
        if self.leave_out and not self.labels:
            raise PlanError(
                "Labels are excluded from a class order that is not known.",
                advice="Give all labels in their order.",
            )
        _expect_one("crop", self.crop, tuple(CROPS))
        _expect_one("scaling", self.scaling, ("", *Scaling))
        _expect_one("colour order", self.colour_order, ("", *ColourOrder))
        _expect_one("interpolation", self.interpolation, ("", *Interpolation))
        _expect_one("output type", self.answers, ("", *OutputKind))

    @property
    def has_pictures(self) -> bool:
        """Whether there are labelled pictures to measure with."""
        return bool(self.data or self.dataset)

    @property
    def model_name(self) -> str:
        """The name given, or one derived from the file's name."""
        plain = re.sub(r"[^A-Za-z0-9._-]+", "-", Path(self.path).stem).strip("-._")[:60]
        return self.name or plain or "imported"


def _expect_one(what: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        named = ", ".join(one for one in known if one)
        raise PlanError(f"There is no {what} {value!r}.", advice=f"Choose {named}.")
