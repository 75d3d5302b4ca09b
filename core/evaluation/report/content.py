"""The content of a report on a model, in whichever format it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.domain import TO_CONFIDENT2, EpochEnded, Interval, ModelCard
from core.domain.errors import EmptySplit, UnknownModel
from core.domain.intervals import share_interval
from core.evaluation.comparison.candidates import models_of, name_of, own_figure
from core.evaluation.comparison.claims import CheckedClaim
from core.evaluation.comparison.costs import VIEW_COUNTS, Cost, cost_of, total_cost
from core.evaluation.comparison.published_results import OwnFigure, PublishedRow, with_own_results
from core.evaluation.explain.saliency import SALIENCY_FILE, SaliencyPart, read_saliency
from core.evaluation.predictions.evaluation import Evaluation, usual_first
from core.evaluation.predictions.evaluation_files import (
    GROUPS_FILE,
    HISTORY_FILE,
    ROBUSTNESS_FILE,
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
from core.evaluation.predictions.leakage import LEAKAGE_FILE, DuplicateLeakage, read_leakage
from core.evaluation.predictions.predictions import SplitPredictions
from core.evaluation.robustness.report import RobustnessReport
from core.evaluation.scorecard.ferplus import FerPlus, fer_plus
from core.evaluation.scorecard.protocols import (
    Protocol,
    duplicate_counts,
    protocols_of,
    under_map,
    without_duplicates,
)
from core.evaluation.scorecard.scorecard_metrics import (
    ScorecardMetrics,
    ScoreFigures,
    figures_of,
    score_figures_of,
)
from core.evaluation.subgroups.report import GroupsReport, read_groups
from core.models import ConvertedFormat, load_card, read_formats


@dataclass(frozen=True, eq=False)
class MappedFigures:
    """Metrics under fewer classes: scores of classes that become one are summed.

    Attributes:
        name: of the mapping.
        figures: on the pictures whose class is mapped.
        auc: area under the ROC curve of the last class; None where it is undefined.
    """

    name: str
    figures: ScorecardMetrics
    auc: Interval | None


@dataclass(frozen=True, eq=False)
class EvaluatedProtocol:
    """All metrics on one choice of pictures.

    Attributes:
        protocol: which pictures.
        figures, scores: on all of its pictures.
        duplicates: split -> pictures that duplicate one of it; None where none were searched for.
        mapped: the same predictions under fewer classes; None where no mapping fits.
        without_duplicates: accuracy without duplicates; None where none were searched for, or no
            picture is left.
    """

    protocol: Protocol
    figures: ScorecardMetrics
    scores: ScoreFigures
    mapped: MappedFigures | None = None
    duplicates: Mapping[str, int] | None = None
    without_duplicates: Interval | None = None

    @property
    def name(self) -> str:
        """Of the protocol."""
        return self.protocol.name


@dataclass(frozen=True, eq=False)
class FullReport:
    """Everything a report is written from.

    Attributes:
        card: of the model.
        evaluation: that the metrics are from.
        made_at: when the report was made, UTC, ISO 8601.
        answers: the model's predictions, by split.
        protocols: the main one first.
        recipe: entry -> value of how it was trained; empty where that is not known.
        cost: of one prediction.
        history: of the training, epoch by epoch.
        fer_plus: agreement with human votes, on the first protocol.
        saliency: its mean saliency maps.
        robustness: its accuracy on corrupted pictures.
        groups: its metrics on declared groups.
        formats: it was converted to.
        own: its accuracy on FER2013's PrivateTest; None where it was evaluated on other pictures.
        published: published figures with its own among them.
        claims: of the authors of its recipe.
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
    robustness: RobustnessReport | None = None
    groups: tuple[GroupsReport, ...] = ()
    formats: tuple[ConvertedFormat, ...] = ()
    own: OwnFigure | None = None
    published: tuple[PublishedRow, ...] = ()
    claims: tuple[CheckedClaim, ...] = field(default=())

    @property
    def name(self) -> str:
        """The model or ensemble, and its views per picture if more than one."""
        return name_of(self.evaluation)

    @property
    def first(self) -> EvaluatedProtocol:
        """The main protocol."""
        return self.protocols[0]


@dataclass(frozen=True)
class ReportContext:
    """What a report says that is not stored in the model's folder.

    Attributes:
        made_at: when the report is made, UTC, ISO 8601.
        recipe: entry -> value of how the model was trained.
        claims: all that were checked.
    """

    made_at: str
    recipe: Mapping[str, Any] = field(default_factory=dict)
    claims: tuple[CheckedClaim, ...] = ()


def chosen_evaluation(models_dir: Path, model: str, slug: str = "") -> Evaluation:
    """The requested evaluation.

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


def build_report(models_dir: Path, evaluation: Evaluation, context: ReportContext) -> FullReport:
    """Read and derive the content of a report.

    Raises:
        UnknownModel: the model was deleted.
        DamagedModel: a file of the evaluation is missing or damaged.
        EmptySplit: it holds no predictions.
    """
    card = load_card(models_dir, evaluation.model)
    answers = load_predictions(models_dir, evaluation)
    leakage = _leakage(models_dir, evaluation)
    protocols = tuple(
        _evaluated_protocol(one, evaluation, answers, leakage)
        for one in protocols_of(evaluation, answers)
    )
    if not protocols:
        raise EmptySplit(
            f"The evaluation {evaluation.slug} holds no predictions.", advice="Evaluate again."
        )
    cost = _cost(models_dir, evaluation)
    own = own_figure(evaluation, answers, cost.weights)
    saliency = read_part(models_dir, evaluation, SALIENCY_FILE)
    robustness = read_part(models_dir, evaluation, ROBUSTNESS_FILE)
    groups = read_part(models_dir, evaluation, GROUPS_FILE)
    history = read_part(models_dir, evaluation, HISTORY_FILE)
    # An ensemble has no single recipe, claim or file.
    is_single = not evaluation.together
    return FullReport(
        card=card,
        evaluation=evaluation,
        made_at=context.made_at,
        answers=answers,
        protocols=protocols,
        recipe=context.recipe if is_single else {},
        cost=cost,
        history=read_history(history) if history else (),
        fer_plus=_fer_plus(models_dir, evaluation, answers),
        saliency=read_saliency(saliency) if saliency else None,
        robustness=RobustnessReport.from_bytes(robustness) if robustness else None,
        groups=read_groups(groups) if groups else (),
        formats=read_formats(models_dir, card) if is_single else (),
        own=own,
        published=with_own_results(own) if own is not None else (),
        claims=tuple(
            one for one in context.claims if is_single and one.claim.recipe == card.recipe_name
        ),
    )


def _evaluated_protocol(
    protocol: Protocol,
    evaluation: Evaluation,
    answers: Mapping[str, SplitPredictions],
    leakage: Mapping[str, DuplicateLeakage],
) -> EvaluatedProtocol:
    left = without_duplicates(protocol, answers, leakage, own=lambda one: one.unseen_photographs)
    return EvaluatedProtocol(
        protocol,
        figures_of(protocol.answers),
        score_figures_of(
            protocol.answers,
            temperature=evaluation.temperature,
            not_sure_below=evaluation.not_sure_below,
        ),
        _mapped_figures(protocol, evaluation),
        None if left is None else duplicate_counts(protocol, leakage),
        None
        if left is None or not len(left.labels)
        else share_interval(int(left.right.sum()), len(left.labels)),
    )


def _mapped_figures(protocol: Protocol, evaluation: Evaluation) -> MappedFigures | None:
    found = under_map(protocol.answers, TO_CONFIDENT2, temperature=evaluation.temperature)
    if found is None or not len(found.labels):
        return None
    threshold = evaluation.not_sure_below
    scores = score_figures_of(found, temperature=1.0, not_sure_below=threshold)
    auc = scores.curves[-1].auc if scores.curves else None
    return MappedFigures(TO_CONFIDENT2.name, figures_of(found), auc)


def _leakage(models_dir: Path, evaluation: Evaluation) -> dict[str, DuplicateLeakage]:
    content = read_part(models_dir, evaluation, LEAKAGE_FILE)
    return read_leakage(content) if content else {}


def _fer_plus(
    models_dir: Path, evaluation: Evaluation, answers: Mapping[str, SplitPredictions]
) -> FerPlus | None:
    content = read_part(models_dir, evaluation, VOTES_FILE)
    votes = read_votes_part(content) if content else {}
    if evaluation.judges not in votes:
        return None
    return fer_plus(
        answers[evaluation.judges], votes[evaluation.judges], temperature=evaluation.temperature
    )


def _cost(models_dir: Path, evaluation: Evaluation) -> Cost:
    return total_cost(
        [_cost_of_one(models_dir, name, evaluation) for name in models_of(evaluation)]
    )


def _cost_of_one(models_dir: Path, name: str, evaluation: Evaluation) -> Cost:
    try:
        card = load_card(models_dir, name)
    except UnknownModel:  # one model of an ensemble may be deleted: the predictions remain
        return Cost(None, None, None, VIEW_COUNTS[evaluation.views])
    return cost_of(models_dir, card, views=evaluation.views)
