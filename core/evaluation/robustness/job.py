"""The job that tries a model under conditions: an evaluation in, curves and groups beside it out.

What it leaves are figures; no picture, and of a table of groups no single row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.datasets.readers import ProgressCallback
from core.domain import DataReady, Interval, LogMessage
from core.domain.counted import counted
from core.domain.errors import AssetError, MediaError, UnreadableDataset
from core.evaluation.evaluator.reopen import (
    ReopenedEvaluation,
    at_model_size,
    ensemble_of,
    expect_same_model,
    reopen_evaluation,
)
from core.evaluation.metrics.scoring import ScoredLabels
from core.evaluation.predictions.evaluation_files import GROUPS_FILE, ROBUSTNESS_FILE
from core.evaluation.predictions.evaluation_store import add_parts, load_evaluation
from core.evaluation.robustness import accuracy_by_quality, measure
from core.evaluation.robustness.accuracy_by_quality import AccuracyByQuality, measure_quality
from core.evaluation.robustness.detection_rate import DetectionReport, measure_detection
from core.evaluation.robustness.frame_faces import gather_faces, media_under
from core.evaluation.robustness.measure import CorruptedPredictions, mean_over_corruptions, point_of
from core.evaluation.robustness.plan import RobustnessPlan
from core.evaluation.robustness.presentation import conclusion_of, few_pictures_warning, summary_of
from core.evaluation.robustness.report import CorruptionCurve, CorruptionPoint, RobustnessReport
from core.evaluation.subgroups.declaration import GroupTable, read_group_table
from core.evaluation.subgroups.measure import groups_of
from core.evaluation.subgroups.presentation import groups_words
from core.evaluation.subgroups.report import GroupsReport, write_groups
from core.jobs import JobContext, ProgressReporter
from core.models import load_card, load_predictor
from core.storage.settings import Settings
from core.vision import DETECTOR, LANDMARKER, ModelRecognizer, build_still_analyser, path_of
from core.vision.faces import read_poses

FRAMES_EVERY_S = 2.0
"""Between two frames of a video: a face that was seen a moment ago says nothing new."""

_PARTS = 3


@dataclass(frozen=True, eq=False)
class _Tried:
    """What the applied conditions gave.

    Attributes:
        clean: the pictures as they are.
        right: bool `(n,)`: which of them were named right.
        curves: one for each condition.
        mean: over all of them.
    """

    clean: CorruptionPoint
    right: NDArray[np.bool_]
    curves: tuple[CorruptionCurve, ...]
    mean: Interval


def run(plan_read: Mapping[str, Any], place: JobContext) -> dict[str, str]:
    """Try one model under conditions.

    Returns:
        `model` and `evaluation`: where the parts were put.
    Raises:
        RunCancelled: somebody asked to stop; nothing is kept.
        MienError: the plan, the model, the pictures or a file do not allow it.
    """
    plan = RobustnessPlan.from_json(plan_read)
    settings, teller = place.settings, ProgressReporter(place, _PARTS)
    evaluation = load_evaluation(settings.models_dir, plan.model, plan.evaluation)
    again = reopen_evaluation(evaluation, plan.split, settings)
    # What a person typed is looked at first: nobody waits a minute for a wrong path.
    files = media_under(Path(plan.frames)) if plan.frames else []
    groups = _groups(plan, again)
    chosen = again.sample(plan.pictures, seed=plan.seed)
    place.journal.append(DataReady({again.split: len(chosen)}))
    tried = _tried(plan, again, chosen, (teller, place))
    natural, notes = _natural(plan, again, chosen, tried, (teller, place))
    finding, more = _finding(plan, files, (teller, place))
    report = RobustnessReport(
        split=again.split,
        pictures=len(chosen),
        judged=len(again.answers.labels),
        seed=plan.seed,
        made_at=place.clock().isoformat(timespec="seconds"),
        clean=tried.clean,
        curves=tried.curves,
        mean=tried.mean,
        natural=natural,
        finding=finding,
        notes=(*_notes(plan, again, chosen), *notes, *more),
    )
    parts = {ROBUSTNESS_FILE: report.to_bytes()}
    if groups:
        parts[GROUPS_FILE] = write_groups(groups)
    add_parts(settings.models_dir, evaluation, parts)
    _tell(report, groups, place)
    return {"model": plan.model, "evaluation": plan.evaluation}


def _groups(plan: RobustnessPlan, again: ReopenedEvaluation) -> list[GroupsReport]:
    return groups_of(again, table=_table(plan) if plan.groups else None, level=plan.folder)


def _table(plan: RobustnessPlan) -> GroupTable:
    path = Path(plan.groups)
    try:
        return read_group_table(path.read_bytes())
    except OSError as error:
        raise UnreadableDataset(
            f"{path.name} cannot be read: {error.strerror}.", advice="Check the path of the table."
        ) from error


def _tried(
    plan: RobustnessPlan,
    again: ReopenedEvaluation,
    chosen: NDArray[np.int64],
    where: tuple[ProgressReporter, JobContext],
) -> _Tried:
    teller, place = where
    evaluation = again.evaluation
    panel = ensemble_of(evaluation, place.settings, threads=plan.threads)
    questions = CorruptedPredictions(
        ask=panel.logits,
        pixels=at_model_size(again.found.pixels(chosen), panel),
        truth=again.answers.labels[chosen],
        temperature=evaluation.temperature,
        not_sure_below=evaluation.not_sure_below,
        seed=plan.seed,
    )
    tell = teller.part(1, f"Running {plan.model} on {len(plan.chosen)} corruptions")
    total = (1 + sum(len(one.amounts) for one in plan.chosen)) * len(chosen)
    progress = _Progress(tell, total, len(chosen))
    clean = questions.heard(None, 0, progress)
    expect_same_model(clean.label, again, chosen)
    curves, right = [], {}
    for corruption in plan.chosen:
        heard: list[ScoredLabels] = []
        for level in range(1, len(corruption.amounts) + 1):
            progress.next_part()
            heard.append(questions.heard(corruption, level, progress))
        points = tuple(point_of(at, one, clean) for at, one in enumerate(heard, start=1))
        curves.append(CorruptionCurve(corruption.name, corruption.amounts, points))
        right[corruption.name] = [one.right for one in heard]
    return _Tried(
        clean=point_of(0, clean, clean),
        right=clean.right,
        curves=measure.corrected(curves),
        mean=mean_over_corruptions(right),
    )


class _Progress:
    """Adds up what the levels tell.

    Args:
        tell: hears how much of everything is done.
        total: everything.
        each: one level.
    """

    def __init__(self, tell: ProgressCallback, total: int, each: int) -> None:
        self._tell, self._total, self._each = tell, total, each
        self._before = 0

    def next_part(self) -> None:
        """The next level begins."""
        self._before += self._each

    def __call__(self, done: int, _: int) -> None:
        self._tell(self._before + done, self._total)


def _natural(
    plan: RobustnessPlan,
    again: ReopenedEvaluation,
    chosen: NDArray[np.int64],
    tried: _Tried,
    where: tuple[ProgressReporter, JobContext],
) -> tuple[tuple[AccuracyByQuality, ...], tuple[str, ...]]:
    teller, place = where
    tell, notes = teller.part(2, "Measuring brightness, sharpness and head pose"), []
    pixels = again.found.pixels(chosen)
    found = accuracy_by_quality.by_light(measure_quality(pixels), tried.right)
    if plan.poses:
        try:
            asset = path_of(place.settings.assets_dir, LANDMARKER)
        except AssetError as error:
            notes.append(f"Head pose was not measured: {error}")
        else:
            poses = read_poses(pixels, asset, tell=tell)
            found += accuracy_by_quality.by_pose(poses, tried.right)
    return accuracy_by_quality.corrected(found), tuple(notes)


def _finding(
    plan: RobustnessPlan, files: list[Path], where: tuple[ProgressReporter, JobContext]
) -> tuple[DetectionReport | None, tuple[str, ...]]:
    """What frames say, and a sentence where they say nothing: the rest took minutes, and stays."""
    teller, place = where
    tell = teller.part(3, "Detecting faces in frames" if files else "Writing")
    if not files:
        return None, ()
    try:
        return _found_in(files, plan, place.settings, tell), ()
    except (AssetError, MediaError) as error:
        return None, (f"Face detection was not measured: {error}",)


def _found_in(
    files: list[Path], plan: RobustnessPlan, settings: Settings, tell: ProgressCallback
) -> DetectionReport:
    card = load_card(settings.models_dir, plan.model)
    analyser = build_still_analyser(
        path_of(settings.assets_dir, LANDMARKER),
        path_of(settings.assets_dir, DETECTOR),
        ModelRecognizer(load_predictor(settings.models_dir, card)),
    )
    try:
        gathered = gather_faces(files, analyser, most=plan.faces, every_s=FRAMES_EVERY_S)
        return measure_detection(gathered, plan.chosen, analyser, seed=plan.seed, tell=tell)
    finally:
        analyser.close()


def _notes(
    plan: RobustnessPlan, again: ReopenedEvaluation, chosen: NDArray[np.int64]
) -> tuple[str, ...]:
    notes = []
    missing = int((~again.found.here).sum())
    if missing:
        notes.append(f"{missing:,} of the evaluated pictures are not on this machine.")
    if len(chosen) < len(again.usable):
        notes.append(
            f"{len(chosen):,} of {counted(len(again.usable), 'picture')} of {again.split} were "
            f"sampled at random (seed {plan.seed})."
        )
    warning = few_pictures_warning(len(chosen))
    return (*notes, warning) if warning else tuple(notes)


def _tell(report: RobustnessReport, groups: list[GroupsReport], place: JobContext) -> None:
    sentences = [summary_of(report), *(conclusion_of(one, report.clean) for one in report.curves)]
    sentences += [f"{one.title}: {groups_words(one)}" for one in groups]
    for sentence in (*sentences, *report.notes):
        place.journal.append(LogMessage(sentence))
