"""The evaluation job: runs models on a dataset and stores predictions and metrics."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.domain import DataReady, LogMessage
from core.domain.counted import counted, tenths
from core.evaluation.evaluator.describe import store_evaluation
from core.evaluation.evaluator.ensemble import Ensemble, EnsembleMember
from core.evaluation.evaluator.evaluation_parts import labelled, labelled_predictions
from core.evaluation.evaluator.inputs import EvaluationInputs, open_inputs
from core.evaluation.evaluator.plan import EvaluationPlan
from core.evaluation.metrics.arrays import Floats
from core.evaluation.predictions.evaluation_files import PREDICTIONS_FILE, predictions_table
from core.jobs import JobContext, ProgressReporter
from core.models import load_predictor

_PARTS = 3


def run(plan_read: Mapping[str, Any], context: JobContext) -> dict[str, str]:
    """Evaluate one model, or an ensemble.

    Returns:
        `model` and `evaluation`: names of the stored evaluation; neither without any label.
        `predictions`: path of a CSV file with the prediction for every picture.
    Raises:
        RunCancelled: the run was cancelled; nothing is stored.
        MienError: the plan, a model or the dataset does not allow it.
    """
    plan = EvaluationPlan.from_json(plan_read)
    reporter = ProgressReporter(context, _PARTS)
    reporter.part(1, "Opening the pictures")
    inputs = open_inputs(plan, context.settings)
    sizes = inputs.dataset.sizes
    context.journal.append(DataReady({split: sizes[split] for split in inputs.splits}))
    for note in inputs.notes:
        context.journal.append(LogMessage(note))
    ensemble = _load_ensemble(inputs, context)
    logits = _predict(inputs, ensemble, reporter)
    result = {"predictions": str(_write_predictions(inputs, logits, ensemble, context))}
    if not any(len(labelled(inputs.dataset[split])) for split in inputs.splits):
        context.journal.append(
            LogMessage("No picture has a label, so there are no metrics: predictions only.")
        )
        return result
    reporter.part(3, "Looking for duplicates")
    predictions = labelled_predictions(inputs, logits)
    evaluation = store_evaluation(inputs, predictions, ensemble.temperature, context)
    main = predictions[evaluation.judges]
    context.journal.append(
        LogMessage(
            f"{evaluation.judges}: accuracy {tenths(main.right.mean())} on "
            f"{counted(len(main.labels), 'picture')}."
        )
    )
    return {"model": evaluation.model, "evaluation": evaluation.slug, **result}


def _load_ensemble(inputs: EvaluationInputs, context: JobContext) -> Ensemble:
    members = [
        EnsembleMember(
            load_predictor(context.settings.models_dir, card, threads=inputs.plan.threads),
            inputs.alignment.class_of_output[card.name],
        )
        for card in inputs.cards
    ]
    return Ensemble(members, inputs.plan.views, len(inputs.alignment.scheme))


def _predict(
    inputs: EvaluationInputs, ensemble: Ensemble, reporter: ProgressReporter
) -> dict[str, Floats]:
    on_progress = reporter.part(2, f"Running {inputs.plan.name}")
    total = sum(inputs.dataset.sizes[split] for split in inputs.splits)
    logits: dict[str, Floats] = {}
    for split in inputs.splits:
        done = sum(len(one) for one in logits.values())

        def on_block(count: int, done: int = done) -> None:
            on_progress(done + count, total)

        logits[split] = ensemble.logits(inputs.dataset[split].pixels, on_progress=on_block)
    return logits


def _write_predictions(
    inputs: EvaluationInputs, logits: Mapping[str, Floats], ensemble: Ensemble, context: JobContext
) -> Path:
    parts = [(split, inputs.dataset[split], logits[split]) for split in inputs.splits]
    path = context.folder / "result" / PREDICTIONS_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    predictions_table(parts, inputs.alignment.scheme, ensemble.temperature).to_csv(
        path, index=False
    )
    return path
