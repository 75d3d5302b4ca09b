"""Comparison of runs: their settings and results, and which model is better."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.domain import EpochEnded, EvaluationReport, ModelCard, Run
from core.domain.counted import counted, percent
from core.domain.errors import MienError, UnknownRun
from core.domain.plain_values import to_plain
from core.evaluation.metrics import Difference, paired_difference, unpaired_difference
from core.evaluation.predictions import ANSWERS_FILE, match_predictions, read_predictions
from core.jobs import RunFolder
from core.training.recipes.catalogue import TITLES, recipe_named

NUMERIC_PLAN_ENTRIES = ("seed", "threads", "pictures")
_TEXT_PLAN_ENTRIES = ("recipe", "dataset", "data", "classes", "corrections", "votes")


@dataclass(frozen=True)
class RunRow:
    """One run as a row of a table.

    Attributes:
        run: its current state.
        plan: its settings by name; see `plan_entries`.
        card: of the model it made; None if there is none, or none any more.
        model: name of its model; empty if it made none.
    """

    run: Run
    plan: Mapping[str, Any]
    card: ModelCard | None
    model: str

    @property
    def best(self) -> float | None:
        """Best accuracy on the validation split so far; None before the first epoch."""
        return best_accuracy(self.run.epochs)

    @property
    def test_report(self) -> EvaluationReport | None:
        """Its model's evaluation on the test split; None without a model."""
        return self.card.test_report if self.card is not None else None

    @property
    def minutes(self) -> float:
        """Training time, over all epochs."""
        return sum(one.metrics.get("seconds", 0.0) for one in self.run.epochs) / 60


@dataclass(frozen=True)
class RunComparison:
    """Two models compared on one split.

    Attributes:
        difference: first minus second; None if they cannot be compared.
        sentence: the result in words, or why there is none.
    """

    difference: Difference | None
    sentence: str


def best_accuracy(epochs: Sequence[EpochEnded]) -> float | None:
    """Best accuracy on the validation split; None if there is none."""
    found = (one.metrics.get("val_accuracy") for one in epochs)
    return max((accuracy for accuracy in found if accuracy is not None), default=None)


def run_row(run: Run, plan: Mapping[str, Any], cards: Mapping[str, ModelCard]) -> RunRow:
    """A run as a row of a table.

    Args:
        plan: as in its folder.
        cards: of the saved models, by name.
    """
    model = run.finished.result.get("model", "") if run.finished is not None else ""
    card = cards.get(model)
    if card is not None and card.run_id != run.id:
        card = None  # another model took the name
    return RunRow(run, plan_entries(plan), card, model)


def plan_entries(plan: Mapping[str, Any]) -> dict[str, Any]:
    """A plan and all values of its recipe: name -> plain value.

    If the recipe is not known any more, only its name and the plan's changes of it.
    """
    found = {name: plan.get(name, "") for name in _TEXT_PLAN_ENTRIES}
    found |= {name: plan.get(name, 0) for name in NUMERIC_PLAN_ENTRIES}
    options = plan.get("options") or {}
    try:
        recipe_entries = to_plain(recipe_named(str(plan.get("recipe", ""))).changed(options))
    except MienError:
        recipe_entries = dict(options)
    changes = recipe_entries.pop("augmentation", {})
    sizes = recipe_entries.pop("sizes_px", None)
    # The recipe's share of votes and the plan's path of votes have the same name.
    if "votes" in recipe_entries:
        recipe_entries["votes_share"] = recipe_entries.pop("votes")
    found |= {name: one for name, one in recipe_entries.items() if name not in TITLES}
    if sizes:
        found["sizes_px"] = ", ".join(f"{px} ({percent(share)})" for px, share in sizes)
    if "teachers" in found:
        found["teachers"] = ", ".join(found["teachers"])
    if plan.get("epochs"):
        found["epochs"] = plan["epochs"]
    return found | dict(changes)


def damaged_runs(runs_dir: Path) -> list[str]:
    """Folders among the runs that hold no readable plan."""
    found = []
    for folder in sorted(path for path in runs_dir.glob("[!.]*") if path.is_dir()):
        try:
            RunFolder(folder).read_plan()
        except UnknownRun:
            found.append(folder.name)
    return found


def differing_entries(plans: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The entries that are not the same in all plans.

    Args:
        plans: run id -> its entries (`plan_entries`).
    Returns:
        Entry -> run id -> value; None where a plan has no such entry.
    """
    names = dict.fromkeys(name for plan in plans.values() for name in plan)
    found = {}
    for name in names:
        values = {run_id: plan.get(name) for run_id, plan in plans.items()}
        if len({repr(value) for value in values.values()}) > 1:
            found[name] = values
    return found


def compare_runs(
    runs_dir: Path, first: RunRow, second: RunRow, *, on_test_split: bool = True
) -> RunComparison:
    """Which of two finished models is significantly better on a split.

    Args:
        on_test_split: on the test split; else on the validation split, which selected the epoch
            and is optimistic for both.
    Raises:
        DamagedModel: a file of saved predictions cannot be read.
    """
    at = -1 if on_test_split else 0
    obstacle = _obstacle(first, second, at)
    if obstacle or first.card is None or second.card is None:
        return RunComparison(None, obstacle)
    one, other = first.card.own_reports[at], second.card.own_reports[at]
    ours, theirs = (
        read_predictions(runs_dir / row.run.id / "result" / ANSWERS_FILE).get(report.split)
        for row, report in ((first, one), (second, other))
    )
    if ours is not None and theirs is not None and ours.classes == theirs.classes:
        ours, theirs = match_predictions([ours, theirs])
        if len(ours.labels):
            return _comparison(paired_difference(ours.right, theirs.right), first, second)
    if first.card.data is None or second.card.data is None:
        return RunComparison(
            None, "Their training data are not known, and no predictions were saved."
        )
    if first.card.data.content_hash != second.card.data.content_hash:
        return RunComparison(None, "Their pictures differ, and their predictions were not saved.")
    difference = unpaired_difference(_correct_counts(one), _correct_counts(other))
    return _comparison(difference, first, second)


def _obstacle(first: RunRow, second: RunRow, at: int) -> str:
    for row in (first, second):
        if row.card is None or not row.card.own_reports:
            return f"{row.run.id} has no saved model, so there is nothing to compare."
    if first.card is None or second.card is None:
        return ""
    if first.card.scheme != second.card.scheme:
        return "They have different classes, so their accuracies cannot be compared."
    if first.card.own_reports[at].split != second.card.own_reports[at].split:
        return "They were tested on different splits, so their accuracies cannot be compared."
    return ""


def _correct_counts(report: EvaluationReport) -> tuple[int, int]:
    return int(np.trace(np.array(report.counts))), report.pictures


def _comparison(found: Difference, first: RunRow, second: RunRow) -> RunComparison:
    if found.is_tie:
        return RunComparison(
            found, f"No significant difference on {counted(found.pictures, 'picture')}."
        )
    ahead = first if found.accuracy.value > 0 else second
    by = abs(found.accuracy.value) * 100
    return RunComparison(found, f"{ahead.model or ahead.run.id} is better by {by:.1f} points.")
