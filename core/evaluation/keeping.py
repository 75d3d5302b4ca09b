"""Putting an evaluation on the shelf, from answers that are at hand."""

from __future__ import annotations

from collections.abc import Mapping

from core.domain import Said
from core.evaluation.case import Case
from core.evaluation.case_parts import parts_of
from core.evaluation.describing import describe, gains_row, reports_on_others
from core.evaluation.kept_answers import KeptAnswers
from core.evaluation.shelf import Evaluation, write_evaluation
from core.jobs import JobPlace
from core.models import add_reports


def keep(
    case: Case, judged: Mapping[str, KeptAnswers], temperature: float, place: JobPlace
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
            place.journal.append(Said(note))
    if gains_row(case):
        reports = reports_on_others(case, judged, temperature)
        add_reports(models_dir, case.cards[0].name, reports)
    return evaluation
