"""Formats into the model's folder: there completely or not at all, with those from before."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from core.conversion.formats import FORMATS
from core.domain import ModelCard
from core.domain.errors import DamagedModel, RunError
from core.models import (
    FORMATS_FILE,
    FORMATS_FOLDER,
    LIVE_FORMAT,
    ConvertedFormat,
    formats_as_bytes,
    formats_folder,
    load_card,
    read_formats,
    write_page,
)
from core.storage.atomic import atomic_folder, clear_unfinished
from core.storage.file_lock import file_lock
from core.storage.settings import Settings


def publish(
    settings: Settings, card: ModelCard, rows: Sequence[ConvertedFormat], written: Path
) -> tuple[ConvertedFormat, ...]:
    """Put tested formats into a model's folder, in place of earlier ones of the same name.

    Earlier formats of other names stay, as long as the model is still the one they were made from.
    A file that equals one of the model's own is not kept twice.

    Args:
        rows: what was found; `file` is filled in here for those that passed.
        written: folder in which their files lie, called `<model><suffix>`.
    Returns:
        Every row that is there now.
    Raises:
        OSError: the disk refused; everything is as it was.
        RunError: somebody else is at it and does not end.
    """
    try:
        with file_lock(settings.models_dir / card.name):
            return _published(settings.models_dir, card, rows, written)
    except TimeoutError as error:
        raise RunError(
            f"Another program has been changing {card.name} for half a minute.",
            advice="Wait for it to end, or stop it, then resume this run.",
        ) from error


def _published(
    models_dir: Path, card: ModelCard, rows: Sequence[ConvertedFormat], written: Path
) -> tuple[ConvertedFormat, ...]:
    folder = models_dir / card.name
    target = formats_folder(models_dir, card.name)
    clear_unfinished(target)
    with atomic_folder(target, replaces=True) as beside:
        new = [_placed(row, card, written, beside) for row in rows]
        kept = [
            _moved_along(row, folder, beside)
            for row in _earlier(models_dir, card)
            if row.name not in {one.name for one in new}
        ]
        complete = tuple(sorted((*new, *kept), key=_order))
        (beside / FORMATS_FILE).write_bytes(formats_as_bytes(complete))
    write_page(folder, load_card(models_dir, card.name))  # it lists the formats
    return complete


def _placed(row: ConvertedFormat, card: ModelCard, written: Path, beside: Path) -> ConvertedFormat:
    """A row with its file, which is copied unless the model has the same one already."""
    if not row.passed:
        return row
    own = next((name for name, known in card.files.items() if known == row.sha256), "")
    if own:
        return replace(row, file=own)
    name = f"{card.name}{FORMATS[row.name].suffix}"
    shutil.copyfile(written / name, beside / name)
    return replace(row, file=f"{FORMATS_FOLDER}/{name}")


def _moved_along(row: ConvertedFormat, folder: Path, beside: Path) -> ConvertedFormat:
    """An earlier row; its file is linked or copied, if it lies here."""
    source = folder / row.file
    if source.parent.name == FORMATS_FOLDER and source.is_file():
        shutil.copyfile(source, beside / source.name)
    return row


def _earlier(models_dir: Path, card: ModelCard) -> Iterable[ConvertedFormat]:
    try:
        return read_formats(models_dir, card)
    except DamagedModel:  # what cannot be read is replaced
        return ()


def _order(row: ConvertedFormat) -> int:
    return -1 if row.name == LIVE_FORMAT else list(FORMATS).index(row.name)
