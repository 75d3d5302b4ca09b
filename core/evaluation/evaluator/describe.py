"""Names, titles and notes of an evaluation, and storing it from answers that are at hand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from core.domain import EvaluationReport, LogMessage, softmax
from core.domain.wording import cut_apart
from core.evaluation.evaluator.case import Case
from core.evaluation.evaluator.case_files import parts_of
from core.evaluation.metrics.calibration import WANTED_ACCURACY, not_sure_threshold
from core.evaluation.metrics.scoring import score_predictions
from core.evaluation.predictions.evaluation import Evaluation
from core.evaluation.predictions.evaluation_store import write_evaluation
from core.evaluation.predictions.predictions import SplitPredictions
from core.jobs import JobContext
from core.models import add_reports

_LONGEST_SLUG = 80


def describe(
    case: Case,
    judged: Mapping[str, SplitPredictions],
    temperature: float,
    *,
    made_at: str,
    notes: tuple[str, ...],
) -> Evaluation:
    """An evaluation without its files.

    Args:
        judged: split -> the answers that are kept.
        temperature: divides the logits in them.
        notes: further sentences, from making its files.
    """
    plan, protocol = case.plan, case.dataset.protocol
    judges = protocol.test if protocol is not None and protocol.test in judged else ""
    threshold, told = _not_sure_below(case, judged, temperature)
    return Evaluation(
        model=case.cards[0].name,
        slug=slug_of(case),
        dataset=title_of(case),
        content_hash=case.dataset.content_hash,
        source=plan.to_json(),
        scheme=case.meeting.scheme,
        views=plan.views,
        temperature=temperature,
        not_sure_below=threshold,
        judges=judges or list(judged)[-1],
        made_at=made_at,
        notes=(*case.notes, *_notes(case, judged), *told, *notes),
        learned=case.learned,
        chose=case.chose,
        together=plan.name if len(plan.models) > 1 else "",
    )


def slug_of(case: Case) -> str:
    """The same question gives the same name, and so takes the place of its last answer.

    Where letters would be lost, a digest of all of them keeps different questions apart.
    """
    plan = case.plan
    words = [plan.name if len(plan.models) > 1 else "", case.opened.name, plan.classes]
    words += [*plan.splits, "" if plan.views == "one" else plan.views]
    words += ["corrected" if plan.corrections else ""]
    exact = " ".join(one for one in words if one).lower()
    exact += "".join(f" {label}={to}" for label, to in plan.label_map)
    plain = re.sub(r"[^a-z0-9]+", "-", exact).strip("-")
    if not plan.label_map and len(plain) <= _LONGEST_SLUG and exact.isascii():
        return plain or "dataset"
    return cut_apart(plain or "dataset", exact, most=_LONGEST_SLUG)


def title_of(case: Case) -> str:
    """The dataset for people, with the mapping it is looked at under."""
    plan = case.plan
    said = "with other labels" if plan.label_map else ""
    corrected = "corrected" if plan.corrections else ""
    return ", ".join(filter(None, (case.opened.name, said, plan.classes, corrected)))


def gains_row(case: Case) -> bool:
    """Whether the card of the model is to tell it: one model, one view, another dataset."""
    return len(case.cards) == 1 and case.plan.views == "one" and not case.is_own


def reports_on_others(
    case: Case, judged: Mapping[str, SplitPredictions], temperature: float
) -> tuple[EvaluationReport, ...]:
    """Rows for the card of a model that did not learn from this dataset."""
    return tuple(
        replace(
            score_predictions(
                split,
                answers.logits.astype(np.float64),
                answers.labels,
                scheme=case.meeting.scheme,
                temperature=temperature,
            ),
            dataset=title_of(case),
        )
        for split, answers in judged.items()
    )


def _notes(case: Case, judged: Mapping[str, SplitPredictions]) -> tuple[str, ...]:
    notes = []
    if case.is_divided_otherwise:
        notes.append(
            f"{case.plan.name} was trained with pictures of this dataset, but not with this "
            "division of it: some test pictures may have been used for training."
        )
    if case.learned in judged:
        notes.append(
            f"{case.plan.name} was trained on {case.learned}: figures on it say nothing about "
            "unseen pictures."
        )
    if case.chose in judged:
        notes.append(
            f"{case.chose} was used to choose the epoch, so its figures are slightly optimistic."
        )
    for split, answers in judged.items():
        present = np.unique(answers.labels)
        if len(present) == 1:
            notes.append(
                f"{split} holds pictures of {answers.classes[int(present[0])]} only: how well it "
                "is told from other classes cannot be measured."
            )
    left = [name for name in case.splits if name not in judged]
    if left:
        notes.append(f"Not evaluated, as no picture in it has a label: {', '.join(left)}.")
    return tuple(notes)


def _not_sure_below(
    case: Case, judged: Mapping[str, SplitPredictions], temperature: float
) -> tuple[float, tuple[str, ...]]:
    """The card's threshold; one of its own where the scores are other than the card's."""
    card = case.cards[0]
    same = len(case.cards) == 1 and case.plan.views == "one"
    if same and case.meeting.scheme.labels == card.scheme.labels:
        return card.not_sure_below, ()
    if case.chose in judged:
        one = judged[case.chose]
        scores = softmax(one.logits.astype(np.float64) / temperature)
        found = not_sure_threshold(scores, one.labels, wanted_accuracy=WANTED_ACCURACY)
        return found, (f'The "not sure" threshold was chosen on {case.chose} for these scores.',)
    return card.not_sure_below, (
        f'The "not sure" threshold is that of {card.name} alone, one view and its own classes: '
        "there is no validation split to choose another one on.",
    )


def keep(
    case: Case, judged: Mapping[str, SplitPredictions], temperature: float, place: JobContext
) -> Evaluation:
    """Write an evaluation to the shelf, and a row to the card where the dataset is another one.

    Args:
        judged: split -> the answers about its labelled pictures, in the split's order.
        temperature: divides the logits in them.
        place: its run folder holds the answers' file afterwards; its journal is told.
    Raises:
        DamagedModel: the model's card cannot be read.
        OSError: the disk refused; an earlier evaluation of that name is then still there.
    """
    parts, notes = parts_of(case, judged, place)
    models_dir, made_at = place.settings.models_dir, place.clock().isoformat(timespec="seconds")
    described = describe(case, judged, temperature, made_at=made_at, notes=notes)
    evaluation = write_evaluation(models_dir, described, parts)
    for note in evaluation.notes:
        if note not in case.notes:
            place.journal.append(LogMessage(note))
    if gains_row(case):
        reports = reports_on_others(case, judged, temperature)
        add_reports(models_dir, case.cards[0].name, reports)
    return evaluation
