"""Publishes checked formats in the model's folder atomically, beside earlier ones."""

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
from core.settings import Settings
from core.storage.atomic import atomic_folder, clear_unfinished
from core.storage.file_lock import file_lock


def publish(
    settings: Settings, card: ModelCard, rows: Sequence[ConvertedFormat], written: Path
) -> tuple[ConvertedFormat, ...]:
    """Put checked formats into a model's folder, replacing earlier ones of the same name.

    Earlier formats of other names stay, as long as the model's file is the one they were converted
    from. A file that equals one of the model's own is not stored twice.

    Args:
        rows: results; `file` is filled in here for those that passed.
        written: folder with their files, called `<model><suffix>`.
    Returns:
        Every row that is published now.
    Raises:
        OSError: the disk refused; nothing is changed.
        RunError: another process keeps the model's folder locked.
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
    with atomic_folder(target, replaces=True) as staging:
        new = [_placed(row, card, written, staging) for row in rows]
        earlier = [
            _copied_along(row, folder, staging)
            for row in _published_before(models_dir, card)
            if row.name not in {one.name for one in new}
        ]
        complete = tuple(sorted((*new, *earlier), key=_order))
        (staging / FORMATS_FILE).write_bytes(formats_as_bytes(complete))
    write_page(folder, load_card(models_dir, card.name))  # it lists the formats
    return complete


def _placed(row: ConvertedFormat, card: ModelCard, written: Path, staging: Path) -> ConvertedFormat:
    """A row with its file, which is copied unless it equals one of the model's own."""
    if not row.passed:
        return row
    own = next((name for name, known in card.files.items() if known == row.sha256), "")
    if own:
        return replace(row, file=own)
    name = f"{card.name}{FORMATS[row.name].suffix}"
    shutil.copyfile(written / name, staging / name)
    return replace(row, file=f"{FORMATS_FOLDER}/{name}")


def _copied_along(row: ConvertedFormat, folder: Path, staging: Path) -> ConvertedFormat:
    """An earlier row; its file is copied, if it exists."""
    source = folder / row.file
    if source.parent.name == FORMATS_FOLDER and source.is_file():
        shutil.copyfile(source, staging / source.name)
    return row


def _published_before(models_dir: Path, card: ModelCard) -> Iterable[ConvertedFormat]:
    try:
        return read_formats(models_dir, card)
    except DamagedModel:  # what cannot be read is replaced
        return ()


def _order(row: ConvertedFormat) -> int:
    return -1 if row.name == LIVE_FORMAT else list(FORMATS).index(row.name)
