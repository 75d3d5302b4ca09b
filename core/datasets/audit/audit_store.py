"""The last audit of a dataset, stored in its folder of the catalogue."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.datasets.audit.problem import Problem, ProblemKind
from core.domain.errors import UnknownDataset, UnreadableDataset
from core.domain.plain_values import parse_json
from core.storage.atomic import atomic_folder, clear_unfinished
from core.storage.corrupt_data import DAMAGED_CONTENT, short_message
from core.storage.file_lock import file_lock

FOLDER = "audit"
VERSION = 1
_ABOUT, _COLUMNS = "audit.json", "problems.npz"
_NAMES = ("scores", "flagged", "partners", "suggested")


@dataclass(frozen=True, eq=False)
class Audit:
    """Results of an audit.

    Attributes:
        order_hash: of the audited pictures; other pictures, or another order, make it stale.
        made_at: UTC, ISO 8601.
        model: that checked the labels; empty if none could.
        problems: one of each kind checked; their rows are the dataset's pictures.
        notes: sentences for the user, such as checks that were skipped.
    """

    order_hash: str
    made_at: str
    model: str
    problems: tuple[Problem, ...]
    notes: tuple[str, ...] = ()

    @property
    def all_notes(self) -> tuple[str, ...]:
        """The notes of the audit and of its problems."""
        return (*self.notes, *(one.note for one in self.problems if one.note))

    def of(self, kind: ProblemKind) -> Problem | None:
        """The problem of one kind; None if it was not checked."""
        return next((one for one in self.problems if one.kind is kind), None)


def write_columns(path: Path, problems: tuple[Problem, ...]) -> None:
    """Write all arrays to one `.npz`."""
    columns: dict[str, Any] = {
        f"{one.kind}.{name}": getattr(one, name) for one in problems for name in _NAMES
    }
    np.savez_compressed(path, **columns)


def problem_descriptions(problems: tuple[Problem, ...]) -> list[dict[str, str]]:
    """Kind, sentence and note of each problem, stored beside the arrays."""
    return [
        {"kind": one.kind.value, "sentence": one.sentence, "note": one.note} for one in problems
    ]


def read_problems(path: Path, descriptions: list[dict[str, str]]) -> tuple[Problem, ...]:
    """The inverse of `write_columns` and `problem_descriptions`.

    Raises:
        One of `DAMAGED_CONTENT`: the file is damaged, or they do not fit.
    """
    # Opened here: numpy would leave a damaged file open.
    with path.open("rb") as file, np.load(file) as columns:
        problems = tuple(
            Problem(
                kind=ProblemKind(one["kind"]),
                sentence=str(one["sentence"]),
                note=str(one.get("note", "")),  # audits of earlier versions have it in their notes
                **{name: columns[f"{one['kind']}.{name}"] for name in _NAMES},
            )
            for one in descriptions
        )
    if len({len(problem.scores) for problem in problems}) > 1:
        raise ValueError("the problems are of different numbers of pictures")
    return problems


def save_audit(folder: Path, audit: Audit) -> None:
    """Save an audit in a dataset's folder of the catalogue, replacing the earlier one.

    Raises:
        UnknownDataset: the folder does not exist any more.
        OSError: it cannot be written; the earlier one stays.
    """
    about = {"version": VERSION, "order_hash": audit.order_hash, "model": audit.model}
    about |= {"made_at": audit.made_at, "notes": list(audit.notes)}
    about["problems"] = problem_descriptions(audit.problems)
    target = folder / FOLDER
    try:
        with file_lock(target):
            clear_unfinished(target)
            with atomic_folder(target, replaces=True) as temporary:
                write_columns(temporary / _COLUMNS, audit.problems)
                (temporary / _ABOUT).write_text(json.dumps(about, indent=1), encoding="utf-8")
    except FileNotFoundError as error:
        raise UnknownDataset(
            f"{folder.name} was removed during the audit.",
            advice="Add the dataset again, then audit it.",
        ) from error


def load_audit(folder: Path) -> Audit | None:
    """The audit in a dataset's folder; None if there was none.

    Raises:
        UnreadableDataset: it is damaged.
    """
    try:
        about = parse_json((folder / FOLDER / _ABOUT).read_text(encoding="utf-8"))
        problems = read_problems(folder / FOLDER / _COLUMNS, about["problems"])
        return Audit(
            order_hash=about["order_hash"],
            made_at=about["made_at"],
            model=about["model"],
            problems=problems,
            notes=tuple(about["notes"]),
        )
    except FileNotFoundError:
        return None
    except DAMAGED_CONTENT as error:
        raise UnreadableDataset(
            f"The audit of {folder.name} is damaged: {short_message(error)}.",
            advice="Audit the dataset again.",
        ) from error
