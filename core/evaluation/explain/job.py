"""The explanation job: saliency maps and projections of an evaluation's pictures.

This module imports no TensorFlow itself: the worker does, when the run starts. It stores maps,
coordinates and hashes of pictures with the evaluation, and no picture.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.domain import DataReady, LogMessage, ModelCard
from core.domain.errors import EmptySplit, PlanError
from core.evaluation.explain.embedding import (
    EMBEDDING_FILE,
    EmbeddingPart,
    project_features,
    write_embedding,
)
from core.evaluation.explain.explainer import (
    ExplainedPictures,
    check_sample,
    empty_part,
    maps_by_network,
    maps_by_occlusion,
    saliency_part,
    sample_of_each_class,
    with_more_maps,
)
from core.evaluation.explain.plan import ExplainPlan
from core.evaluation.explain.saliency import (
    SALIENCY_FILE,
    SaliencyPart,
    read_saliency,
    write_saliency,
)
from core.evaluation.predictions.evaluation import Evaluation
from core.evaluation.predictions.evaluation_store import (
    add_parts,
    change_parts,
    load_evaluation,
    load_predictions,
    read_part,
)
from core.evaluation.predictions.picture_lookup import FoundPictures, find_pictures
from core.evaluation.scorecard.errors import EvaluatedPictures, evaluated_pictures
from core.jobs import JobContext, ProgressReporter
from core.models import KERAS_FILE, load_card, load_predictor, verified_file

_PARTS = 3
_BY_ANSWERS = "what it answers to each picture"
_BY_FEATURES = "what its last layer reads of each picture"


@dataclass(frozen=True, eq=False)
class ExplanationInputs:
    """Model and pictures to explain.

    Attributes:
        plan: of the explanation.
        card: of the model.
        evaluation: whose pictures.
        split: of the evaluation.
        evaluated: predictions on its pictures.
        found: the pictures in a dataset of this machine.
    """

    plan: ExplainPlan
    card: ModelCard
    evaluation: Evaluation
    split: str
    evaluated: EvaluatedPictures
    found: FoundPictures


def run(plan_read: Mapping[str, Any], context: JobContext) -> dict[str, str]:
    """Explain one model on the pictures of one of its evaluations.

    Returns:
        `model` and `evaluation`: names of the evaluation that holds the results.
    Raises:
        RunCancelled: the run was cancelled; nothing was changed.
        MienError: the plan, the model or the pictures do not allow it.
    """
    plan = ExplainPlan.from_json(plan_read)
    inputs, reporter = (
        _inputs(plan, context),
        ProgressReporter(context, 1 if plan.wanted else _PARTS),
    )
    positions = _chosen_positions(inputs)
    context.journal.append(DataReady({inputs.split: len(positions)}))
    if inputs.evaluation.together:
        context.journal.append(
            LogMessage(f"This evaluation is of an ensemble; {plan.model} alone is explained.")
        )
    explained = _explain(inputs, positions, reporter, context)
    if plan.wanted:
        change_parts(
            context.settings.models_dir,
            inputs.evaluation,
            lambda now: {
                SALIENCY_FILE: write_saliency(_with_requested_maps(inputs, now, explained, context))
            },
        )
    else:
        parts = _all_parts(inputs, positions, explained, (reporter, context))
        add_parts(context.settings.models_dir, inputs.evaluation, parts)
    return {"model": plan.model, "evaluation": plan.evaluation}


def _inputs(plan: ExplainPlan, context: JobContext) -> ExplanationInputs:
    models_dir = context.settings.models_dir
    evaluation = load_evaluation(models_dir, plan.model, plan.evaluation)
    answers = load_predictions(models_dir, evaluation)
    split = plan.split or evaluation.judges
    if split not in answers:
        raise PlanError(
            f"{plan.model} was not evaluated on a split {split!r}.",
            advice=f"It was evaluated on: {', '.join(answers)}.",
        )
    evaluated = evaluated_pictures(answers[split], temperature=evaluation.temperature)
    found = find_pictures(evaluation, evaluated.digests, context.settings)
    return ExplanationInputs(
        plan, load_card(models_dir, plan.model), evaluation, split, evaluated, found
    )


def _chosen_positions(inputs: ExplanationInputs) -> NDArray[np.int64]:
    """Positions of the pictures to explain."""
    here = inputs.found.here
    if inputs.plan.wanted:
        here = here & np.isin(
            inputs.evaluated.digests, np.array(inputs.plan.digests, dtype=np.uint64)
        )
    positions = np.flatnonzero(here)
    if len(positions) == 0:
        raise EmptySplit(
            f"None of the chosen pictures is in {inputs.split} of {inputs.evaluation.dataset}.",
            advice="Choose another split, or open the dataset that it was evaluated on.",
        )
    if inputs.plan.wanted:
        return positions
    rng = np.random.default_rng(inputs.plan.seed)
    return np.sort(rng.permutation(positions)[: inputs.plan.pictures])


def _explain(
    inputs: ExplanationInputs,
    positions: NDArray[np.int64],
    reporter: ProgressReporter,
    context: JobContext,
) -> ExplainedPictures:
    models_dir, card = context.settings.models_dir, inputs.card
    if KERAS_FILE in card.files:
        from core.evaluation.explain.keras_saliency import use_threads
        from core.models.runtimes.keras_file import load_network

        on_progress = reporter.part(1, "Computing saliency maps")
        use_threads(inputs.plan.threads)
        network = load_network(verified_file(models_dir, card, KERAS_FILE))
        pixels = inputs.found.pixels(positions)
        return maps_by_network(
            network,
            card,
            pixels,
            inputs.evaluated,
            positions,
            seed=inputs.plan.seed,
            on_progress=on_progress,
        )
    context.journal.append(
        LogMessage(
            f"{card.name} has no {KERAS_FILE}, so Grad-CAM++ is not possible: maps are made by "
            "occlusion of some pictures of each class."
        )
    )
    if not inputs.plan.wanted:
        positions = sample_of_each_class(
            inputs.evaluated, positions, np.random.default_rng(inputs.plan.seed)
        )
    on_progress = reporter.part(1, "Occluding parts of the pictures")
    model = load_predictor(models_dir, card, threads=inputs.plan.threads)
    pixels = inputs.found.pixels(positions)
    return maps_by_occlusion(model, pixels, inputs.evaluated, positions, on_progress=on_progress)


def _with_requested_maps(
    inputs: ExplanationInputs, now: Evaluation, explained: ExplainedPictures, context: JobContext
) -> SaliencyPart:
    """The stored part with the requested maps added."""
    content = read_part(context.settings.models_dir, now, SALIENCY_FILE)
    before = None if content is None else read_saliency(content)
    if before is None or before.split != inputs.split or before.method != explained.method:
        before = empty_part(inputs.split, explained, inputs.evaluated)
    return with_more_maps(before, explained, inputs.evaluated)


def _all_parts(
    inputs: ExplanationInputs,
    positions: NDArray[np.int64],
    explained: ExplainedPictures,
    where: tuple[ProgressReporter, JobContext],
) -> dict[str, bytes]:
    plan, (reporter, context) = inputs.plan, where
    on_progress = reporter.part(2, "Sanity checks of the maps")
    model = load_predictor(context.settings.models_dir, inputs.card, threads=plan.threads)
    rng = np.random.default_rng(plan.seed)
    checks = check_sample(explained, model, inputs.found.pixels(explained.positions), rng)
    on_progress(1, 1)
    part = saliency_part(
        explained, inputs.evaluated, split=inputs.split, keep=plan.single_maps, checks=checks
    )
    on_progress = reporter.part(3, "Projecting all pictures")
    on_progress(0, 1)
    return {
        SALIENCY_FILE: write_saliency(part),
        EMBEDDING_FILE: write_embedding(_project(inputs, positions, explained)),
    }


def _project(
    inputs: ExplanationInputs, positions: NDArray[np.int64], explained: ExplainedPictures
) -> EmbeddingPart:
    evaluated, plan = inputs.evaluated, inputs.plan
    features, source = explained.features, _BY_FEATURES
    if features is None:
        features, source = (
            np.log(evaluated.scores[positions] + 1e-6).astype(np.float32),
            _BY_ANSWERS,
        )
    projections = project_features(features, perplexity=plan.perplexity, seed=plan.seed)
    return EmbeddingPart(
        split=inputs.split,
        source=source,
        perplexity=projections.perplexity,
        digests=evaluated.digests[positions],
        labels=evaluated.labels[positions].astype(np.int16),
        predicted=evaluated.predicted[positions].astype(np.int16),
        tsne=projections.tsne,
        pca=projections.pca,
        explained=projections.explained,
    )
