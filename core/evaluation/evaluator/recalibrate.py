"""Calibration of a registered model that was trained elsewhere."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.domain import UNLABELLED, Calibration, EvaluationReport, ModelCard, softmax
from core.domain.errors import DamagedModel, DatasetError, LabelSchemeMismatch
from core.evaluation.metrics.calibration import (
    TARGET_ACCURACY,
    fit_temperature,
    not_sure_threshold,
)
from core.evaluation.metrics.split_report import score_predictions
from core.evaluation.predictions.evaluation import Evaluation
from core.evaluation.predictions.evaluation_files import GROUPS_FILE, ROBUSTNESS_FILE
from core.evaluation.predictions.evaluation_store import (
    calibrate_evaluation,
    list_evaluations,
    load_evaluation,
    load_predictions,
)
from core.evaluation.predictions.predictions import SplitPredictions
from core.models import load_card, write_card
from core.storage.file_lock import file_lock

_log = logging.getLogger(__name__)

_MIN_PICTURES = 200
"""Labelled pictures: with fewer, the fitted temperature varies by a tenth."""


def calibrate(models_dir: Path, model: str, *, evaluation: str = "", split: str = "") -> ModelCard:
    """Fit temperature and "not sure" threshold to stored predictions, and change the card.

    Args:
        model: name of a registered model.
        evaluation: slug of one of its evaluations; empty takes the newest that can be used.
        split: of that evaluation; empty takes the first that is not the test split.
    Returns:
        The new card.
    Raises:
        ModelError: no such model or evaluation, one that was trained here, or damaged predictions.
        LabelSchemeMismatch: it was evaluated under other labels than its own.
        DatasetError: no split can be used, or the logits are not the model's own.
    """
    card = load_card(models_dir, model)
    if not card.origin:
        raise DatasetError(
            f"{model} was calibrated when it was trained here.",
            advice="Only models that were trained elsewhere are calibrated afterwards.",
        )
    found = _evaluation(models_dir, card, evaluation)
    splits = splits_for(models_dir, found)
    chosen = split or next(iter(splits), "")
    if chosen not in splits:
        raise DatasetError(
            f"{found.dataset} has no split of {_MIN_PICTURES} labelled pictures or more to "
            f"calibrate on, apart from {found.judges}, the test split."
            if not split
            else f"{split!r} cannot be used to calibrate on.",
            advice=f"Choose one of {', '.join(splits)}."
            if splits
            else "Evaluate the model on a dataset with a validation split as well.",
        )
    return _calibrated(models_dir, card, found, chosen)


def has_own_logits(card: ModelCard, evaluation: Evaluation) -> bool:
    """Whether a temperature can be fitted to an evaluation: one model, one view, its own labels.

    Averaged scores, of an ensemble, several views or merged classes, already contain a temperature.
    """
    return (
        not evaluation.together
        and evaluation.views == "one"
        and not evaluation.source.get("classes")
        and evaluation.scheme.labels == card.scheme.labels
    )


def splits_for(models_dir: Path, evaluation: Evaluation) -> dict[str, int]:
    """Splits to calibrate on, with their number of labelled pictures; never the test split.

    Raises:
        DamagedModel: the stored predictions cannot be read.
    """
    counts = {
        name: int((one.labels != UNLABELLED).sum())
        for name, one in load_predictions(models_dir, evaluation).items()
        if name != evaluation.judges
    }
    return {name: count for name, count in counts.items() if count >= _MIN_PICTURES}


def _evaluation(models_dir: Path, card: ModelCard, slug: str) -> Evaluation:
    model = card.name
    found = [load_evaluation(models_dir, model, slug)] if slug else _all_of(models_dir, model)
    chosen = next((one for one in found if has_own_logits(card, one)), None)
    if chosen is not None:
        return chosen
    if found[0].scheme.labels != card.scheme.labels:
        raise LabelSchemeMismatch(
            f"{model} was evaluated with the classes {', '.join(found[0].scheme.labels)} on "
            f"{found[0].dataset}.",
            advice="Calibrate it on an evaluation under its own labels.",
        )
    raise DatasetError(
        f"The evaluation {found[0].slug} is of several views, an ensemble or mapped classes: its "
        "scores contain a temperature already.",
        advice=f"Evaluate {model} by itself, each picture once and under its own labels.",
    )


def _all_of(models_dir: Path, model: str) -> list[Evaluation]:
    found = list_evaluations(models_dir, model)
    if not found:
        raise DatasetError(
            f"{model} has not been evaluated yet.",
            advice="Evaluate it first: it is calibrated on the scores of an evaluation.",
        )
    return found


def _calibrated(models_dir: Path, card: ModelCard, found: Evaluation, split: str) -> ModelCard:
    chosen = _labelled(load_predictions(models_dir, found)[split])
    temperature = fit_temperature(*chosen)
    threshold = not_sure_threshold(
        softmax(chosen[0] / temperature), chosen[1], target_accuracy=TARGET_ACCURACY
    )
    # Stored logits stay; the reports derived from them are computed again.
    own = [one for one in list_evaluations(models_dir, card.name) if has_own_logits(card, one)]
    rescored = _rescored_reports(models_dir, replace(card, temperature=temperature), own)
    new_reports = dict(zip(card.reports, rescored, strict=True))
    for one in own:
        calibrate_evaluation(
            models_dir,
            one,
            temperature=temperature,
            not_sure_below=threshold,
            stale=(ROBUSTNESS_FILE, GROUPS_FILE),
        )
    with file_lock(models_dir / card.name):
        # The card is read again: a run may have added a report to it meanwhile.
        now = load_card(models_dir, card.name)
        new = replace(
            now,
            temperature=temperature,
            not_sure_below=threshold,
            calibration=Calibration(found.dataset, split, len(chosen[1])),
            reports=tuple(new_reports.get(one, one) for one in now.reports),
        )
        write_card(models_dir / card.name, new)
    return new


def _rescored_reports(
    models_dir: Path, card: ModelCard, own: Sequence[Evaluation]
) -> tuple[EvaluationReport, ...]:
    """The card's reports with its temperature, where their predictions are stored and readable."""
    stored: dict[tuple[str, str], SplitPredictions] = {}
    for one in reversed(own):  # of two about the same pictures the newest counts
        try:
            answers = load_predictions(models_dir, one)
        except DamagedModel as error:
            _log.warning("%s", error)
            continue
        stored |= {(one.dataset, split): of_split for split, of_split in answers.items()}
    return tuple(
        _rescored(report, stored.get((report.dataset, report.split)), card)
        for report in card.reports
    )


def _rescored(
    report: EvaluationReport, answers: SplitPredictions | None, card: ModelCard
) -> EvaluationReport:
    if answers is None:
        return report
    logits, truth = _labelled(answers)
    new = score_predictions(
        report.split, logits, truth, scheme=card.scheme, temperature=card.temperature
    )
    return replace(new, dataset=report.dataset)


def _labelled(answers: SplitPredictions) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    labelled = answers.labels != UNLABELLED
    return answers.logits[labelled].astype(np.float64), answers.labels[labelled]
