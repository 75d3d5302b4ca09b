"""What a report on a model says, whichever way it is written, gathered from an evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.domain import TO_CONFIDENT2, EpochEnded, Interval, ModelCard
from core.domain.errors import EmptySplit, UnknownModel
from core.evaluation.comparison.candidates import models_of, name_of, own_figure
from core.evaluation.comparison.claims import JudgedClaim
from core.evaluation.comparison.costs import LOOKS, Cost, cost_of, summed
from core.evaluation.comparison.published_results import OwnFigure, PublishedRow, with_own_results
from core.evaluation.explain.saliency import SALIENCY_FILE, SaliencyPart, read_saliency
from core.evaluation.metrics.basics import wilson_interval
from core.evaluation.predictions.evaluation import Evaluation, usual_first
from core.evaluation.predictions.evaluation_files import (
    CONDITIONS_FILE,
    GROUPS_FILE,
    HISTORY_FILE,
    VOTES_FILE,
    read_history,
    read_votes_part,
)
from core.evaluation.predictions.evaluation_store import (
    list_evaluations,
    load_evaluation,
    load_predictions,
    read_part,
)
from core.evaluation.predictions.leakage import REPEATS_FILE, DuplicateLeakage, read_leakage
from core.evaluation.predictions.predictions import SplitPredictions
from core.evaluation.robustness.report import ConditionsReport
from core.evaluation.scorecard.ferplus import FerPlus, fer_plus
from core.evaluation.scorecard.figures import Figures, ScoreFigures, figures_of, score_figures_of
from core.evaluation.scorecard.protocols import (
    Protocol,
    protocols_of,
    repeat_counts,
    under_map,
    without_repeats,
)
from core.evaluation.subgroups.report import GroupsReport, read_groups
from core.models import ConvertedFormat, load_card, read_formats


@dataclass(frozen=True, eq=False)
class SeenAs:
    """Answers under fewer classes: scores of classes that become one are summed.

    Attributes:
        name: of the mapping.
        figures: on the pictures that it keeps.
        auc: area under the ROC curve of the last class; None where it is undefined.
    """

    name: str
    figures: Figures
    auc: Interval | None


@dataclass(frozen=True, eq=False)
class EvaluatedProtocol:
    """All figures on one choice of pictures.

    Attributes:
        protocol: which.
        figures, scores: on all of its pictures.
        repeats: split -> pictures that repeat one of it; None where nobody looked.
        seen_as: the same answers under fewer classes; None where no mapping fits.
        without_repeats: accuracy on photographs that were not seen before; None where nobody looked
            or none is left.
    """

    protocol: Protocol
    figures: Figures
    scores: ScoreFigures
    seen_as: SeenAs | None = None
    repeats: Mapping[str, int] | None = None
    without_repeats: Interval | None = None

    @property
    def name(self) -> str:
        """Of the protocol."""
        return self.protocol.name


@dataclass(frozen=True, eq=False)
class FullReport:
    """Everything a report is written from.

    Attributes:
        card: of the model.
        evaluation: that the figures are from.
        made_at: when the report was made, UTC, ISO 8601.
        answers: of the model, by split.
        protocols: the one that stands for the model first.
        recipe: entry -> value of how it was trained; empty where that is not known any more.
        cost: of one answer.
        history: how it learned, epoch by epoch.
        fer_plus: beside people's votes, on the first protocol.
        saliency: where it looks.
        conditions: what it loses under conditions.
        groups: how it does on groups that somebody declared.
        formats: it was converted to.
        own: its figure as the published ones were measured; None where it was judged on others.
        published: others' figures with it in its place.
        claims: those that its recipe repeats.
    """

    card: ModelCard
    evaluation: Evaluation
    made_at: str
    answers: Mapping[str, SplitPredictions]
    protocols: tuple[EvaluatedProtocol, ...]
    recipe: Mapping[str, Any]
    cost: Cost
    history: tuple[EpochEnded, ...] = ()
    fer_plus: FerPlus | None = None
    saliency: SaliencyPart | None = None
    conditions: ConditionsReport | None = None
    groups: tuple[GroupsReport, ...] = ()
    formats: tuple[ConvertedFormat, ...] = ()
    own: OwnFigure | None = None
    published: tuple[PublishedRow, ...] = ()
    claims: tuple[JudgedClaim, ...] = field(default=())

    @property
    def name(self) -> str:
        """Who was judged, and how pictures were looked at."""
        return name_of(self.evaluation)

    @property
    def first(self) -> EvaluatedProtocol:
        """The protocol whose figures stand for the model."""
        return self.protocols[0]


@dataclass(frozen=True)
class Surroundings:
    """What a report says that is not in the model's folder.

    Attributes:
        made_at: when the report is made, UTC, ISO 8601.
        recipe: entry -> value of how the model was trained.
        claims: all that were judged.
    """

    made_at: str
    recipe: Mapping[str, Any] = field(default_factory=dict)
    claims: tuple[JudgedClaim, ...] = ()


def chosen_evaluation(models_dir: Path, model: str, slug: str = "") -> Evaluation:
    """The evaluation that is asked for.

    Args:
        slug: of one; empty takes the first of `usual_first`.
    Raises:
        UnknownModel: no such model, or it was not evaluated.
        DamagedModel: the evaluation cannot be read.
    """
    card = load_card(models_dir, model)
    if slug:
        return load_evaluation(models_dir, model, slug)
    found = list_evaluations(models_dir, model)
    if not found:
        raise UnknownModel(
            f"{model} has not been evaluated yet.",
            advice=f"Run: python -m core evaluate {model} --data fer2013.csv",
        )
    return usual_first(found, card.scheme)[0]


def gather(models_dir: Path, evaluation: Evaluation, around: Surroundings) -> FullReport:
    """Read and derive everything that a report says.

    Raises:
        UnknownModel: the model is gone.
        DamagedModel: a file of the evaluation is missing or damaged.
        EmptySplit: it holds no answers.
    """
    card = load_card(models_dir, evaluation.model)
    answers = load_predictions(models_dir, evaluation)
    repeats = _repeats(models_dir, evaluation)
    protocols = tuple(
        _judged(one, evaluation, answers, repeats) for one in protocols_of(evaluation, answers)
    )
    if not protocols:
        raise EmptySplit(
            f"The evaluation {evaluation.slug} holds no predictions.", advice="Evaluate again."
        )
    cost = _cost(models_dir, evaluation)
    own = own_figure(evaluation, answers, cost.weights)
    saliency = read_part(models_dir, evaluation, SALIENCY_FILE)
    conditions = read_part(models_dir, evaluation, CONDITIONS_FILE)
    groups = read_part(models_dir, evaluation, GROUPS_FILE)
    history = read_part(models_dir, evaluation, HISTORY_FILE)
    # Of several models that answer as one, no single recipe, claim or file is to be told.
    is_alone = not evaluation.together
    return FullReport(
        card=card,
        evaluation=evaluation,
        made_at=around.made_at,
        answers=answers,
        protocols=protocols,
        recipe=around.recipe if is_alone else {},
        cost=cost,
        history=read_history(history) if history else (),
        fer_plus=_fer_plus(models_dir, evaluation, answers),
        saliency=read_saliency(saliency) if saliency else None,
        conditions=ConditionsReport.from_bytes(conditions) if conditions else None,
        groups=read_groups(groups) if groups else (),
        formats=read_formats(models_dir, card) if is_alone else (),
        own=own,
        published=with_own_results(own) if own is not None else (),
        claims=tuple(
            one for one in around.claims if is_alone and one.claim.recipe == card.recipe_name
        ),
    )


def _judged(
    protocol: Protocol,
    evaluation: Evaluation,
    answers: Mapping[str, SplitPredictions],
    repeats: Mapping[str, DuplicateLeakage],
) -> EvaluatedProtocol:
    left = without_repeats(protocol, answers, repeats, own=lambda one: one.own_photographs)
    return EvaluatedProtocol(
        protocol,
        figures_of(protocol.answers),
        score_figures_of(
            protocol.answers,
            temperature=evaluation.temperature,
            not_sure_below=evaluation.not_sure_below,
        ),
        _seen_as(protocol, evaluation),
        None if left is None else repeat_counts(protocol, repeats),
        None
        if left is None or not len(left.labels)
        else wilson_interval(int(left.right.sum()), len(left.labels)),
    )


def _seen_as(protocol: Protocol, evaluation: Evaluation) -> SeenAs | None:
    found = under_map(protocol.answers, TO_CONFIDENT2, temperature=evaluation.temperature)
    if found is None or not len(found.labels):
        return None
    threshold = evaluation.not_sure_below
    scores = score_figures_of(found, temperature=1.0, not_sure_below=threshold)
    auc = scores.curves[-1].auc if scores.curves else None
    return SeenAs(TO_CONFIDENT2.name, figures_of(found), auc)


def _repeats(models_dir: Path, evaluation: Evaluation) -> dict[str, DuplicateLeakage]:
    content = read_part(models_dir, evaluation, REPEATS_FILE)
    return read_leakage(content) if content else {}


def _fer_plus(
    models_dir: Path, evaluation: Evaluation, answers: Mapping[str, SplitPredictions]
) -> FerPlus | None:
    content = read_part(models_dir, evaluation, VOTES_FILE)
    votes = read_votes_part(content) if content else {}
    if evaluation.judges not in votes:
        return None
    judged = answers[evaluation.judges]
    return fer_plus(judged, votes[evaluation.judges], temperature=evaluation.temperature)


def _cost(models_dir: Path, evaluation: Evaluation) -> Cost:
    return summed([_cost_of_one(models_dir, name, evaluation) for name in models_of(evaluation)])


def _cost_of_one(models_dir: Path, name: str, evaluation: Evaluation) -> Cost:
    try:
        card = load_card(models_dir, name)
    except UnknownModel:  # of several that answered together one may be gone: the answers are kept
        return Cost(None, None, None, LOOKS[evaluation.views])
    return cost_of(models_dir, card, views=evaluation.views)
