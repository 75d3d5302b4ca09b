"""Checks of the five systems' claims against models, reports and recorded trainings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from core.datasets.report import Claim, WrittenReport
from core.datasets.summary import ALL_PICTURES, CONFIDENT2_BY_ITS_MAP, CONFIDENT2_PUBLISHED
from core.domain import EvaluationReport, Interval, ModelCard
from core.domain.counted import counted, interval_ends, percent, tenths
from core.domain.intervals import share_interval
from core.domain.wording import exactly
from core.evaluation.comparison.claims import (
    CheckedClaim,
    Outcome,
    SystemClaim,
    implied_share,
    outcome_of,
    system_claims,
)
from core.evaluation.comparison.published_results import PRIVATE_TEST
from core.evaluation.comparison.recipe_figures import RecipeFigures

# Fear, angry and sad of Training and both tests, among all pictures that the mapping keeps.
_STRESSED_BY_ITS_MAP = (4097 + 3995 + 4830 + 3229) / CONFIDENT2_BY_ITS_MAP

_RECORDED_TRAINING = "The training in docs/recipes.md"


@dataclass(frozen=True)
class Evidence:
    """What claims are checked against.

    Attributes:
        cards: of the registered models.
        recipe_claims: recipe -> the accuracy its authors report; 0 where they report none.
        shares: measured by the preparation report of FER2013; empty where there is none.
        trained: recipe -> metrics of an earlier training; used where no registered model has them.
    """

    cards: Sequence[ModelCard] = ()
    recipe_claims: Mapping[str, float] = field(default_factory=dict)
    shares: Sequence[Claim] = ()
    trained: Mapping[str, RecipeFigures] = field(default_factory=dict)


def check_claims(evidence: Evidence) -> tuple[CheckedClaim, ...]:
    """Every claim with its outcome, in the order of the systems."""
    return tuple(_CHECKS[one.figure](one, evidence) for one in system_claims())


def measured_shares(reports: Iterable[WrittenReport]) -> tuple[Claim, ...]:
    """Shares measured by a preparation report of all of FER2013; empty without one."""
    for report in reports:
        is_complete = any(one.expected == ALL_PICTURES and one.ok for one in report.checks)
        if is_complete and any(one.measured is not None for one in report.claims):
            return report.claims
    return ()


def model_of_recipe(recipe: str, cards: Sequence[ModelCard]) -> ModelCard | None:
    """The model trained here with an unchanged recipe on FER2013; None without any.

    Of several it is the one with the best validation accuracy: the test split must not select.
    """
    trained = [
        card
        for card in cards
        if card.recipe is not None
        and card.recipe.name == recipe
        and not card.recipe.is_changed
        and card.report(PRIVATE_TEST) is not None
    ]
    return max(
        trained, key=lambda card: (card.own_reports[0].accuracy.value, card.name), default=None
    )


def _check_by_model(claim: SystemClaim, evidence: Evidence) -> CheckedClaim:
    """Check accuracy, macro-F1, area under the ROC curve, precision or recall."""
    claimed = claim.claimed
    if claimed is None:
        claimed = evidence.recipe_claims.get(claim.recipe, 0.0)
    card = model_of_recipe(claim.recipe, evidence.cards)
    report = card.report(PRIVATE_TEST) if card is not None else None
    measured = _figure(claim, report) if report is not None else None
    if card is not None and report is not None and measured is not None:
        return _compared(claim, claimed, measured, f"{card.name} has it on", report.pictures)
    recorded = evidence.trained.get(claim.recipe)
    measured = recorded.figure(claim.figure, claim.label) if recorded is not None else None
    if recorded is not None and measured is not None:
        return _compared(
            claim, claimed, measured, f"{_RECORDED_TRAINING} had it on", recorded.pictures
        )
    reason = _training_needed(claim)
    if card is not None:
        reason = f"{card.name} was made before this figure was measured."
    elif recorded is not None:
        reason = f"{_RECORDED_TRAINING} left no such figure: train {claim.recipe} on FER2013."
    return CheckedClaim(claim, _writer(claim)(claimed), Outcome.NOT_YET, "", reason)


def _compared(
    claim: SystemClaim, claimed: float, measured: Interval, who: str, pictures: int
) -> CheckedClaim:
    outcome, write = outcome_of(claimed, measured), _writer(claim)
    how = {
        Outcome.REPRODUCED: "at least the claim",
        Outcome.TIED: "with the claim inside its 95 % CI",
        Outcome.NOT_MET: "with the claim above its 95 % CI",
    }[outcome]
    return CheckedClaim(
        claim,
        write(claimed),
        outcome,
        _interval_writer(claim)(measured),
        f"{who} {counted(pictures, 'picture')} of {PRIVATE_TEST}, {how}.",
    )


def _writer(claim: SystemClaim) -> Callable[[float], str]:
    return _decimal if claim.figure in {"auc", "macro_f1"} else tenths


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
    return share_interval(hits, of) if of else None


def _check_weights(claim: SystemClaim, evidence: Evidence) -> CheckedClaim:
    claimed = 0.0 if claim.claimed is None else claim.claimed
    card = model_of_recipe(claim.recipe, evidence.cards)
    recorded = evidence.trained.get(claim.recipe)
    if card is not None and card.weights:
        who, weights = f"{card.name} has", card.weights
    elif recorded is not None:
        who, weights = f"{_RECORDED_TRAINING} had", recorded.weights
    else:
        return CheckedClaim(claim, _million(claimed), Outcome.NOT_YET, "", _training_needed(claim))
    is_same = _million(weights) == _million(claimed)
    return CheckedClaim(
        claim,
        _million(claimed),
        Outcome.REPRODUCED if is_same else Outcome.NOT_MET,
        f"{weights:,}",
        f"{who} {'that many' if is_same else 'another number'} as the claim is rounded.",
    )


def _check_share(claim: SystemClaim, evidence: Evidence) -> CheckedClaim:
    found = next((one for one in evidence.shares if one.what == claim.of), None)
    if found is None or found.measured is None:
        claimed = "" if found is None else tenths(found.claimed)
        advice = "Audit FER2013 and make its preparation report: it measures this."
        return CheckedClaim(claim, claimed, Outcome.NOT_YET, "", advice)
    return CheckedClaim(
        claim,
        tenths(found.claimed),
        Outcome.REPRODUCED if found.holds else Outcome.NOT_MET,
        tenths(found.measured),
        "The preparation report's measure lies "
        f"{'within' if found.holds else 'more than'} a fifth of the claim"
        f"{'' if found.holds else ' away'}; what counts as such a picture is its definition.",
    )


def _check_count(claim: SystemClaim, _evidence: Evidence) -> CheckedClaim:
    return CheckedClaim(
        claim,
        f"{CONFIDENT2_PUBLISHED:,}",
        Outcome.INCONSISTENT,
        f"{CONFIDENT2_BY_ITS_MAP:,}",
        "Its own mapping of FER2013, counted, gives the other number.",
    )


def _check_consistency(claim: SystemClaim, _evidence: Evidence) -> CheckedClaim:
    implied = implied_share(claim.accuracy, claim.precision, claim.recall)
    fits = implied.low <= _STRESSED_BY_ITS_MAP <= implied.high
    measured = f"{tenths(implied.low)} to {tenths(implied.high)} stressed"
    return CheckedClaim(
        claim,
        f"{tenths(claim.accuracy)}, {percent(claim.precision)}, {percent(claim.recall)}",
        Outcome.REPRODUCED if fits else Outcome.INCONSISTENT,
        measured,
        f"The three figures imply {measured} pictures; its mapping gives "
        f"{tenths(_STRESSED_BY_ITS_MAP)}.",
    )


def _not_testable(claim: SystemClaim, _evidence: Evidence) -> CheckedClaim:
    return CheckedClaim(claim, "", Outcome.NOT_TESTABLE, "", claim.why)


_CHECKS: Mapping[str, Callable[[SystemClaim, Evidence], CheckedClaim]] = {
    **dict.fromkeys(("accuracy", "macro_f1", "auc", "precision", "recall"), _check_by_model),
    "weights": _check_weights,
    "share": _check_share,
    "count": _check_count,
    "together": _check_consistency,
    "none": _not_testable,
}


def _training_needed(claim: SystemClaim) -> str:
    return f"There is no model of the recipe {claim.recipe} here: train it on FER2013."


def _decimal(figure: float) -> str:
    return f"{figure:.3f}"


def _decimal_with_ends(found: Interval) -> str:
    return f"{_decimal(found.value)} {interval_ends(found.low, found.high, '.3f')}"


def _million(count: float) -> str:
    return f"{count / 1e6:.1f} million"
