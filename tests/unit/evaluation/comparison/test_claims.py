"""What became of the five systems' claims."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from core.datasets.report import Claim
from core.datasets.summary.published_counts import CountCheck
from core.domain import CONFIDENT2, FER7, Interval, LabelScheme, ModelCard, RecipeUsed
from core.domain.intervals import share_interval
from core.evaluation import score_predictions
from core.evaluation.comparison.claim_checks import (
    CheckedClaim,
    Evidence,
    check_claims,
    measured_shares,
    model_of_recipe,
)
from core.evaluation.comparison.claims import Outcome, implied_share, outcome_of, system_claims
from core.evaluation.comparison.recipe_figures import RecipeFigures
from core.training import RECIPES
from core.training.monitoring.measured_figures import recipe_figures
from tests.make import make_card

CLAIMED = {name: recipe.claims for name, recipe in RECIPES.items()}


def card_by(
    recipe: str, *, right: float, scheme: LabelScheme = FER7, name: str = "made"
) -> ModelCard:
    """A model of a recipe that names this share of 4,000 pictures right."""
    truth = np.arange(4000) % len(scheme)
    predicted = np.where(np.arange(4000) // 40 < right * 100, truth, (truth + 1) % len(scheme))
    logits = np.eye(len(scheme))[predicted] * 3
    reports = tuple(
        score_predictions(split, logits, truth, scheme=scheme, temperature=1.0)
        for split in ("PublicTest", "PrivateTest")
    )
    return replace(
        make_card(name), scheme=scheme, recipe=RecipeUsed(recipe, 60, 7), reports=reports
    )


def judged(what: str, evidence: Evidence, system: str = "") -> CheckedClaim:
    """The one claim about that."""
    (found,) = [
        one
        for one in check_claims(evidence)
        if one.claim.what == what and one.claim.system.startswith(system)
    ]
    return found


def test_every_claim_of_a_model_names_a_recipe_that_there_is() -> None:
    told = [one for one in system_claims() if one.recipe]
    assert {one.recipe for one in told} <= set(RECIPES)
    for one in told:
        if one.figure == "accuracy":
            assert RECIPES[one.recipe].claims > 0
            assert one.claimed is None, "it stands with the recipe"


def test_every_accuracy_of_theirs_that_a_recipe_repeats_is_among_the_claims() -> None:
    told = {one.recipe for one in system_claims() if one.figure == "accuracy"}
    systems = {one.system for one in system_claims()}
    repeats = {name for name, one in RECIPES.items() if one.claims and one.comes_from in systems}
    assert told == repeats


def test_all_five_systems_speak() -> None:
    assert len({one.system for one in system_claims()}) == 5
    assert len(check_claims(Evidence())) == len(system_claims())


@pytest.mark.parametrize(
    ("claimed", "outcome"),
    [
        (0.69, Outcome.REPRODUCED),
        (0.70, Outcome.REPRODUCED),
        (0.71, Outcome.TIED),
        (0.72, Outcome.TIED),
        (0.73, Outcome.NOT_MET),
    ],
)
def test_a_claim_is_checked_by_the_measured_interval(claimed: float, outcome: Outcome) -> None:
    assert outcome_of(claimed, Interval(0.70, 0.68, 0.72)) is outcome


@pytest.mark.parametrize(
    ("right", "outcome"),
    [(0.60, Outcome.REPRODUCED), (0.57, Outcome.TIED), (0.50, Outcome.NOT_MET)],
)
def test_a_model_of_the_recipe_decides(right: float, outcome: Outcome) -> None:
    card = card_by("csv-1-two-blocks", right=right)
    found = judged("accuracy, two blocks", Evidence([card], CLAIMED))
    assert (found.outcome, found.claimed) == (outcome, "58.0 %")
    assert found.measured.startswith(f"{right * 100:.1f} % [")
    assert found.sentence.startswith("made has it on 4,000 pictures of PrivateTest, ")


def test_without_a_model_nothing_is_said_to_be_met() -> None:
    found = judged("accuracy, two blocks", Evidence([card_by("other", right=0.9)], CLAIMED))
    assert (found.outcome, found.measured) == (Outcome.NOT_YET, "")
    assert "csv-1-two-blocks" in found.sentence


def test_a_changed_recipe_reproduces_no_claim() -> None:
    taught = replace(
        card_by("csv-1-two-blocks", right=0.7),
        recipe=RecipeUsed("csv-1-two-blocks", 60, 7, {"teachers": ["wide-11"]}),
    )
    found = judged("accuracy, two blocks", Evidence([taught], CLAIMED))
    assert found.outcome is Outcome.NOT_YET


def test_of_several_models_the_best_on_the_validation_split_is_used() -> None:
    one = card_by("five-block", right=0.6, name="one")
    other = card_by("five-block", right=0.7, name="other")
    crossed = [
        replace(one, reports=(other.reports[0], one.reports[1])),
        replace(other, reports=(one.reports[0], other.reports[1])),
    ]
    found = model_of_recipe("five-block", crossed)
    assert found is not None
    assert found.name == "one"  # though the other did better on the test


def test_figures_of_one_class_are_taken_from_its_counts() -> None:
    card = card_by("attention-binary", right=0.9, scheme=CONFIDENT2)
    evidence = Evidence([card], CLAIMED)
    assert judged("precision of stressed", evidence).measured.startswith("90.0 % [")
    assert judged("recall of stressed", evidence).outcome is Outcome.REPRODUCED
    area = judged("area under the ROC curve", evidence)
    assert (area.claimed, area.outcome) == ("0.935", Outcome.NOT_MET)


def test_an_older_card_without_areas_says_so() -> None:
    card = card_by("attention-binary", right=0.9, scheme=CONFIDENT2)
    report = card.reports[1]
    rows = tuple(replace(row, auc=None) for row in report.per_class)
    card = replace(card, reports=(card.reports[0], replace(report, per_class=rows)))
    found = judged("area under the ROC curve", Evidence([card], CLAIMED))
    assert found.outcome is Outcome.NOT_YET
    assert found.sentence == "made was made before this figure was measured."


@pytest.mark.parametrize(
    ("weights", "outcome"), [(3_460_000, Outcome.REPRODUCED), (2_100_000, Outcome.NOT_MET)]
)
def test_weights_are_compared_as_they_are_rounded(weights: int, outcome: Outcome) -> None:
    card = replace(card_by("five-block", right=0.7), weights=weights)
    found = judged("weights", Evidence([card], CLAIMED))
    assert (found.outcome, found.claimed) == (outcome, "3.5 million")
    assert found.measured == f"{weights:,}"


def test_shares_of_pictures_come_from_the_preparation_report() -> None:
    near = Claim("near duplicates", 0.08, (), measured=0.12)
    found = judged("near duplicates", Evidence(shares=[near]))
    assert (found.outcome, found.claimed, found.measured) == (Outcome.NOT_MET, "8.0 %", "12.0 %")
    holds = replace(near, measured=0.085)
    assert judged("near duplicates", Evidence(shares=[holds])).outcome is Outcome.REPRODUCED
    looked = replace(near, measured=None)
    assert judged("near duplicates", Evidence(shares=[looked])).outcome is Outcome.NOT_YET


def test_numbers_that_do_not_fit_each_other_are_inconsistent() -> None:
    counted = judged("pictures after its mapping", Evidence())
    assert (counted.outcome, counted.claimed) == (Outcome.INCONSISTENT, "29,262")
    assert counted.measured == "31,338"
    together = judged("accuracy, precision and recall together", Evidence())
    assert together.outcome is Outcome.INCONSISTENT
    assert "46.1 % to 49.5 %" in together.sentence
    assert "51.5 %" in together.sentence


def test_three_figures_of_one_table_lead_back_to_its_share() -> None:
    hits, misses, false_alarms, rest = 430, 70, 90, 410
    accuracy = (hits + rest) / 1000
    found = implied_share(accuracy, hits / (hits + false_alarms), hits / (hits + misses))
    assert found.value == pytest.approx(0.5)
    assert found.low < found.value < found.high


def test_what_was_never_measured_cannot_be_repeated() -> None:
    found = judged("accuracy, 75 to 85 %", Evidence())
    assert found.outcome is Outcome.NOT_TESTABLE
    assert "never measured" in found.sentence


@dataclass(frozen=True)
class Report:
    """As much of a preparation report as is asked for here."""

    checks: tuple[CountCheck, ...]
    claims: tuple[Claim, ...]


def test_shares_come_only_from_a_report_on_all_of_fer2013() -> None:
    measured = (Claim("near duplicates", 0.08, (), measured=0.12),)
    whole = CountCheck("All pictures", 35_887, 35_887, ok=True, sentence="")
    part = replace(whole, found=900, ok=False)
    assert measured_shares([]) == ()
    assert measured_shares([Report((part,), measured), Report((), measured)]) == ()
    assert measured_shares([Report((whole,), ()), Report((whole,), measured)]) == measured


def test_a_recorded_training_checks_a_claim_without_a_registered_model() -> None:
    recorded = RecipeFigures(Interval(0.60, 0.585, 0.617), 1_199_495, 3589)
    found = judged(
        "accuracy, two blocks", Evidence([], CLAIMED, trained={"csv-1-two-blocks": recorded})
    )
    assert (found.outcome, found.measured) == (Outcome.REPRODUCED, "60.0 % [58.5, 61.7]")
    assert found.sentence == (
        "The training in docs/recipes.md had it on 3,589 pictures of PrivateTest, at least the "
        "claim."
    )


def test_a_registered_model_is_used_before_a_recorded_training() -> None:
    recorded = RecipeFigures(Interval(0.60, 0.585, 0.617), 1_199_495, 3589)
    card = card_by("csv-1-two-blocks", right=0.5)
    trained = {"csv-1-two-blocks": recorded}
    found = judged("accuracy, two blocks", Evidence([card], CLAIMED, trained=trained))
    assert (found.outcome, found.sentence[:4]) == (Outcome.NOT_MET, "made")


def test_figures_of_one_class_of_an_earlier_training_have_their_interval() -> None:
    recorded = RecipeFigures(
        Interval(0.829, 0.815, 0.842),
        876_939,
        3118,
        Interval(0.913, 0.903, 0.922),
        "stressed",
        precision=0.821,
        recall=0.855,
    )
    evidence = Evidence([], CLAIMED, trained={"attention-binary": recorded})
    precision = judged("precision of stressed", evidence)
    assert (precision.outcome, precision.measured[:8]) == (Outcome.NOT_MET, "82.1 % [")
    assert judged("recall of stressed", evidence).outcome is Outcome.REPRODUCED
    # 1,613 pictures of PrivateTest are stressed; their number is worked out to within a few.
    true, found = share_interval(round(0.855 * 1613), 1613), recorded.figure("recall", "stressed")
    assert found is not None
    assert (found.low, found.high) == pytest.approx((true.low, true.high), abs=5e-4)


def test_a_figure_that_no_training_kept_says_so() -> None:
    recorded = RecipeFigures(Interval(0.685, 0.67, 0.70), 1_468_135, 3589)
    found = judged("macro-F1 of its choice", Evidence(trained={"csv-4-vgg-dropout": recorded}))
    assert (found.outcome, found.measured) == (Outcome.NOT_YET, "")
    assert "left no such figure" in found.sentence


def test_what_is_shipped_answers_every_claim_of_a_recipe_that_was_trained() -> None:
    recorded = recipe_figures()
    for one in check_claims(Evidence([], CLAIMED, trained=recorded)):
        if one.claim.recipe in recorded and one.claim.figure != "macro_f1":
            assert one.outcome is not Outcome.NOT_YET, one.claim
            assert one.measured
