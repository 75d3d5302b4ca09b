"""Calibrating a model that is on the shelf already: one trained elsewhere comes without."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.errors import DatasetError, LabelSchemeMismatch
from core.evaluation.calibration import fit_temperature, not_sure_threshold
from core.evaluation.judge import judge
from core.evaluation.kept_answers import KeptAnswers
from core.evaluation.metrics import softmax
from core.evaluation.shelf import (
    Evaluation,
    answers_in,
    calibrate_evaluation,
    list_evaluations,
    load_evaluation,
)
from core.library import load_card
from core.library.shelf import write_card
from core.vocabulary import UNLABELLED, EvaluationReport, ModelCard

WANTED_ACCURACY = 0.80
"""As for models that are trained here: below it about one answer in five would be wrong."""

CALIBRATED = "Calibrated here on"
"""How the sentence on the card begins that says so."""

NOT_CALIBRATED = "It is not calibrated: its scores are as it gives them."
_FEWEST = 200
"""Labelled pictures: with fewer, the temperature of one and the same model moves by a tenth."""


def calibrate(models_dir: Path, model: str, *, evaluation: str = "", split: str = "") -> ModelCard:
    """Fit temperature and "not sure" threshold on what a model answered, and change its card.

    Args:
        model: a name on the shelf.
        evaluation: slug of one of its evaluations; empty takes the newest.
        split: of that evaluation; empty takes the one whose figures do not stand for the model.
    Returns:
        The new card.
    Raises:
        ModelError: no such model or evaluation, one that was trained here, or damaged answers.
        LabelSchemeMismatch: it was judged under other labels than its own.
        DatasetError: no split can be used.
    """
    card = load_card(models_dir, model)
    if not card.origin:
        raise DatasetError(
            f"{model} was calibrated when it was trained here.",
            advice="Only models that were trained elsewhere are calibrated afterwards.",
        )
    found = _evaluation(models_dir, model, evaluation)
    if found.scheme.labels != card.scheme.labels:
        raise LabelSchemeMismatch(
            f"{model} was judged under {', '.join(found.scheme.labels)} on {found.dataset}.",
            advice="Calibrate it on an evaluation under its own labels.",
        )
    splits = splits_for(models_dir, found)
    chosen = split or next(iter(splits), "")
    if chosen not in splits:
        raise DatasetError(
            f"{found.dataset} has no split of {_FEWEST} labelled pictures or more to calibrate on, "
            f"apart from {found.judges}, which judges."
            if not split
            else f"{split!r} cannot be used to calibrate on.",
            advice=f"Choose one of {', '.join(splits)}."
            if splits
            else "Evaluate the model on a dataset with a choosing split as well.",
        )
    return _calibrated(models_dir, card, found, chosen)


def splits_for(models_dir: Path, evaluation: Evaluation) -> dict[str, int]:
    """Splits to calibrate on, with their labelled pictures; never the one that judges.

    Raises:
        DamagedModel: the kept answers cannot be read.
    """
    counts = {
        name: int((one.labels != UNLABELLED).sum())
        for name, one in answers_in(models_dir, evaluation).items()
        if name != evaluation.judges
    }
    return {name: count for name, count in counts.items() if count >= _FEWEST}


def _evaluation(models_dir: Path, model: str, slug: str) -> Evaluation:
    if slug:
        return load_evaluation(models_dir, model, slug)
    found = list_evaluations(models_dir, model)
    if not found:
        raise DatasetError(
            f"{model} was not judged on anything yet.",
            advice="Evaluate it first: its answers are what it is calibrated on.",
        )
    return found[0]


def _calibrated(models_dir: Path, card: ModelCard, found: Evaluation, split: str) -> ModelCard:
    answers = answers_in(models_dir, found)
    chosen = _labelled(answers[split])
    temperature = fit_temperature(*chosen)
    threshold = not_sure_threshold(
        softmax(chosen[0] / temperature), chosen[1], wanted_accuracy=WANTED_ACCURACY
    )
    sentence = (
        f"{CALIBRATED} {split} of {found.dataset}, {len(chosen[1]):,} pictures: temperature "
        f"{temperature:.3f}."
    )
    limits = [one for one in card.limits if not one.startswith((CALIBRATED, NOT_CALIBRATED))]
    new = replace(
        card,
        temperature=temperature,
        not_sure_below=threshold,
        limits=(*limits, sentence),
        reports=tuple(
            _again(one, answers, card, temperature) if one.dataset == found.dataset else one
            for one in card.reports
        ),
    )
    # What was answered stays; what is derived from it is derived with the new temperature.
    calibrate_evaluation(models_dir, found, temperature=temperature, not_sure_below=threshold)
    write_card(models_dir / card.name, new)
    return new


def _again(
    report: EvaluationReport,
    answers: Mapping[str, KeptAnswers],
    card: ModelCard,
    temperature: float,
) -> EvaluationReport:
    """A row of the card with the new temperature, where its answers were kept."""
    if report.split not in answers:
        return report
    logits, truth = _labelled(answers[report.split])
    new = judge(report.split, logits, truth, scheme=card.scheme, temperature=temperature)
    return replace(new, dataset=report.dataset)


def _labelled(answers: KeptAnswers) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    labelled = answers.labels != UNLABELLED
    return answers.logits[labelled].astype(np.float64), answers.labels[labelled]
