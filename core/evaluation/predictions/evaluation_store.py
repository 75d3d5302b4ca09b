"""Evaluations on disk: predictions of a model on a dataset, and further measurements.

Each is a folder `models/<model>/evaluations/<slug>/` with `evaluation.json`, which lists every
other file with its sha256. `answers.npz` holds the predictions; metrics are derived from it on
demand and never stored. No file holds a picture.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from core.domain.errors import DamagedModel, UnknownModel
from core.domain.plain_values import from_plain, parse_json, to_plain
from core.evaluation.predictions.evaluation import Evaluation
from core.evaluation.predictions.predictions import ANSWERS_FILE, SplitPredictions, predictions_from
from core.storage.atomic import (
    UNFINISHED_FOLDER,
    atomic_folder,
    clear_unfinished,
    write_atomic,
)
from core.storage.file_lock import file_lock
from core.storage.own_files import discard_ours
from core.storage.path_checks import is_file

EVALUATIONS_FOLDER = "evaluations"
EVALUATION_FILE = "evaluation.json"

_DELETED_NOTE = (
    "Robustness and groups were measured before the model was calibrated, and were deleted: "
    "measure them again."
)

MakeParts = Callable[["Evaluation"], Mapping[str, bytes]]
_log = logging.getLogger(__name__)


def list_evaluations(models_dir: Path, model: str) -> list[Evaluation]:
    """Every evaluation of a model that can be read, newest first; damaged ones are logged."""
    found = []
    for path in sorted((models_dir / model / EVALUATIONS_FOLDER).glob(f"*/{EVALUATION_FILE}")):
        if path.parent.name.startswith(UNFINISHED_FOLDER):
            continue
        try:
            found.append(load_evaluation(models_dir, model, path.parent.name))
        except DamagedModel as error:
            _log.warning("%s", error)
    return sorted(found, key=lambda one: one.made_at, reverse=True)


def load_evaluation(models_dir: Path, model: str, slug: str) -> Evaluation:
    """One evaluation; its other files are not read.

    Raises:
        UnknownModel: there is none of that name.
        DamagedModel: it cannot be read.
    """
    path = folder_of(models_dir, model, slug) / EVALUATION_FILE
    if not is_file(path):
        raise UnknownModel(
            f"{model} has no evaluation {slug!r}.", advice="Evaluate the model on that dataset."
        )
    try:
        return from_plain(Evaluation, parse_json(path.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise DamagedModel(
            f"The evaluation {slug} of {model} cannot be read: {error}.",
            advice="Evaluate the model on that dataset again.",
        ) from error


def folder_of(models_dir: Path, model: str, slug: str) -> Path:
    """Folder of an evaluation, whether it exists or not."""
    return models_dir / model / EVALUATIONS_FOLDER / slug


def write_evaluation(
    models_dir: Path, evaluation: Evaluation, parts: Mapping[str, bytes]
) -> Evaluation:
    """Store an evaluation in one step, replacing one of the same slug.

    Args:
        evaluation: `files` is filled in here.
        parts: file name -> content.
    Returns:
        The evaluation with its files' sha256.
    Raises:
        OSError: the disk refused; an earlier evaluation of that slug then still exists.
    """
    target = folder_of(models_dir, evaluation.model, evaluation.slug)
    target.parent.mkdir(parents=True, exist_ok=True)
    complete = replace(
        evaluation, files={name: _digest(content) for name, content in sorted(parts.items())}
    )
    with file_lock(target):
        clear_unfinished(target)
        with atomic_folder(target, replaces=True) as beside:
            for name, content in parts.items():
                (beside / name).write_bytes(content)
            (beside / EVALUATION_FILE).write_text(_text(complete), encoding="utf-8")
    return complete


def add_parts(models_dir: Path, evaluation: Evaluation, parts: Mapping[str, bytes]) -> Evaluation:
    """Add files to an evaluation, replacing those with the same names.

    Returns:
        The evaluation with the new files' sha256.
    Raises:
        UnknownModel, OSError: it was deleted meanwhile, or the disk refused.
    """
    return change_parts(models_dir, evaluation, lambda _: parts)


def change_parts(models_dir: Path, evaluation: Evaluation, change: MakeParts) -> Evaluation:
    """Add files that are made from the current ones, under the evaluation's lock.

    Args:
        change: takes the evaluation as stored now, returns file name -> content.
    """
    folder = folder_of(models_dir, evaluation.model, evaluation.slug)
    with file_lock(folder):
        now = load_evaluation(models_dir, evaluation.model, evaluation.slug)
        parts = change(now)
        for name, content in parts.items():
            write_atomic(folder / name, content)
        sums = {**now.files, **{name: _digest(content) for name, content in parts.items()}}
        complete = replace(now, files=dict(sorted(sums.items())))
        write_atomic(folder / EVALUATION_FILE, _text(complete))
    return complete


def calibrate_evaluation(
    models_dir: Path,
    evaluation: Evaluation,
    *,
    temperature: float,
    not_sure_below: float,
    stale: Sequence[str] = (),
) -> Evaluation:
    """Change temperature and threshold of an evaluation; the stored logits stay.

    Args:
        stale: files whose metrics used the old temperature: they are deleted, with a note.
    Returns:
        The evaluation as stored now.
    """
    folder = folder_of(models_dir, evaluation.model, evaluation.slug)
    with file_lock(folder):
        now = load_evaluation(models_dir, evaluation.model, evaluation.slug)
        deleted = [name for name in stale if name in now.files]
        complete = replace(
            now,
            temperature=temperature,
            not_sure_below=not_sure_below,
            files={name: digest for name, digest in now.files.items() if name not in deleted},
            notes=(*now.notes, _DELETED_NOTE)
            if deleted and _DELETED_NOTE not in now.notes
            else now.notes,
        )
        write_atomic(folder / EVALUATION_FILE, _text(complete))
        for name in deleted:
            discard_ours(folder / name, within=folder)
    return complete


def read_part(models_dir: Path, evaluation: Evaluation, name: str) -> bytes | None:
    """The content of one file of an evaluation; None if it has none of that name.

    If it was replaced since `evaluation` was read, the new content is returned.

    Raises:
        DamagedModel: the file is missing or is not the one that was written.
    """
    if name not in evaluation.files:
        return None
    folder = folder_of(models_dir, evaluation.model, evaluation.slug)
    try:
        content = (folder / name).read_bytes()
        if _digest(content) == evaluation.files[name]:
            return content
        with file_lock(folder):  # no writer is between a file and its digest
            now = load_evaluation(models_dir, evaluation.model, evaluation.slug)
            content = (folder / name).read_bytes()
    except (OSError, UnknownModel) as error:
        raise _damaged(evaluation, name) from error
    is_same = (now.made_at, now.content_hash) == (evaluation.made_at, evaluation.content_hash)
    if not is_same or _digest(content) != now.files.get(name):
        raise _damaged(evaluation, name)
    return content


def load_predictions(models_dir: Path, evaluation: Evaluation) -> dict[str, SplitPredictions]:
    """Predictions of the model, by split.

    Raises:
        DamagedModel: the file is missing, damaged, or is not the one that was written.
    """
    content = read_part(models_dir, evaluation, ANSWERS_FILE)
    if content is None:
        raise _damaged(evaluation, ANSWERS_FILE)
    try:
        return predictions_from(content)
    except ValueError as error:
        raise _damaged(evaluation, ANSWERS_FILE) from error


def _damaged(evaluation: Evaluation, name: str) -> DamagedModel:
    return DamagedModel(
        f"{name} of the evaluation {evaluation.slug} of {evaluation.model} is missing or damaged.",
        advice="Evaluate the model on that dataset again.",
    )


def _text(evaluation: Evaluation) -> str:
    return json.dumps(to_plain(evaluation), indent=1, allow_nan=False) + "\n"


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()
