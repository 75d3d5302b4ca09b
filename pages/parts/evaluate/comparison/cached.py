"""What all visitors share of comparing models, and each thing's lifetime.

What these functions answer is read-only by agreement.
"""

from __future__ import annotations

import streamlit as st

from core.datasets.report import WrittenReport
from core.domain.errors import MienError
from core.evaluation.comparison import (
    CheckedClaim,
    Comparison,
    Cost,
    Disagreements,
    Evidence,
    OwnFigure,
    check_claims,
    comparable_evaluations,
    compare_models,
    compared_model,
    cost_of,
    disagreements,
    measured_shares,
    models_of,
    name_of,
    own_figure,
    total_cost,
)
from core.evaluation.predictions import Evaluation
from core.training import RECIPES
from core.training.monitoring import recipe_figures
from pages.parts.evaluate import cached as evaluate_cached
from pages.parts.explore import cached as explore_cached
from pages.parts.explore.cached import DatasetView
from pages.parts.shell import cached as shell_cached


def comparable_by_name(evaluation: Evaluation) -> dict[str, Evaluation]:
    """Evaluations that can be compared with this one, itself first, by name."""
    others = [
        one for card in shell_cached.cards() for one in evaluate_cached.evaluations_of(card.name)
    ]
    return {name_of(one): one for one in comparable_evaluations(evaluation, others)}


def comparison(split: str, chosen: list[Evaluation]) -> Comparison:
    """Several models on the pictures of one split.

    Raises:
        PlanError, LabelSchemeMismatch, EmptySplit: they cannot be compared.
        DamagedModel: stored predictions cannot be read.
    """
    versions = " ".join(
        f"{one.model}/{one.slug}/{evaluate_cached.version_of(one)}" for one in chosen
    )
    return _comparison(split, versions, chosen)


@st.cache_resource(max_entries=16, show_spinner="Comparing …")
def _comparison(
    split: str,
    versions: str,  # noqa: ARG001 - part of the key
    _chosen: list[Evaluation],
) -> Comparison:
    return compare_models(
        split, [compared_model(one, evaluate_cached.answers_of(one)[split]) for one in _chosen]
    )


def disagreements_on(split: str, first: Evaluation, second: Evaluation) -> Disagreements:
    """Pictures of a split that only one of two models classifies correctly.

    Raises:
        DamagedModel: stored predictions cannot be read.
    """
    answers = [evaluate_cached.answers_of(one)[split] for one in (first, second)]
    return disagreements(answers[0], answers[1])


def costs_of(chosen: list[Evaluation]) -> dict[str, Cost]:
    """Cost of predicting one picture, by name; without deleted models.

    Raises:
        DamagedModel: a list of formats cannot be read.
    """
    cards = {card.name: card for card in shell_cached.cards()}
    models_dir, found = shell_cached.settings().models_dir, {}
    for one in chosen:
        models = models_of(one)
        if all(name in cards for name in models):
            found[name_of(one)] = total_cost(
                [cost_of(models_dir, cards[name], views=one.views) for name in models]
            )
    return found


def own_figures(chosen: list[Evaluation]) -> list[OwnFigure]:
    """Their accuracies on PrivateTest, without those evaluated on other pictures.

    Raises:
        DamagedModel: stored predictions cannot be read.
    """
    costs, found = costs_of(chosen), []
    for one in chosen:
        cost = costs.get(name_of(one))
        weights = None if cost is None else cost.weights
        found.append(own_figure(one, evaluate_cached.answers_of(one), weights))
    return [one for one in found if one is not None]


def claims() -> tuple[CheckedClaim, ...]:
    """The five systems' claims with their outcomes."""
    recipes = {name: recipe.claims for name, recipe in RECIPES.items()}
    return check_claims(
        Evidence(shell_cached.cards(), recipes, measured_shares(_reports()), recipe_figures())
    )


def _reports() -> list[WrittenReport]:
    """Preparation reports of all datasets here; those that cannot be read are left out."""
    found = []
    for entry in explore_cached.datasets():
        try:
            report = explore_cached.report_of(DatasetView(entry.name))
        except MienError:
            continue
        if report is not None:
            found.append(report)
    return found
