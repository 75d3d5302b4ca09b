"""The model registry: one folder per model, with its files and its card."""

from __future__ import annotations

import json
import logging
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import IO

from core.domain import LITERT_FILE, ONNX_FILE, EvaluationReport, ModelCard
from core.domain.errors import DamagedModel, ModelError, UnknownModel
from core.domain.plain_values import parse_json
from core.models.card_page import card_as_markdown, formats_as_markdown
from core.models.converted_formats import FORMATS_FOLDER, formats_in
from core.storage.atomic import (
    UNFINISHED_FOLDER,
    atomic_file,
    atomic_folder,
    clear_unfinished,
    write_atomic,
)
from core.storage.corrupt_data import DAMAGED_CONTENT, short_message
from core.storage.file_lock import file_lock
from core.storage.path_checks import is_file, is_there

CARD_FILE = "card.json"
CARD_TEXT_FILE = "CARD.md"
KERAS_FILE = "model.keras"
_MODEL_FILES = (KERAS_FILE, LITERT_FILE, ONNX_FILE)

RegistryStamp = tuple[tuple[str, int, int, int], ...]
"""Of each file: path, modification time (ns), size (bytes), and inode."""

_log = logging.getLogger(__name__)


def list_cards(models_dir: Path) -> list[ModelCard]:
    """Every model whose card can be read, best first; damaged cards are logged and left out.

    Models are ranked by their test split: the number of its pictures first, then accuracy. 96 % on
    fifty synthetic faces, or on an easier task, say less than 69 % on thousands of photographs.
    """
    cards = []
    for name in _names(models_dir):
        try:
            cards.append(load_card(models_dir, name))
        except ModelError as error:
            _log.warning("%s", error)
    return sorted(cards, key=_rank)


def registry_stamp(models_dir: Path) -> RegistryStamp:
    """Changes whenever a card is added, removed or rewritten; no card is read for it."""
    return _stamps(sorted(models_dir.glob(f"*/{CARD_FILE}")))


def model_names(models_dir: Path) -> list[str]:
    """Every model's folder, usable or not: it has a card, or a model file."""
    marks = (CARD_FILE, *_MODEL_FILES)
    found = {path.parent.name for mark in marks for path in models_dir.glob(f"*/{mark}")}
    return sorted(name for name in found if not name.startswith(UNFINISHED_FOLDER))


def model_files_stamp(models_dir: Path) -> RegistryStamp:
    """Changes whenever a model's file is added, removed or changed; none is opened for it."""
    folders = [models_dir / name for name in model_names(models_dir)]
    return _stamps(
        path
        for folder in folders
        for path in sorted((*folder.glob("*"), *folder.glob(f"{FORMATS_FOLDER}/*")))
    )


def _stamps(paths: Iterable[Path]) -> RegistryStamp:
    stamps = []
    for path in paths:
        with suppress(OSError):  # just removed
            found = path.stat()
            stamps.append((str(path), found.st_mtime_ns, found.st_size, found.st_ino))
    return tuple(stamps)


def load_card(models_dir: Path, name: str) -> ModelCard:
    """The card of one model; its files are not checked.

    Raises:
        UnknownModel: no such folder; the message lists the models.
        DamagedModel: the card cannot be read, or is missing beside a file of a model.
    """
    path = models_dir / name / CARD_FILE
    if not is_file(path):
        if name in model_names(models_dir):
            raise DamagedModel(
                f"The folder {name} has no card: {CARD_FILE} is missing.",
                advice="Restore the folder from where it came from, or delete it.",
            )
        known = _names(models_dir)
        raise UnknownModel(
            f"There is no model {name!r}.",
            advice=f"There are: {', '.join(known)}." if known else "Train one first.",
        )
    try:
        card = ModelCard.from_json(parse_json(path.read_text(encoding="utf-8")))
    except DAMAGED_CONTENT as error:
        raise DamagedModel(
            f"The card of {name} cannot be read: {short_message(error)}.",
            advice="Restore the folder from where it came from, or delete it.",
        ) from error
    if card.name != name:
        raise DamagedModel(
            f"The folder {name} holds the card of {card.name}.",
            advice=f"Rename the folder to {card.name}.",
        )
    return card


def verify(models_dir: Path, card: ModelCard) -> None:
    """Compare every file with the card's sha256.

    Raises:
        DamagedModel: a file is missing or differs; the message names it.
    """
    for file, expected in card.files.items():
        path = models_dir / card.name / file
        if not path.is_file():
            raise DamagedModel(
                f"{card.name} lacks its file {file}.",
                advice="Restore the folder from where it came from.",
            )
        if digest(path) != expected:
            raise DamagedModel(
                f"{card.name}/{file} is not the file its card describes (sha256 differs).",
                advice="Restore the folder from where it came from; do not use this copy.",
            )


def verified_file(models_dir: Path, card: ModelCard, file: str) -> Path:
    """The path of one of a model's files, all of them verified.

    Raises:
        DamagedModel: as `verify`, or the card lists no such file.
    """
    if file not in card.files:
        raise DamagedModel(
            f"{card.name} comes without {file}.", advice="Convert it first, or choose another."
        )
    verify(models_dir, card)
    return models_dir / card.name / file


def expect_free(models_dir: Path, name: str) -> None:
    """Check that a name is free for a new model.

    Raises:
        ModelError: it is taken.
    """
    if is_there(models_dir / name):
        raise ModelError(f"There is a model {name} already.", advice="Choose another name.")


def save(models_dir: Path, card: ModelCard, files: Mapping[str, Path]) -> ModelCard:
    """Register a model in one atomic step.

    Args:
        card: `files` is filled in here.
        files: name in the model's folder -> file to copy.
    Returns:
        The card with the files' sha256.
    Raises:
        ModelError: the name is taken.
        OSError: the disk refused; nothing is registered.
    """
    target = models_dir / card.name
    models_dir.mkdir(parents=True, exist_ok=True)
    with file_lock(target):
        expect_free(models_dir, card.name)
        clear_unfinished(target)
        return _saved(target, card, files)


def _saved(target: Path, card: ModelCard, files: Mapping[str, Path]) -> ModelCard:
    with atomic_folder(target) as staging:
        for name, source in files.items():
            shutil.copyfile(source, staging / name)
        sums = {name: digest(staging / name) for name in sorted(files)}
        complete = ModelCard(**{**vars(card), "files": sums})
        write_card(staging, complete)
    return complete


def attach(models_dir: Path, card: ModelCard, files: Mapping[str, Path]) -> ModelCard:
    """Add files to a registered model, replacing those with the same names.

    Args:
        files: name in the model's folder -> file to copy.
    Returns:
        The card with the new files' sha256.
    Raises:
        OSError: the disk refused; model and card are unchanged.
    """
    folder = models_dir / card.name
    added = {name: digest(source) for name, source in files.items()}
    with file_lock(folder), ExitStack() as placing:
        now = load_card(models_dir, card.name)  # reports may have been added since it was read
        complete = replace(now, files=dict(sorted({**now.files, **added}.items())))
        # All files are written completely before any is replaced: a file that differs from its
        # card would make a damaged model.
        for name, source in files.items():
            _copied(source, placing.enter_context(atomic_file(folder / name)))
        write_card(folder, complete)
    return complete


def _copied(source: Path, target: IO[bytes]) -> None:
    with source.open("rb") as read:
        shutil.copyfileobj(read, target)
    target.flush()
    os.fsync(target.fileno())  # a network disk reports only now that it is full


def add_reports(models_dir: Path, name: str, reports: Sequence[EvaluationReport]) -> ModelCard:
    """Add reports on other datasets to a model's card, replacing those on the same splits.

    Raises:
        UnknownModel, DamagedModel: as `load_card`.
        ValueError: a report names no dataset.
    """
    if not all(one.dataset for one in reports):
        raise ValueError("a report on the model's own dataset is made when it is trained")
    replaced = {(one.dataset, one.split) for one in reports}
    with file_lock(models_dir / name):
        card = load_card(models_dir, name)
        others = [one for one in card.reports if (one.dataset, one.split) not in replaced]
        complete = replace(card, reports=(*others, *reports))
        write_card(models_dir / name, complete)
    return complete


def write_card(folder: Path, card: ModelCard) -> None:
    """Write a model's card into its folder as JSON and Markdown: both, or none."""
    text = json.dumps(card.to_json(), indent=1, allow_nan=False) + "\n"
    with atomic_file(folder / CARD_TEXT_FILE) as page:
        page.write(card_page(folder, card).encode())
        page.flush()
        write_atomic(folder / CARD_FILE, text)


def write_page(folder: Path, card: ModelCard) -> None:
    """Write a model's card as Markdown alone, such as when its formats changed."""
    write_atomic(folder / CARD_TEXT_FILE, card_page(folder, card))


def card_page(folder: Path, card: ModelCard) -> str:
    """A model's card in Markdown, its other formats included."""
    return card_as_markdown(card) + _formats_section(folder, card)


def _formats_section(folder: Path, card: ModelCard) -> str:
    """The section on a model's other formats; empty where the list cannot be read."""
    try:
        return formats_as_markdown(formats_in(folder, card))
    except DamagedModel as error:
        _log.warning("%s", error)
        return ""


def digest(path: Path) -> str:
    """Sha256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        found = sha256()
        while block := file.read(1 << 20):
            found.update(block)
    return found.hexdigest()


def _names(models_dir: Path) -> list[str]:
    """Folders with a card, without those that are still being written."""
    found = (path.parent.name for path in models_dir.glob(f"*/{CARD_FILE}"))
    return sorted(name for name in found if not name.startswith(UNFINISHED_FOLDER))


def _rank(card: ModelCard) -> tuple[int, float, str]:
    report = card.test_report
    return (
        (0, 0.0, card.name)
        if report is None
        else (-report.pictures, -report.accuracy.value, card.name)
    )
