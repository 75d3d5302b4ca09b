"""The audit job: a dataset in, everything that may be wrong with it out, part by part.

Each part's answer is kept in the run's folder, so a run that was stopped or lost goes on with the
part it was at.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.datasets.audit.audit_store import (
    Audit,
    problem_words,
    read_problems,
    save_audit,
    write_columns,
)
from core.datasets.audit.duplicates import find_exact_duplicates, find_near_duplicates
from core.datasets.audit.face_problems import find_face_problems
from core.datasets.audit.label_noise import find_disputed, find_label_errors
from core.datasets.audit.picture_quality import find_quality_problems, measure_pictures
from core.datasets.audit.problem import Problem
from core.datasets.catalogue.catalogue import entry, open_entry
from core.datasets.labels.ferplus_votes import votes_for
from core.datasets.plans import AuditPlan
from core.datasets.readers.batches import ProgressCallback
from core.domain import DataReady, Dataset, LogMessage
from core.domain.dataset import order_hash
from core.domain.errors import AssetError, ModelError, UnreadableDataset
from core.jobs import JobContext, ProgressReporter
from core.storage.atomic import write_atomic
from core.storage.corrupt_data import DAMAGED_CONTENT
from core.storage.settings import Settings
from core.vision import DETECTOR, path_of
from core.vision.faces import find_faces
from core.vision.recognition import label_noise_model, predict_dataset

Problems = tuple[Problem, ...]


@dataclass(frozen=True, eq=False)
class Case:
    """What every part of an audit looks at.

    Attributes:
        dataset: as published, before any correction.
        plan: what was asked.
        settings: folders of this installation.
    """

    dataset: Dataset
    plan: AuditPlan
    settings: Settings


@dataclass(frozen=True, eq=False)
class Found:
    """The answer of one part.

    Attributes:
        problems: one of each kind looked for.
        notes: what a user should know about it.
        model: that was asked; empty if none was.
    """

    problems: Problems
    notes: tuple[str, ...] = ()
    model: str = ""


def run(plan_read: Mapping[str, Any], place: JobContext) -> dict[str, str]:
    """Audit one dataset.

    Returns:
        `dataset`: its name, and `problems`: how many pictures are flagged.
    Raises:
        RunCancelled: somebody asked to stop; the finished parts are kept.
        MienError: the dataset cannot be opened.
    """
    plan = AuditPlan.from_json(plan_read)
    settings = place.settings
    dataset = open_entry(settings.datasets_dir, plan.dataset, settings.datasets_cache_dir)
    place.journal.append(DataReady(dataset.sizes))
    case, teller = Case(dataset, plan, settings), ProgressReporter(place, len(PARTS))
    found = []
    for number, (name, (title, look)) in enumerate(PARTS.items(), start=1):
        kept = place.folder / "checkpoint" / name
        answer = _kept(kept, dataset)
        if answer is None:
            answer = look(case, teller.part(number, title))
            _keep(kept, answer, dataset)
        found.append(answer)
        for note in answer.notes:
            place.journal.append(LogMessage(note))
    audit = Audit(
        order_hash=order_hash(dataset.pictures),
        made_at=place.clock().isoformat(timespec="seconds"),
        model=next((one.model for one in found if one.model), ""),
        problems=tuple(problem for one in found for problem in one.problems),
        notes=tuple(note for one in found for note in one.notes),
    )
    save_audit(settings.datasets_dir / plan.dataset, audit)
    flagged = np.logical_or.reduce([problem.flagged for problem in audit.problems])
    return {"dataset": plan.dataset, "problems": str(int(flagged.sum()))}


def _look_at_pixels(case: Case, tell: ProgressCallback) -> Found:
    return Found(find_quality_problems(measure_pictures(case.dataset.pictures.pixels, tell=tell)))


def _look_for_repeats(case: Case, tell: ProgressCallback) -> Found:
    pixels = case.dataset.pictures.pixels
    exact = find_exact_duplicates(pixels)
    return Found((exact, find_near_duplicates(pixels, exact, tell=tell)))


def _look_for_faces(case: Case, tell: ProgressCallback) -> Found:
    pixels = case.dataset.pictures.pixels
    try:
        detector = path_of(case.settings.assets_dir, DETECTOR)
    except AssetError as error:
        return Found((), (f"Face detection was skipped: {error}",))
    places = find_faces(
        pixels, detector, threads=case.plan.threads, tell=lambda done: tell(done, len(pixels))
    )
    return Found(find_face_problems(places))


def _look_at_labels(case: Case, tell: ProgressCallback) -> Found:
    try:
        judge = label_noise_model(case.dataset, case.settings, case.plan.model)
    except ModelError as error:
        return Found((), (f"Label noise was not checked: {error}",))
    dataset = case.dataset
    if judge.card.scheme != dataset.scheme:
        names = f"{judge.card.name} names {', '.join(judge.card.scheme.labels)}"
        return Found((), (f"Label noise was not checked: {names}; the dataset has other classes.",))
    try:
        judged = predict_dataset(dataset, judge, case.settings, tell)
    except ModelError as error:
        return Found((), (f"Label noise was not checked: {error}",))
    problem = find_label_errors(judged.scores, dataset.pictures.labels)
    return Found((problem,), (judged.note,), judge.card.name)


def _look_at_votes(case: Case, tell: ProgressCallback) -> Found:
    source = entry(case.settings.datasets_dir, case.plan.dataset).source
    tell(0, 1)
    try:
        votes = votes_for(case.dataset, source, case.plan.votes)
    except UnreadableDataset as error:
        return Found((), (f"FER+ votes were not used: {error}",))
    if votes is None:
        return Found(())
    return Found((find_disputed(votes.counts, votes.others, case.dataset.pictures.labels),))


PARTS: Mapping[str, tuple[str, Callable[[Case, ProgressCallback], Found]]] = {
    "pixels": ("Picture quality", _look_at_pixels),
    "repeats": ("Duplicates", _look_for_repeats),
    "faces": ("Face detection", _look_for_faces),
    "labels": ("Label noise", _look_at_labels),
    "votes": ("FER+ votes", _look_at_votes),
}
"""Name in the checkpoint -> words, and what looks."""


def _keep(folder: Path, answer: Found, dataset: Dataset) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    write_columns(folder / "columns.npz", answer.problems)
    about = {
        "order_hash": order_hash(dataset.pictures),
        "problems": problem_words(answer.problems),
        "notes": list(answer.notes),
        "model": answer.model,
    }
    # Written last: without it the part counts as not done.
    write_atomic(folder / "about.json", json.dumps(about))


def _kept(folder: Path, dataset: Dataset) -> Found | None:
    """A part's earlier answer; None if there is none, or it is of other pictures."""
    try:
        about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
        problems = read_problems(folder / "columns.npz", about["problems"])
        answer = Found(problems, tuple(about["notes"]), str(about["model"]))
        same = about["order_hash"] == order_hash(dataset.pictures)
    except DAMAGED_CONTENT:
        return None
    fits = all(len(problem.scores) == len(dataset) for problem in problems)
    return answer if same and fits else None
