"""The five systems' claims beside what models and reports here say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from core.datasets.report import Claim, WrittenReport
from core.datasets.summary import ALL_PICTURES, CONFIDENT2_BY_ITS_MAP, CONFIDENT2_PUBLISHED
from core.domain import EvaluationReport, Interval, ModelCard
from core.domain.counted import counted, interval_ends
from core.domain.wording import exactly
from core.evaluation.comparison.claims import (
    JudgedClaim,
    Outcome,
    SystemClaim,
    against,
    implied_share,
    system_claims,
)
from core.evaluation.comparison.published_results import PRIVATE_TEST
from core.evaluation.comparison.recipe_figures import RecipeFigures
from core.evaluation.metrics.basics import wilson_interval

# Fear, angry and sad of Training and both tests, among all pictures that the mapping keeps.
_STRESSED_BY_ITS_MAP = (4097 + 3995 + 4830 + 3229) / CONFIDENT2_BY_ITS_MAP

_RECORDED = "The training in docs/recipes.md"


@dataclass(frozen=True)
class Evidence:
    """What claims are judged by.

    Attributes:
        cards: of the models on the shelf.
        recipe_claims: recipe -> the accuracy its authors report; 0 where they report none.
        shares: what the preparation report of FER2013 found; empty where there is none.
        trained: recipe -> what it reached where it was trained before; asked where no model on the
            shelf answers.
    """

    cards: Sequence[ModelCard] = ()
    recipe_claims: Mapping[str, float] = field(default_factory=dict)
    shares: Sequence[Claim] = ()
    trained: Mapping[str, RecipeFigures] = field(default_factory=dict)


def judged_claims(evidence: Evidence) -> tuple[JudgedClaim, ...]:
    """Every claim with what became of it, in the order of the systems."""
    return tuple(_JUDGES[one.figure](one, evidence) for one in system_claims())


def shares_in(reports: Iterable[WrittenReport]) -> tuple[Claim, ...]:
    """The shares that a preparation report of all of FER2013 measured; empty without one."""
    for report in reports:
        is_whole = any(one.expected == ALL_PICTURES and one.ok for one in report.checks)
        if is_whole and any(one.measured is not None for one in report.claims):
            return report.claims
    return ()


def repeated_by(recipe: str, cards: Sequence[ModelCard]) -> ModelCard | None:
    """The model that stands for a recipe; None where nobody trained it here on FER2013.

    Of several it is the one that the choosing split prefers: the test may not choose. One of a
    changed recipe repeats nobody's.
    """
    made = [
        card
        for card in cards
        if card.recipe is not None
        and card.recipe.name == recipe
        and not card.recipe.is_changed
        and card.report(PRIVATE_TEST) is not None
    ]
    return max(made, key=lambda card: (card.own_reports[0].accuracy.value, card.name), default=None)


def _by_a_model(claim: SystemClaim, evidence: Evidence) -> JudgedClaim:
    """Accuracy, macro-F1, area under the curve, precision and recall."""
    claimed = claim.claimed
    if claimed is None:
        claimed = evidence.recipe_claims.get(claim.recipe, 0.0)
    card = repeated_by(claim.recipe, evidence.cards)
    report = card.report(PRIVATE_TEST) if card is not None else None
    measured = _figure(claim, report) if report is not None else None
    if card is not None and report is not None and measured is not None:
        return _compared(claim, claimed, measured, f"{card.name} has it on", report.pictures)
    kept = evidence.trained.get(claim.recipe)
    measured = kept.figure(claim.figure, claim.label) if kept is not None else None
    if kept is not None and measured is not None:
        return _compared(claim, claimed, measured, f"{_RECORDED} had it on", kept.pictures)
    waits = _train_it(claim)
    if card is not None:
        waits = f"{card.name} was made before this figure was measured."
    elif kept is not None:
        waits = f"{_RECORDED} left no such figure: train {claim.recipe} on FER2013."
    return JudgedClaim(claim, _writer(claim)(claimed), Outcome.NOT_YET, "", waits)


def _compared(
    claim: SystemClaim, claimed: float, measured: Interval, who: str, pictures: int
) -> JudgedClaim:
    outcome, write = against(claimed, measured), _writer(claim)
    how = {
        Outcome.REPRODUCED: "at least the claim",
        Outcome.TIED: "with the claim inside its 95 % CI",
        Outcome.NOT_MET: "with the claim above its 95 % CI",
    }[outcome]
    return JudgedClaim(
        claim,
        write(claimed),
        outcome,
        _interval_writer(claim)(measured),
        f"{who} {counted(pictures, 'picture')} of {PRIVATE_TEST}, {how}.",
    )


def _writer(claim: SystemClaim) -> Callable[[float], str]:
    return _decimal if claim.figure in {"auc", "macro_f1"} else _percent


def _interval_writer(claim: SystemClaim) -> Callable[[Interval], str]:
    return _decimal_with_ends if claim.figure in {"auc", "macro_f1"} else exactly


def _figure(claim: SystemClaim, report: EvaluationReport) -> Interval | None:
    if claim.figure == "accuracy":
        return report.accuracy
    if claim.figure == "macro_f1":
        return report.macro_f1
    at = next((k for k, row in enumerate(report.per_class) if row.label == claim.label), None)
    if at is None:
        return None
    if claim.figure == "auc":
        return report.per_class[at].auc
    hits = report.counts[at][at]
    if claim.figure == "recall":
        of = sum(report.counts[at])
    else:
        of = sum(row[at] for row in report.counts)
    return wilson_interval(hits, of) if of else None


def _by_weights(claim: SystemClaim, evidence: Evidence) -> JudgedClaim:
    claimed = 0.0 if claim.claimed is None else claim.claimed
    card = repeated_by(claim.recipe, evidence.cards)
    kept = evidence.trained.get(claim.recipe)
    if card is not None and card.weights:
        who, weights = f"{card.name} has", card.weights
    elif kept is not None:
        who, weights = f"{_RECORDED} had", kept.weights
    else:
        return JudgedClaim(claim, _million(claimed), Outcome.NOT_YET, "", _train_it(claim))
    is_same = _million(weights) == _million(claimed)
    return JudgedClaim(
        claim,
        _million(claimed),
        Outcome.REPRODUCED if is_same else Outcome.NOT_MET,
        f"{weights:,}",
        f"{who} {'that many' if is_same else 'another number'} as the claim is rounded.",
    )


def _by_a_share(claim: SystemClaim, evidence: Evidence) -> JudgedClaim:
    found = next((one for one in evidence.shares if one.what == claim.of), None)
    if found is None or found.measured is None:
        told = "" if found is None else _percent(found.claimed)
        audit = "Audit FER2013 and make its preparation report: it measures this."
        return JudgedClaim(claim, told, Outcome.NOT_YET, "", audit)
    return JudgedClaim(
        claim,
        _percent(found.claimed),
        Outcome.REPRODUCED if found.holds else Outcome.NOT_MET,
        _percent(found.measured),
        "The preparation report's measure lies "
        f"{'within' if found.holds else 'more than'} a fifth of the claim"
        f"{'' if found.holds else ' away'}; what counts as such a picture is its definition.",
    )


def _by_counting(claim: SystemClaim, _evidence: Evidence) -> JudgedClaim:
    return JudgedClaim(
        claim,
        f"{CONFIDENT2_PUBLISHED:,}",
        Outcome.INCONSISTENT,
        f"{CONFIDENT2_BY_ITS_MAP:,}",
        "Its own mapping of FER2013, counted, gives the other number.",
    )


def _by_each_other(claim: SystemClaim, _evidence: Evidence) -> JudgedClaim:
    room = implied_share(claim.accuracy, claim.precision, claim.recall)
    fits = room.low <= _STRESSED_BY_ITS_MAP <= room.high
    told = f"{_percent(room.low)} to {_percent(room.high)} stressed"
    return JudgedClaim(
        claim,
        f"{_percent(claim.accuracy)}, {claim.precision * 100:.0f} %, {claim.recall * 100:.0f} %",
        Outcome.REPRODUCED if fits else Outcome.INCONSISTENT,
        told,
        f"The three figures imply {told} pictures; its mapping gives "
        f"{_percent(_STRESSED_BY_ITS_MAP)}.",
    )


def _by_nothing(claim: SystemClaim, _evidence: Evidence) -> JudgedClaim:
    return JudgedClaim(claim, "", Outcome.NOT_TESTABLE, "", claim.why)


_JUDGES: Mapping[str, Callable[[SystemClaim, Evidence], JudgedClaim]] = {
    **dict.fromkeys(("accuracy", "macro_f1", "auc", "precision", "recall"), _by_a_model),
    "weights": _by_weights,
    "share": _by_a_share,
    "count": _by_counting,
    "together": _by_each_other,
    "none": _by_nothing,
}


def _train_it(claim: SystemClaim) -> str:
    return f"There is no model of the recipe {claim.recipe} here: train it on FER2013."


def _percent(share: float) -> str:
    return f"{share * 100:.1f} %"


def _decimal(figure: float) -> str:
    return f"{figure:.3f}"


def _decimal_with_ends(found: Interval) -> str:
    return f"{_decimal(found.value)} {interval_ends(found.low, found.high, '.3f')}"


def _million(count: float) -> str:
    return f"{count / 1e6:.1f} million"
