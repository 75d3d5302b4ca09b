"""What a report on a model says, whichever way it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.domain import EpochEnded, Interval, ModelCard
from core.evaluation.claims import JudgedClaim
from core.evaluation.condition_report import ConditionsReport
from core.evaluation.contenders import name_of
from core.evaluation.costs import Cost
from core.evaluation.fer_plus import FerPlus
from core.evaluation.figures import Figures, ScoreFigures
from core.evaluation.groups import GroupsReport
from core.evaluation.kept_answers import KeptAnswers
from core.evaluation.protocols import Protocol
from core.evaluation.published import OwnFigure, TableLine
from core.evaluation.saliency import SaliencyPart
from core.evaluation.shelf import Evaluation
from core.models.formats import ConvertedFormat


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
class JudgedProtocol:
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
    answers: Mapping[str, KeptAnswers]
    protocols: tuple[JudgedProtocol, ...]
    recipe: Mapping[str, Any]
    cost: Cost
    history: tuple[EpochEnded, ...] = ()
    fer_plus: FerPlus | None = None
    saliency: SaliencyPart | None = None
    conditions: ConditionsReport | None = None
    groups: tuple[GroupsReport, ...] = ()
    formats: tuple[ConvertedFormat, ...] = ()
    own: OwnFigure | None = None
    published: tuple[TableLine, ...] = ()
    claims: tuple[JudgedClaim, ...] = field(default=())

    @property
    def name(self) -> str:
        """Who was judged, and how pictures were looked at."""
        return name_of(self.evaluation)

    @property
    def first(self) -> JudgedProtocol:
        """The protocol whose figures stand for the model."""
        return self.protocols[0]
