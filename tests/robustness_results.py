"""Synthetic faces evaluated with the shipped model, and robustness results made by hand."""

from __future__ import annotations

import shutil

import numpy as np
from numpy.typing import NDArray

from core.datasets import DatasetSource
from core.datasets.catalogue.catalogue import add
from core.datasets.readers.demo import write_demo
from core.domain import UNLABELLED
from core.domain.intervals import share_interval
from core.evaluation.metrics.significance import paired_difference
from core.evaluation.metrics.split_report import ScoredLabels
from core.evaluation.predictions.evaluation import Evaluation
from core.evaluation.predictions.predictions import predictions_by_split
from core.evaluation.robustness.accuracy_by_quality import AccuracyByQuality, QualityBin
from core.evaluation.robustness.corruptions import CORRUPTIONS
from core.evaluation.robustness.detection_rate import (
    DetectionCurve,
    DetectionPoint,
    DetectionReport,
)
from core.evaluation.robustness.measure import corrected, mean_over_corruptions, point_of
from core.evaluation.robustness.report import CorruptionCurve, RobustnessReport
from core.evaluation.subgroups.declaration import DeclaredGroups
from core.evaluation.subgroups.report import GroupsReport, measure_groups
from core.models import load_card, load_predictor
from core.settings import PROJECT_DIR, Settings
from tests.evaluations_on_disk import EVALUATED_AT, put_evaluation

SPLIT = "PrivateTest"
MODEL = "compact-1"


def put_evaluated(settings: Settings, *, unlabelled: bool = False) -> Evaluation:
    """The shipped model, the drawn demo faces in the catalogue, and what it says of 56 of them."""
    settings.models_dir.mkdir(parents=True, exist_ok=True)
    source = PROJECT_DIR / "models" / MODEL
    shutil.copytree(
        source,
        settings.models_dir / MODEL,
        dirs_exist_ok=True,
        ignore=shutil.ignore_patterns("evaluations"),
    )
    path = write_demo(settings.data_dir / "demo", np.random.default_rng(7))
    dataset = add(
        settings.datasets_dir, "drawn", DatasetSource(str(path)), settings.datasets_cache_dir
    )
    card = load_card(settings.models_dir, MODEL)
    model = load_predictor(settings.models_dir, card)
    answers = predictions_by_split(dataset, {SPLIT: model.logits(dataset[SPLIT].pixels)})
    if unlabelled:
        answers[SPLIT].labels[:] = UNLABELLED
    return put_evaluation(settings.models_dir, card, answers, slug="drawn")


def make_scored_labels(
    right: NDArray[np.bool_], *, sure: float = 0.8, not_sure_below: float = 0.5
) -> ScoredLabels:
    """A model that classifies these pictures correctly, each with the same top score."""
    count = len(right)
    truth = np.arange(count) % 7
    predicted = np.where(right, truth, (truth + 1) % 7)
    scores = np.full((count, 7), (1 - sure) / 6)
    scores[np.arange(count), predicted] = sure
    return ScoredLabels(scores, truth, not_sure_below)


def first_right(count: int, hits: int) -> NDArray[np.bool_]:
    """So many of the first pictures right, the others wrong."""
    return np.arange(count) < hits


def make_robustness(*, pictures: int = 500, finding: bool = False) -> RobustnessReport:
    """Accuracy drops with blur from its second level on, and not with noise."""
    clean = make_scored_labels(first_right(pictures, round(pictures * 0.7)))
    falls = {"blur": (0.69, 0.55, 0.5, 0.45, 0.4, 0.3), "noise": (0.7,) * 6}
    curves, right = [], {}
    for name, shares in falls.items():
        heard = [make_scored_labels(first_right(pictures, round(pictures * one))) for one in shares]
        points = tuple(point_of(at, one, clean) for at, one in enumerate(heard, start=1))
        curves.append(CorruptionCurve(name, CORRUPTIONS[name].amounts, points))
        right[name] = [one.right for one in heard]
    return RobustnessReport(
        split=SPLIT,
        pictures=pictures,
        judged=pictures + 10,
        seed=7,
        made_at=EVALUATED_AT,
        clean=point_of(0, clean, clean),
        curves=corrected(curves),
        mean=mean_over_corruptions(right),
        natural=make_accuracy_by_quality(),
        finding=make_detection() if finding else None,
        notes=("So many were drawn by chance.",),
    )


def make_accuracy_by_quality() -> tuple[AccuracyByQuality, ...]:
    """Accuracy is lower on dark pictures; the head pose of ten could not be measured."""
    bins = tuple(
        QualityBin(low, high, 100, share_interval(hits, 100))
        for low, high, hits in ((None, 0.4, 50), (0.4, 0.6, 70), (0.6, None, 80))
    )
    alike = tuple(
        QualityBin(low, high, 100, share_interval(70, 100))
        for low, high in ((None, 10.0), (10.0, None))
    )
    return (
        AccuracyByQuality("brightness", bins, 0, None, p=0.0004),
        AccuracyByQuality("yaw", alike, 10, share_interval(4, 10), p=0.8),
    )


def make_detection(*, faces: int = 40) -> DetectionReport:
    """Detection in the dark: all faces are detected, at the last level none is usable."""
    every = np.ones(faces, dtype=np.bool_)
    points = []
    for level, share in enumerate((1.0, 0.9, 0.5, 0.1, 0.0), start=1):
        usable = first_right(faces, round(faces * share))
        count = int(usable.sum())
        points.append(
            DetectionPoint(
                level=level,
                found=share_interval(faces, faces),
                usable=share_interval(count, faces),
                same_label=share_interval(count, count) if count else None,
                fewer=paired_difference(usable, every),
            )
        )
    curve = DetectionCurve("darker", CORRUPTIONS["darker"].amounts, tuple(points))
    return DetectionReport(faces=faces, files=5, too_small=3, face_px=120, curves=(curve,))


def make_groups(hits: dict[str, tuple[int, int]], *, title: str = "site") -> GroupsReport:
    """Groups with so many right of so many."""
    right = np.concatenate([first_right(of, right) for right, of in hits.values()])
    of = np.repeat(list(hits), [count for _, count in hits.values()])
    return measure_groups(
        DeclaredGroups(title, of),
        make_scored_labels(right),
        split=SPLIT,
        subjects=[""] * len(right),
    )
