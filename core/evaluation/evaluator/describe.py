"""Name, title and notes of an evaluation, and storing it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from core.domain import EvaluationReport, LogMessage, softmax
from core.domain.wording import cut_with_digest
from core.evaluation.evaluator.evaluation_parts import parts_of
from core.evaluation.evaluator.inputs import EvaluationInputs
from core.evaluation.metrics.calibration import TARGET_ACCURACY, not_sure_threshold
from core.evaluation.metrics.split_report import score_predictions
from core.evaluation.predictions.evaluation import Evaluation
from core.evaluation.predictions.evaluation_store import write_evaluation
from core.evaluation.predictions.predictions import SplitPredictions
from core.jobs import JobContext
from core.models import add_reports

_LONGEST_SLUG = 80


def describe(
    inputs: EvaluationInputs,
    predictions: Mapping[str, SplitPredictions],
    temperature: float,
    *,
    made_at: str,
    notes: tuple[str, ...],
) -> Evaluation:
    """An evaluation without its files.

    Args:
        predictions: by split.
        temperature: divides the logits in them.
        notes: further notes, from making its files.
    """
    plan, protocol = inputs.plan, inputs.dataset.protocol
    test = protocol.test if protocol is not None and protocol.test in predictions else ""
    threshold, threshold_notes = _not_sure_below(inputs, predictions, temperature)
    return Evaluation(
        model=inputs.cards[0].name,
        slug=slug_of(inputs),
        dataset=title_of(inputs),
        content_hash=inputs.dataset.content_hash,
        source=plan.to_json(),
        scheme=inputs.alignment.scheme,
        views=plan.views,
        temperature=temperature,
        not_sure_below=threshold,
        judges=test or list(predictions)[-1],
        made_at=made_at,
        notes=(*inputs.notes, *_notes(inputs, predictions), *threshold_notes, *notes),
        learned=inputs.training_split,
        chose=inputs.validation_split,
        together=plan.name if len(plan.models) > 1 else "",
    )


def slug_of(inputs: EvaluationInputs) -> str:
    """The folder name of an evaluation; the same plan replaces its earlier evaluation.

    Where the name loses characters, a digest distinguishes different plans.
    """
    plan = inputs.plan
    words = [plan.name if len(plan.models) > 1 else "", inputs.opened.name, plan.classes]
    words += [*plan.splits, "" if plan.views == "one" else plan.views]
    words += ["corrected" if plan.corrections else ""]
    exact = " ".join(one for one in words if one).lower()
    exact += "".join(f" {label}={to}" for label, to in plan.label_map)
    plain = re.sub(r"[^a-z0-9]+", "-", exact).strip("-")
    if not plan.label_map and len(plain) <= _LONGEST_SLUG and exact.isascii():
        return plain or "dataset"
    return cut_with_digest(plain or "dataset", exact, most=_LONGEST_SLUG)


def title_of(inputs: EvaluationInputs) -> str:
    """The dataset's name, with the label mapping and corrections applied to it."""
    plan = inputs.plan
    mapped = "with other labels" if plan.label_map else ""
    corrected = "corrected" if plan.corrections else ""
    return ", ".join(filter(None, (inputs.opened.name, mapped, plan.classes, corrected)))


def adds_card_report(inputs: EvaluationInputs) -> bool:
    """Whether the model card gets a report on it: one model, one view, another dataset."""
    return len(inputs.cards) == 1 and inputs.plan.views == "one" and not inputs.is_own


def card_reports(
    inputs: EvaluationInputs, predictions: Mapping[str, SplitPredictions], temperature: float
) -> tuple[EvaluationReport, ...]:
    """Reports for the card of a model that was not trained on this dataset."""
    return tuple(
        replace(
            score_predictions(
                split,
                answers.logits.astype(np.float64),
                answers.labels,
                scheme=inputs.alignment.scheme,
                temperature=temperature,
            ),
            dataset=title_of(inputs),
        )
        for split, answers in predictions.items()
    )


def _notes(
    inputs: EvaluationInputs, predictions: Mapping[str, SplitPredictions]
) -> tuple[str, ...]:
    notes = []
    if inputs.has_other_split:
        notes.append(
            f"{inputs.plan.name} was trained with pictures of this dataset, but not with this "
            "division of it: some test pictures may have been used for training."
        )
    if inputs.training_split in predictions:
        notes.append(
            f"{inputs.plan.name} was trained on {inputs.training_split}: figures on it say nothing "
            "about unseen pictures."
        )
    if inputs.validation_split in predictions:
        notes.append(
            f"{inputs.validation_split} was used to choose the epoch, so its figures are slightly "
            "optimistic."
        )
    for split, answers in predictions.items():
        present = np.unique(answers.labels)
        if len(present) == 1:
            notes.append(
                f"{split} holds pictures of {answers.classes[int(present[0])]} only: how well it "
                "is told from other classes cannot be measured."
            )
    left = [name for name in inputs.splits if name not in predictions]
    if left:
        notes.append(f"Not evaluated, as no picture in it has a label: {', '.join(left)}.")
    return tuple(notes)


def _not_sure_below(
    inputs: EvaluationInputs, predictions: Mapping[str, SplitPredictions], temperature: float
) -> tuple[float, tuple[str, ...]]:
    """The "not sure" threshold: the card's, or another where scores are not those of the card."""
    card = inputs.cards[0]
    same = len(inputs.cards) == 1 and inputs.plan.views == "one"
    if same and inputs.alignment.scheme.labels == card.scheme.labels:
        return card.not_sure_below, ()
    if inputs.validation_split in predictions:
        one = predictions[inputs.validation_split]
        scores = softmax(one.logits.astype(np.float64) / temperature)
        found = not_sure_threshold(scores, one.labels, target_accuracy=TARGET_ACCURACY)
        return found, (
            f'The "not sure" threshold was chosen on {inputs.validation_split} for these scores.',
        )
    return card.not_sure_below, (
        f'The "not sure" threshold is that of {card.name} alone, one view and its own classes: '
        "there is no validation split to choose another one on.",
    )


def store_evaluation(
    inputs: EvaluationInputs,
    predictions: Mapping[str, SplitPredictions],
    temperature: float,
    context: JobContext,
) -> Evaluation:
    """Store an evaluation beside its model, and add a report to the card for another dataset.

    Args:
        predictions: on the labelled pictures, by split.
        temperature: divides the logits in them.
        context: its run folder holds the predictions' file afterwards; notes go to its journal.
    Raises:
        DamagedModel: the model's card cannot be read.
        OSError: the disk refused; an earlier evaluation of that name then still exists.
    """
    parts, notes = parts_of(inputs, predictions, context)
    models_dir, made_at = context.settings.models_dir, context.clock().isoformat(timespec="seconds")
    described = describe(inputs, predictions, temperature, made_at=made_at, notes=notes)
    evaluation = write_evaluation(models_dir, described, parts)
    for note in evaluation.notes:
        if note not in inputs.notes:
            context.journal.append(LogMessage(note))
    if adds_card_report(inputs):
        reports = card_reports(inputs, predictions, temperature)
        add_reports(models_dir, inputs.cards[0].name, reports)
    return evaluation
