"""The job that explains a model: where it looks, and which pictures look alike to it.

This module itself imports no TensorFlow: the worker does, when the run begins. What it leaves are
numbers beside the evaluation: maps, places and names of pictures, and no picture.
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
    lay_out,
    write_embedding,
)
from core.evaluation.explain.explainer import (
    ExplainedPictures,
    checked,
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
class Case:
    """What is explained.

    Attributes:
        plan: what was asked.
        card: of the model.
        evaluation: whose pictures.
        split: of these.
        judged: what was said of them.
        found: where they are.
    """

    plan: ExplainPlan
    card: ModelCard
    evaluation: Evaluation
    split: str
    judged: EvaluatedPictures
    found: FoundPictures


def run(plan_read: Mapping[str, Any], place: JobContext) -> dict[str, str]:
    """Explain one model on the pictures of one of its evaluations.

    Returns:
        `model` and `evaluation`: where the parts were put.
    Raises:
        RunCancelled: somebody asked to stop; nothing was changed.
        MienError: the plan, the model or the pictures do not allow it.
    """
    plan = ExplainPlan.from_json(plan_read)
    case, teller = _case(plan, place), ProgressReporter(place, 1 if plan.wanted else _PARTS)
    positions = _chosen(case)
    place.journal.append(DataReady({case.split: len(positions)}))
    if case.evaluation.together:
        place.journal.append(
            LogMessage(f"This evaluation is of an ensemble; {plan.model} alone is explained.")
        )
    looked = _look(case, positions, teller, place)
    if plan.wanted:
        change_parts(
            place.settings.models_dir,
            case.evaluation,
            lambda now: {SALIENCY_FILE: write_saliency(_with_wanted(case, now, looked, place))},
        )
    else:
        parts = _whole(case, positions, looked, (teller, place))
        add_parts(place.settings.models_dir, case.evaluation, parts)
    return {"model": plan.model, "evaluation": plan.evaluation}


def _case(plan: ExplainPlan, place: JobContext) -> Case:
    models_dir = place.settings.models_dir
    evaluation = load_evaluation(models_dir, plan.model, plan.evaluation)
    answers = load_predictions(models_dir, evaluation)
    split = plan.split or evaluation.judges
    if split not in answers:
        raise PlanError(
            f"{plan.model} was not evaluated on a split {split!r}.",
            advice=f"It was evaluated on: {', '.join(answers)}.",
        )
    judged = evaluated_pictures(answers[split], temperature=evaluation.temperature)
    found = find_pictures(evaluation, judged.digests, place.settings)
    return Case(plan, load_card(models_dir, plan.model), evaluation, split, judged, found)


def _chosen(case: Case) -> NDArray[np.int64]:
    """Positions of the pictures to look at."""
    here = case.found.here
    if case.plan.wanted:
        here = here & np.isin(case.judged.digests, np.array(case.plan.digests, dtype=np.uint64))
    positions = np.flatnonzero(here)
    if len(positions) == 0:
        raise EmptySplit(
            f"None of the chosen pictures is in {case.split} of {case.evaluation.dataset}.",
            advice="Choose another split, or open the dataset that it was evaluated on.",
        )
    if case.plan.wanted:
        return positions
    rng = np.random.default_rng(case.plan.seed)
    return np.sort(rng.permutation(positions)[: case.plan.pictures])


def _look(
    case: Case, positions: NDArray[np.int64], teller: ProgressReporter, place: JobContext
) -> ExplainedPictures:
    models_dir, card = place.settings.models_dir, case.card
    if KERAS_FILE in card.files:
        from core.evaluation.explain.keras_saliency import use_threads
        from core.models.runtimes.keras_file import load_network

        tell = teller.part(1, "Computing saliency maps")
        use_threads(case.plan.threads)
        network = load_network(verified_file(models_dir, card, KERAS_FILE))
        pixels = case.found.pixels(positions)
        return maps_by_network(
            network, card, pixels, case.judged, positions, seed=case.plan.seed, tell=tell
        )
    place.journal.append(
        LogMessage(
            f"{card.name} has no {KERAS_FILE}, so Grad-CAM++ is not possible: maps are made by "
            "occlusion of some pictures of each class."
        )
    )
    if not case.plan.wanted:
        positions = sample_of_each_class(
            case.judged, positions, np.random.default_rng(case.plan.seed)
        )
    tell = teller.part(1, "Occluding parts of the pictures")
    model = load_predictor(models_dir, card, threads=case.plan.threads)
    pixels = case.found.pixels(positions)
    return maps_by_occlusion(model, pixels, case.judged, positions, tell=tell)


def _with_wanted(
    case: Case, now: Evaluation, looked: ExplainedPictures, place: JobContext
) -> SaliencyPart:
    """The part there is now, with the maps that were asked for."""
    content = read_part(place.settings.models_dir, now, SALIENCY_FILE)
    before = None if content is None else read_saliency(content)
    if before is None or before.split != case.split or before.method != looked.method:
        before = empty_part(case.split, looked, case.judged)
    return with_more_maps(before, looked, case.judged)


def _whole(
    case: Case,
    positions: NDArray[np.int64],
    looked: ExplainedPictures,
    where: tuple[ProgressReporter, JobContext],
) -> dict[str, bytes]:
    plan, (teller, place) = case.plan, where
    tell = teller.part(2, "Sanity checks of the maps")
    model = load_predictor(place.settings.models_dir, case.card, threads=plan.threads)
    rng = np.random.default_rng(plan.seed)
    checks = checked(looked, model, case.found.pixels(looked.positions), rng)
    tell(1, 1)
    part = saliency_part(
        looked, case.judged, split=case.split, keep=plan.single_maps, checks=checks
    )
    tell = teller.part(3, "Projecting all pictures")
    tell(0, 1)
    return {
        SALIENCY_FILE: write_saliency(part),
        EMBEDDING_FILE: write_embedding(_laid_out(case, positions, looked)),
    }


def _laid_out(case: Case, positions: NDArray[np.int64], looked: ExplainedPictures) -> EmbeddingPart:
    judged, plan = case.judged, case.plan
    features, source = looked.features, _BY_FEATURES
    if features is None:
        features, source = np.log(judged.scores[positions] + 1e-6).astype(np.float32), _BY_ANSWERS
    layout = lay_out(features, perplexity=plan.perplexity, seed=plan.seed)
    return EmbeddingPart(
        split=case.split,
        source=source,
        perplexity=layout.perplexity,
        digests=judged.digests[positions],
        labels=judged.labels[positions].astype(np.int16),
        said=judged.said[positions].astype(np.int16),
        tsne=layout.tsne,
        pca=layout.pca,
        explained=layout.explained,
    )
