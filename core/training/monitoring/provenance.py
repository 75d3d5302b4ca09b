"""How a saved model was trained, for evaluation reports."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core.domain import ModelCard
from core.domain.errors import UnknownRun
from core.evaluation.comparison import Evidence, check_claims
from core.evaluation.report import ReportContext
from core.jobs import RunFolder
from core.models import list_cards, load_card
from core.settings import Settings
from core.training.monitoring.measured_figures import recipe_figures
from core.training.monitoring.run_comparison import plan_entries
from core.training.recipes.catalogue import RECIPES

_PATHS = ("data", "votes")  # of the machine that trained it: not shown in reports


def recipe_of_card(settings: Settings, card: ModelCard) -> dict[str, Any]:
    """Training settings of a model, name -> value; empty if its recipe is not known.

    Taken from the plan of its run or, if that was deleted, from the recipe of that name, with an
    entry that says so.
    """
    try:
        entries = plan_entries(RunFolder(settings.runs_dir / card.run_id).read_plan()[1])
    except UnknownRun:
        if card.recipe_name not in RECIPES:
            return {}
        source = "the recipe of that name; the run itself is not here"
        changed = {"changed": card.changes_text} if card.changes_text else {}
        entries = {"taken from": source, **changed, **plan_entries({"recipe": card.recipe_name})}
    return {name: value for name, value in entries.items() if name not in _PATHS}


def surroundings_of(settings: Settings, model: str, *, now: datetime) -> ReportContext:
    """The parts of a report on a model that are not in the model's folder.

    Raises:
        UnknownModel, DamagedModel: there is no such card, or it cannot be read.
    """
    card = load_card(settings.models_dir, model)
    claimed = {name: recipe.claims for name, recipe in RECIPES.items()}
    return ReportContext(
        made_at=now.isoformat(timespec="seconds"),
        recipe=recipe_of_card(settings, card),
        claims=check_claims(
            Evidence(list_cards(settings.models_dir), claimed, trained=recipe_figures())
        ),
    )
