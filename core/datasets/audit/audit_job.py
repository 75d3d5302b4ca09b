"""The audit job: checks a dataset for every kind of problem, part by part.

The result of each part is saved in the run's folder, so a cancelled or lost run resumes at the
first unfinished part.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from core.datasets.audit.audit_store import (
    Audit,
    problem_descriptions,
    read_problems,
    save_audit,
    write_columns,
)
from core.datasets.audit.duplicates import find_exact_duplicates, find_near_duplicates
from core.datasets.audit.face_problems import find_face_problems
from core.datasets.audit.label_noise import find_disputed, find_label_errors
from core.datasets.audit.picture_quality import find_quality_problems, measure_pictures
from core.datasets.audit.plan import AuditPlan
from core.datasets.audit.problem import Problem
from core.datasets.catalogue.catalogue import entry, open_entry
from core.datasets.labels.ferplus_votes import votes_for
from core.domain import DataReady, Dataset, LogMessage
from core.domain.dataset import order_hash
from core.domain.errors import AssetError, ModelError, UnreadableDataset
from core.domain.plain_values import parse_json
from core.domain.progress import ProgressCallback
from core.jobs import JobContext, ProgressReporter
from core.settings import Settings
from core.storage.atomic import write_atomic
from core.storage.corrupt_data import DAMAGED_CONTENT
from core.vision import DETECTOR, path_of
from core.vision.faces import find_faces
from core.vision.recognition import label_noise_model, predict_dataset

Problems = tuple[Problem, ...]


@dataclass(frozen=True, eq=False)
class AuditInputs:
    """Inputs of every part of an audit.

    Attributes:
        dataset: as published, without corrections.
        plan: of the audit.
        settings: folders of this installation.
    """

    dataset: Dataset
    plan: AuditPlan
    settings: Settings


@dataclass(frozen=True, eq=False)
class PartResult:
    """Result of one part.

    Attributes:
        problems: one of each kind checked.
        notes: sentences for the user.
        model: name of the model that was used; empty if none.
    """

    problems: Problems
    notes: tuple[str, ...] = ()
    model: str = ""


def run(plan_read: Mapping[str, Any], context: JobContext) -> dict[str, str]:
    """Audit one dataset.

    Returns:
        `dataset`: its name, and `problems`: how many pictures are flagged.
    Raises:
        RunCancelled: the run was cancelled; the finished parts are kept.
        MienError: the dataset cannot be opened.
    """
    plan = AuditPlan.from_json(plan_read)
    settings = context.settings
    dataset = open_entry(settings.datasets_dir, plan.dataset, settings.datasets_cache_dir)
    context.journal.append(DataReady(dataset.sizes))
    inputs = AuditInputs(dataset, plan, settings)
    reporter = ProgressReporter(context, len(PARTS))
    results = []
    for number, (name, (title, check)) in enumerate(PARTS.items(), start=1):
        folder = context.folder / "checkpoint" / name
        result = _load_result(folder, dataset)
        if result is None:
            result = check(inputs, reporter.part(number, title))
            _save_result(folder, result, dataset)
        results.append(result)
        for note in (*result.notes, *(one.note for one in result.problems if one.note)):
            context.journal.append(LogMessage(note))
    audit = Audit(
        order_hash=order_hash(dataset.pictures),
        made_at=context.clock().isoformat(timespec="seconds"),
        model=next((one.model for one in results if one.model), ""),
        problems=tuple(problem for one in results for problem in one.problems),
        notes=tuple(note for one in results for note in one.notes),
    )
    save_audit(settings.datasets_dir / plan.dataset, audit)
    flagged = np.logical_or.reduce([problem.flagged for problem in audit.problems])
    return {"dataset": plan.dataset, "problems": str(int(flagged.sum()))}


def _check_quality(inputs: AuditInputs, on_progress: ProgressCallback) -> PartResult:
    return PartResult(
        find_quality_problems(
            measure_pictures(inputs.dataset.pictures.pixels, on_progress=on_progress)
        )
    )


def _find_duplicates(inputs: AuditInputs, on_progress: ProgressCallback) -> PartResult:
    pixels = inputs.dataset.pictures.pixels
    exact = find_exact_duplicates(pixels)
    return PartResult((exact, find_near_duplicates(pixels, exact, on_progress=on_progress)))


def _detect_faces(inputs: AuditInputs, on_progress: ProgressCallback) -> PartResult:
    pixels = inputs.dataset.pictures.pixels
    try:
        detector = path_of(inputs.settings.assets_dir, DETECTOR)
    except AssetError as error:
        return PartResult((), (f"Face detection was skipped: {error}",))
    face_places = find_faces(
        pixels,
        detector,
        threads=inputs.plan.threads,
        on_progress=lambda done: on_progress(done, len(pixels)),
    )
    return PartResult(find_face_problems(face_places))


def _check_labels(inputs: AuditInputs, on_progress: ProgressCallback) -> PartResult:
    try:
        model = label_noise_model(inputs.dataset, inputs.settings, inputs.plan.model)
    except ModelError as error:
        return PartResult((), (f"Label noise was not checked: {error}",))
    dataset = inputs.dataset
    if model.card.scheme != dataset.scheme:
        names = f"{model.card.name} names {', '.join(model.card.scheme.labels)}"
        return PartResult(
            (), (f"Label noise was not checked: {names}; the dataset has other classes.",)
        )
    try:
        predicted = predict_dataset(dataset, model, inputs.settings, on_progress)
    except ModelError as error:
        return PartResult((), (f"Label noise was not checked: {error}",))
    problem = find_label_errors(predicted.scores, dataset.pictures.labels)
    return PartResult((replace(problem, note=predicted.note),), model=model.card.name)


def _compare_votes(inputs: AuditInputs, on_progress: ProgressCallback) -> PartResult:
    source = entry(inputs.settings.datasets_dir, inputs.plan.dataset).source
    on_progress(0, 1)
    try:
        votes = votes_for(inputs.dataset, source, inputs.plan.votes)
    except UnreadableDataset as error:
        return PartResult((), (f"FER+ votes were not used: {error}",))
    if votes is None:
        return PartResult(())
    return PartResult((find_disputed(votes.counts, votes.others, inputs.dataset.pictures.labels),))


PARTS: Mapping[str, tuple[str, Callable[[AuditInputs, ProgressCallback], PartResult]]] = {
    "pixels": ("Picture quality", _check_quality),
    "repeats": ("Duplicates", _find_duplicates),
    "faces": ("Face detection", _detect_faces),
    "labels": ("Label noise", _check_labels),
    "votes": ("FER+ votes", _compare_votes),
}
"""Folder in the checkpoint -> title, and the function that checks."""


def _save_result(folder: Path, result: PartResult, dataset: Dataset) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    write_columns(folder / "columns.npz", result.problems)
    about = {
        "order_hash": order_hash(dataset.pictures),
        "problems": problem_descriptions(result.problems),
        "notes": list(result.notes),
        "model": result.model,
    }
    # Written last: without it the part counts as unfinished.
    write_atomic(folder / "about.json", json.dumps(about))


def _load_result(folder: Path, dataset: Dataset) -> PartResult | None:
    """A part's saved result; None if there is none, or it is of other pictures."""
    try:
        about = parse_json((folder / "about.json").read_text(encoding="utf-8"))
        problems = read_problems(folder / "columns.npz", about["problems"])
        result = PartResult(problems, tuple(about["notes"]), str(about["model"]))
        same = about["order_hash"] == order_hash(dataset.pictures)
    except DAMAGED_CONTENT:
        return None
    fits = all(len(problem.scores) == len(dataset) for problem in problems)
    return result if same and fits else None
