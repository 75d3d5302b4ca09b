"""The evaluation job: models and a dataset in, what they answered out, told as events."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from core.domain import DataReady, LogMessage
from core.domain.counted import counted
from core.evaluation.evaluator.case import Case, open_case
from core.evaluation.evaluator.case_files import kept, labelled
from core.evaluation.evaluator.describe import keep
from core.evaluation.evaluator.ensemble import Ensemble, EnsembleMember
from core.evaluation.evaluator.plan import EvaluationPlan
from core.evaluation.metrics.basics import Floats
from core.evaluation.predictions.evaluation_files import PREDICTIONS_FILE, predictions_table
from core.jobs import JobContext, ProgressReporter
from core.models import load_predictor

_PARTS = 3


def run(plan_read: Mapping[str, Any], place: JobContext) -> dict[str, str]:
    """Judge one model, or several together.

    Returns:
        `model` and `evaluation`: where it lies on the shelf; without any label, neither of the two.
        `predictions`: path of a CSV file with what was said of every picture.
    Raises:
        RunCancelled: somebody asked to stop; nothing is kept.
        MienError: the plan, a model or the dataset does not allow it.
    """
    plan = EvaluationPlan.from_json(plan_read)
    teller = ProgressReporter(place, _PARTS)
    teller.part(1, "Opening the pictures")
    case = open_case(plan, place.settings)
    sizes = case.dataset.sizes
    place.journal.append(DataReady({split: sizes[split] for split in case.splits}))
    for note in case.notes:
        place.journal.append(LogMessage(note))
    panel = _panel(case, place)
    answers = _asked(case, panel, teller)
    predictions = _write_predictions(case, answers, panel, place)
    told = {"predictions": str(predictions)}
    if not any(len(labelled(case.dataset[split])) for split in case.splits):
        place.journal.append(
            LogMessage("No picture has a label, so there are no metrics: predictions only.")
        )
        return told
    teller.part(3, "Looking for duplicates")
    judged = kept(case, answers)
    evaluation = keep(case, judged, panel.temperature, place)
    at = judged[evaluation.judges]
    place.journal.append(
        LogMessage(
            f"{evaluation.judges}: accuracy {at.right.mean() * 100:.1f} % on "
            f"{counted(len(at.labels), 'picture')}."
        )
    )
    return {"model": evaluation.model, "evaluation": evaluation.slug, **told}


def _panel(case: Case, place: JobContext) -> Ensemble:
    voices = [
        EnsembleMember(
            load_predictor(place.settings.models_dir, card, threads=case.plan.threads),
            case.meeting.places[card.name],
        )
        for card in case.cards
    ]
    return Ensemble(voices, case.plan.views, len(case.meeting.scheme))


def _asked(case: Case, panel: Ensemble, teller: ProgressReporter) -> dict[str, Floats]:
    tell = teller.part(2, f"Running {case.plan.name}")
    total = sum(case.dataset.sizes[split] for split in case.splits)
    answers: dict[str, Floats] = {}
    for split in case.splits:
        before = sum(len(one) for one in answers.values())
        heard = partial(_tell_on, tell, before=before, total=total)
        answers[split] = panel.answers(case.dataset[split].pixels, tell=heard)
    return answers


def _tell_on(tell: Callable[[int, int], None], count: int, *, before: int, total: int) -> None:
    tell(before + count, total)


def _write_predictions(
    case: Case, answers: Mapping[str, Floats], panel: Ensemble, place: JobContext
) -> Path:
    parts = [(split, case.dataset[split], answers[split]) for split in case.splits]
    path = place.folder / "result" / PREDICTIONS_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    predictions_table(parts, case.meeting.scheme, panel.temperature).to_csv(path, index=False)
    return path
