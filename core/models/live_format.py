"""Which of a model's files answers a live page, and whether a published one is sound."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from core.domain import ModelCard
from core.domain.errors import DamagedModel
from core.models.converted_formats import LIVE_FORMAT, ConvertedFormat, read_formats
from core.models.registry import digest, verified_file

LIVE_RUNTIMES = frozenset({"litert", "onnx"})
"""Those that a page may run: TensorFlow takes seconds to wake and slows the camera down."""

WORTH_A_CHANGE = 0.8
"""A file takes the place of the model's own where it needs less than this share of its time: two
measurements of one file were up to a sixth apart on a busy machine."""


@dataclass(frozen=True)
class LiveFile:
    """The file that answers quickest, one picture at a time, among those that may be used.

    Attributes:
        path: checked against its sha256.
        runtime: "litert" or "onnx".
        format: a key of `conversion.FORMATS`; `LIVE_FORMAT` for the file the model came with.
    """

    path: Path
    runtime: str
    format: str


def best_for_live(models_dir: Path, card: ModelCard) -> LiveFile:
    """The quickest file with one picture at a time among the model's own and those that passed.

    Only rows measured on the same machine are compared, and only files that are here and sound. The
    model's own stays where another is not clearly quicker, or where nothing was measured.

    Raises:
        DamagedModel: the model's own file is missing or differs from what the card says.
    """
    served = verified_file(models_dir, card, card.served_by)
    own = LiveFile(served, runtime_of(card.served_by), LIVE_FORMAT)
    try:
        rows = read_formats(models_dir, card)
    except DamagedModel:  # the model itself is sound, and its own file needs no list
        return own
    for row in quicker_than_live(rows):
        try:
            return LiveFile(format_file(models_dir, card, row), row.runtime, row.name)
        except DamagedModel:  # gone or changed since: the next best one, or the model's own
            continue
    return own


def format_file(models_dir: Path, card: ModelCard, row: ConvertedFormat) -> Path:
    """The file of a format that passed, its content checked.

    Raises:
        DamagedModel: it was refused, is missing, or is not the one that was tested.
    """
    path = models_dir / card.name / row.file
    if not row.passed or not row.file:
        raise DamagedModel(
            f"{card.name} is not published as {row.name}: {row.refusal or 'no file was kept.'}",
            advice="Choose a format that passed.",
        )
    if not path.is_file() or digest(path) != row.sha256:
        state = "differs from the one that was tested" if path.is_file() else "is not here"
        raise DamagedModel(
            f"The file {row.file} of {card.name} {state}.", advice="Convert the model again."
        )
    return path


def runtime_of(file: str) -> str:
    """What runs a model's own file, by its ending."""
    return "onnx" if file.endswith(".onnx") else "litert"


def quicker_than_live(rows: Iterable[ConvertedFormat]) -> list[ConvertedFormat]:
    """Formats that may take the place of the model's own file for live use, quickest first.

    Args:
        rows: all of them, that of the model's own file among them; nothing is compared without.
    """
    rows = tuple(rows)
    live = next((row for row in rows if row.name == LIVE_FORMAT), None)
    if live is None or live.speed is None:
        return []
    own = live.speed
    found = [
        (row.speed.one.median_ms, row)
        for row in rows
        if row.passed and row.runtime in LIVE_RUNTIMES and row.sha256 != live.sha256
        if row.speed is not None and row.speed.machine == own.machine
        if row.speed.one.median_ms < WORTH_A_CHANGE * own.one.median_ms
    ]
    return [row for _, row in sorted(found, key=lambda one: one[0])]
