"""The robustness job: measures an evaluated model on corrupted pictures, by quality and by group.

It stores metrics only: no picture, and no row of a table of groups.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.domain import DataReady, Interval, LogMessage
from core.domain.counted import counted
from core.domain.errors import AssetError, MediaError, UnreadableDataset
from core.domain.progress import ProgressCallback
from core.evaluation.evaluator.reopen import (
    ReopenedEvaluation,
    at_model_size,
    ensemble_of,
    expect_same_model,
    reopen_evaluation,
)
from core.evaluation.metrics.split_report import ScoredLabels
from core.evaluation.predictions.evaluation_files import GROUPS_FILE, ROBUSTNESS_FILE
from core.evaluation.predictions.evaluation_store import add_parts, load_evaluation
from core.evaluation.robustness import accuracy_by_quality, measure
from core.evaluation.robustness.accuracy_by_quality import AccuracyByQuality, measure_quality
from core.evaluation.robustness.detection_rate import DetectionReport, measure_detection
from core.evaluation.robustness.frame_faces import gather_faces, media_under
from core.evaluation.robustness.measure import CorruptionEvaluator, mean_over_corruptions, point_of
from core.evaluation.robustness.plan import RobustnessPlan
from core.evaluation.robustness.presentation import (
    drop_sentence,
    few_pictures_warning,
    robustness_summary,
)
from core.evaluation.robustness.report import CorruptionCurve, CorruptionPoint, RobustnessReport
from core.evaluation.subgroups.declaration import GroupTable, read_group_table
from core.evaluation.subgroups.measure import groups_of
from core.evaluation.subgroups.presentation import groups_words
from core.evaluation.subgroups.report import GroupsReport, write_groups
from core.jobs import JobContext, ProgressReporter
from core.models import load_card, load_predictor
from core.settings import Settings
from core.vision import DETECTOR, LANDMARKER, ModelRecognizer, build_still_analyser, path_of
from core.vision.faces import read_poses

FRAMES_EVERY_S = 2.0
"""Between two frames of a video: faces of neighbouring frames are alike."""

_PARTS = 3


@dataclass(frozen=True, eq=False)
class _CorruptionResults:
    """Results on corrupted pictures.

    Attributes:
        clean: metrics on the original pictures.
        right: bool `(n,)`: which of them are classified correctly.
        curves: one for each corruption.
        mean: accuracy over all of them.
    """

    clean: CorruptionPoint
    right: NDArray[np.bool_]
    curves: tuple[CorruptionCurve, ...]
    mean: Interval


def run(plan_read: Mapping[str, Any], context: JobContext) -> dict[str, str]:
    """Measure the robustness of one model.

    Returns:
        `model` and `evaluation`: names of the evaluation that holds the results.
    Raises:
        RunCancelled: the run was cancelled; nothing is stored.
        MienError: the plan, the model, the pictures or a file do not allow it.
    """
    plan = RobustnessPlan.from_json(plan_read)
    settings, reporter = context.settings, ProgressReporter(context, _PARTS)
    evaluation = load_evaluation(settings.models_dir, plan.model, plan.evaluation)
    reopened = reopen_evaluation(evaluation, plan.split, settings)
    # Paths are checked first, before the measurements, which take minutes.
    files = media_under(Path(plan.frames)) if plan.frames else []
    groups = _groups(plan, reopened)
    chosen = reopened.sample(plan.pictures, seed=plan.seed)
    context.journal.append(DataReady({reopened.split: len(chosen)}))
    results = _corruption_results(plan, reopened, chosen, (reporter, context))
    by_quality, quality_notes = _by_quality(plan, reopened, chosen, results, (reporter, context))
    detection, detection_notes = _detection(plan, files, (reporter, context))
    report = RobustnessReport(
        split=reopened.split,
        pictures=len(chosen),
        judged=len(reopened.answers.labels),
        seed=plan.seed,
        made_at=context.clock().isoformat(timespec="seconds"),
        clean=results.clean,
        curves=results.curves,
        mean=results.mean,
        natural=by_quality,
        finding=detection,
        notes=(*_notes(plan, reopened, chosen), *quality_notes, *detection_notes),
    )
    parts = {ROBUSTNESS_FILE: report.to_bytes()}
    if groups:
        parts[GROUPS_FILE] = write_groups(groups)
    add_parts(settings.models_dir, evaluation, parts)
    _log_results(report, groups, context)
    return {"model": plan.model, "evaluation": plan.evaluation}


def _groups(plan: RobustnessPlan, reopened: ReopenedEvaluation) -> list[GroupsReport]:
    return groups_of(reopened, table=_group_table(plan) if plan.groups else None, level=plan.folder)


def _group_table(plan: RobustnessPlan) -> GroupTable:
    path = Path(plan.groups)
    try:
        return read_group_table(path.read_bytes())
    except OSError as error:
        raise UnreadableDataset(
            f"{path.name} cannot be read: {error.strerror}.", advice="Check the path of the table."
        ) from error


def _corruption_results(
    plan: RobustnessPlan,
    reopened: ReopenedEvaluation,
    chosen: NDArray[np.int64],
    where: tuple[ProgressReporter, JobContext],
) -> _CorruptionResults:
    reporter, context = where
    evaluation = reopened.evaluation
    ensemble = ensemble_of(evaluation, context.settings, threads=plan.threads)
    evaluator = CorruptionEvaluator(
        predict=ensemble.logits,
        pixels=at_model_size(reopened.found.pixels(chosen), ensemble),
        truth=reopened.answers.labels[chosen],
        temperature=evaluation.temperature,
        not_sure_below=evaluation.not_sure_below,
        seed=plan.seed,
    )
    on_progress = reporter.part(1, f"Running {plan.model} on {len(plan.chosen)} corruptions")
    total = (1 + sum(len(one.amounts) for one in plan.chosen)) * len(chosen)
    progress = _Progress(on_progress, total, len(chosen))
    clean = evaluator.evaluate(None, 0, progress)
    expect_same_model(clean.predicted, reopened, chosen)
    curves, right = [], {}
    for corruption in plan.chosen:
        scored: list[ScoredLabels] = []
        for level in range(1, len(corruption.amounts) + 1):
            progress.next_part()
            scored.append(evaluator.evaluate(corruption, level, progress))
        points = tuple(point_of(at, one, clean) for at, one in enumerate(scored, start=1))
        curves.append(CorruptionCurve(corruption.name, corruption.amounts, points))
        right[corruption.name] = [one.right for one in scored]
    return _CorruptionResults(
        clean=point_of(0, clean, clean),
        right=clean.right,
        curves=measure.corrected(curves),
        mean=mean_over_corruptions(right),
    )


class _Progress:
    """Progress over all levels, from the progress of each.

    Args:
        on_progress: gets how many predictions of how many are done.
        total: predictions at all levels.
        each: predictions at one level.
    """

    def __init__(self, on_progress: ProgressCallback, total: int, each: int) -> None:
        self._on_progress, self._total, self._each = on_progress, total, each
        self._before = 0

    def next_part(self) -> None:
        """Start the next level."""
        self._before += self._each

    def __call__(self, done: int, _: int) -> None:
        self._on_progress(self._before + done, self._total)


def _by_quality(
    plan: RobustnessPlan,
    reopened: ReopenedEvaluation,
    chosen: NDArray[np.int64],
    results: _CorruptionResults,
    where: tuple[ProgressReporter, JobContext],
) -> tuple[tuple[AccuracyByQuality, ...], tuple[str, ...]]:
    reporter, context = where
    on_progress, notes = reporter.part(2, "Measuring brightness, sharpness and head pose"), []
    pixels = reopened.found.pixels(chosen)
    found = accuracy_by_quality.by_pixels(measure_quality(pixels), results.right)
    if plan.poses:
        try:
            asset = path_of(context.settings.assets_dir, LANDMARKER)
        except AssetError as error:
            notes.append(f"Head pose was not measured: {error}")
        else:
            poses = read_poses(pixels, asset, on_progress=on_progress)
            found += accuracy_by_quality.by_pose(poses, results.right)
    return accuracy_by_quality.corrected(found), tuple(notes)


def _detection(
    plan: RobustnessPlan, files: list[Path], where: tuple[ProgressReporter, JobContext]
) -> tuple[DetectionReport | None, tuple[str, ...]]:
    """Results of face detection, or None with a note where it failed: the rest is stored anyway."""
    reporter, context = where
    on_progress = reporter.part(3, "Detecting faces in frames" if files else "Writing")
    if not files:
        return None, ()
    try:
        return _measure_detection(files, plan, context.settings, on_progress), ()
    except (AssetError, MediaError) as error:
        return None, (f"Face detection was not measured: {error}",)


def _measure_detection(
    files: list[Path], plan: RobustnessPlan, settings: Settings, on_progress: ProgressCallback
) -> DetectionReport:
    card = load_card(settings.models_dir, plan.model)
    analyser = build_still_analyser(
        path_of(settings.assets_dir, LANDMARKER),
        path_of(settings.assets_dir, DETECTOR),
        ModelRecognizer(load_predictor(settings.models_dir, card)),
    )
    try:
        gathered = gather_faces(files, analyser, most=plan.faces, every_s=FRAMES_EVERY_S)
        return measure_detection(
            gathered, plan.chosen, analyser, seed=plan.seed, on_progress=on_progress
        )
    finally:
        analyser.close()


def _notes(
    plan: RobustnessPlan, reopened: ReopenedEvaluation, chosen: NDArray[np.int64]
) -> tuple[str, ...]:
    notes = []
    missing = int((~reopened.found.here).sum())
    if missing:
        notes.append(f"{missing:,} of the evaluated pictures are not on this machine.")
    if len(chosen) < len(reopened.usable):
        notes.append(
            f"{len(chosen):,} of {counted(len(reopened.usable), 'picture')} of {reopened.split} "
            f"were sampled at random (seed {plan.seed})."
        )
    warning = few_pictures_warning(len(chosen))
    return (*notes, warning) if warning else tuple(notes)


def _log_results(report: RobustnessReport, groups: list[GroupsReport], context: JobContext) -> None:
    sentences = [
        robustness_summary(report),
        *(drop_sentence(one, report.clean) for one in report.curves),
    ]
    sentences += [f"{one.title}: {groups_words(one)}" for one in groups]
    for sentence in (*sentences, *report.notes):
        context.journal.append(LogMessage(sentence))
