"""Chooses the model file that live pages use, and verifies published files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from core.domain import ModelCard
from core.domain.errors import DamagedModel, ModelError
from core.models.converted_formats import (
    BROWSER_FORMAT,
    LIVE_FORMAT,
    ConvertedFormat,
    read_formats,
)
from core.models.registry import digest, load_card, model_names, verified_file
from core.models.runtimes.open_runtime import runtime_of

LIVE_RUNTIMES = frozenset({"litert", "onnx"})
"""Runtimes that a page may use: TensorFlow takes seconds to import and slows the camera down."""

MAX_LATENCY_RATIO = 0.8
"""A file replaces the model's own if its latency is below this share of the own file's: on a busy
machine two measurements of one file differed by up to a sixth."""


@dataclass(frozen=True)
class LiveFile:
    """The file that live pages use.

    Attributes:
        path: of the file, its sha256 verified.
        runtime: "litert" or "onnx".
        format: a key of `conversion.FORMATS`; `LIVE_FORMAT` for the file the model came with.
    """

    path: Path
    runtime: str
    format: str


def best_for_live(models_dir: Path, card: ModelCard) -> LiveFile:
    """The file with the lowest latency for one picture, among the model's own and published ones.

    Only rows measured on the same machine are compared, and only files that exist and are
    undamaged. The model's own is kept where no other is clearly faster, or nothing was measured.

    Raises:
        DamagedModel: the model's own file is missing or differs from what the card says.
    """
    served = verified_file(models_dir, card, card.served_by)
    own = LiveFile(served, runtime_of(card.served_by), LIVE_FORMAT)
    try:
        rows = read_formats(models_dir, card)
    except DamagedModel:  # the model's own file does not need the list
        return own
    for row in faster_than_live(rows):
        try:
            return LiveFile(format_file(models_dir, card, row), row.runtime, row.name)
        except DamagedModel:  # missing or changed: try the next one
            continue
    return own


def format_file(models_dir: Path, card: ModelCard, row: ConvertedFormat) -> Path:
    """The file of a format that passed, its content verified.

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


def browser_format(models_dir: Path, card: ModelCard) -> ConvertedFormat | None:
    """The format of a model that browsers run; None where it is not published."""
    try:
        rows = read_formats(models_dir, card)
        row = next(row for row in rows if row.name == BROWSER_FORMAT)
        format_file(models_dir, card, row)
    except (DamagedModel, StopIteration):
        return None
    return row


def litert_file(models_dir: Path, name: str, sha256: str) -> Path | None:
    """A published LiteRT file of a model, for browsers; None where there is none.

    Args:
        name: of the model, untrusted.
        sha256: how its sha256 begins, untrusted: eight or more hexadecimal digits.
    """
    if name not in model_names(models_dir) or re.fullmatch("[0-9a-f]{8,64}", sha256) is None:
        return None
    try:
        card = load_card(models_dir, name)
        rows = read_formats(models_dir, card)
        row = next(row for row in rows if row.runtime == "litert" and row.sha256.startswith(sha256))
        return format_file(models_dir, card, row)
    except (ModelError, StopIteration):
        return None


def faster_than_live(rows: Iterable[ConvertedFormat]) -> list[ConvertedFormat]:
    """Formats that may replace the model's own file for live use, fastest first.

    Args:
        rows: all of a model's; empty is returned without the row `LIVE_FORMAT`.
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
        if row.name != BROWSER_FORMAT  # all faces of a frame are one call
        if row.speed is not None and row.speed.machine == own.machine
        if row.speed.one.median_ms < MAX_LATENCY_RATIO * own.one.median_ms
    ]
    return [row for _, row in sorted(found, key=lambda one: one[0])]
