"""Runs side by side: what each was asked and reached, where their plans differ, which is better."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.domain import EpochEnded, EvaluationReport, ModelCard, Run
from core.domain.counted import counted
from core.domain.errors import MienError, UnknownRun
from core.domain.plain_values import to_plain
from core.evaluation.metrics import Difference, paired_difference, unpaired_difference
from core.evaluation.predictions import ANSWERS_FILE, match_predictions, read_predictions
from core.jobs import RunFolder
from core.training.recipes.catalogue import TITLES, recipe_named

NUMBERS_OF_THE_RUN = ("seed", "threads", "pictures")
_WORDS_OF_THE_RUN = ("recipe", "dataset", "data", "classes", "corrections", "votes")


@dataclass(frozen=True)
class RunRow:
    """One run as a line of a table.

    Attributes:
        run: as it stands.
        plan: every entry that decides what it does, by its name; see `entries_of`.
        card: of the model it made; None where there is none, or none any more.
        model: what its model was called; empty where it made none.
    """

    run: Run
    plan: Mapping[str, Any]
    card: ModelCard | None
    model: str

    @property
    def best(self) -> float | None:
        """Best accuracy on the validation split so far; None before the first epoch."""
        return best_of(self.run.epochs)

    @property
    def judged(self) -> EvaluationReport | None:
        """How its model did on the test split; None without a model."""
        return self.card.test_report if self.card is not None else None

    @property
    def minutes(self) -> float:
        """Spent in its epochs."""
        return sum(one.metrics.get("seconds", 0.0) for one in self.run.epochs) / 60


@dataclass(frozen=True)
class Verdict:
    """What can be said of two models on one split.

    Attributes:
        difference: first less second; None where they cannot be compared.
        sentence: the same in words, or why not.
    """

    difference: Difference | None
    sentence: str


def best_of(epochs: Sequence[EpochEnded]) -> float | None:
    """Best accuracy on the validation split; None where none was told."""
    told = [one.metrics["accuracy_chooses"] for one in epochs if "accuracy_chooses" in one.metrics]
    return max(told, default=None)


def row_of(run: Run, plan: Mapping[str, Any], cards: Mapping[str, ModelCard]) -> RunRow:
    """A run as a line of a table.

    Args:
        plan: as in its folder.
        cards: of the models on the shelf, by name.
    """
    model = run.finished.result.get("model", "") if run.finished is not None else ""
    card = cards.get(model)
    if card is not None and card.run_id != run.id:
        card = None  # another model took the name
    return RunRow(run, entries_of(plan), card, model)


def entries_of(plan: Mapping[str, Any]) -> dict[str, Any]:
    """A plan with its recipe spelt out, one name and one plain value an entry.

    Where the recipe is not known any more, its name and the changes of it are all there is.
    """
    found = {name: plan.get(name, "") for name in _WORDS_OF_THE_RUN}
    found |= {name: plan.get(name, 0) for name in NUMBERS_OF_THE_RUN}
    options = plan.get("options") or {}
    try:
        spelt = to_plain(recipe_named(str(plan.get("recipe", ""))).changed(options))
    except MienError:
        spelt = dict(options)
    changes = spelt.pop("augmentation", {})
    sizes = spelt.pop("sizes_px", None)
    # The recipe's own vote share and the plan's path of votes bear the same name.
    spelt = {("votes_share" if name == "votes" else name): one for name, one in spelt.items()}
    found |= {name: one for name, one in spelt.items() if name not in TITLES}
    if sizes:
        found["sizes_px"] = ", ".join(f"{px} ({share * 100:.0f} %)" for px, share in sizes)
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


def differing(plans: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The entries that are not the same in all plans.

    Args:
        plans: run id -> its entries (`entries_of`).
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


def compare(runs_dir: Path, first: RunRow, second: RunRow, *, judging: bool = True) -> Verdict:
    """Which of two finished models is better on a split, if the split can tell.

    Args:
        judging: on the test split; otherwise on the validation split, which selected the epoch
            and is optimistic for both.
    Raises:
        DamagedModel: a file of kept answers cannot be read.
    """
    at = -1 if judging else 0
    why_not = _why_not(first, second, at)
    if why_not or first.card is None or second.card is None:
        return Verdict(None, why_not)
    one, other = first.card.own_reports[at], second.card.own_reports[at]
    kept = [
        read_predictions(runs_dir / row.run.id / "result" / ANSWERS_FILE).get(report.split)
        for row, report in ((first, one), (second, other))
    ]
    if kept[0] is not None and kept[1] is not None and kept[0].classes == kept[1].classes:
        ours, theirs = match_predictions([kept[0], kept[1]])
        if len(ours.labels):
            return _said(paired_difference(ours.right, theirs.right), first, second)
    if first.card.data is None or second.card.data is None:
        return Verdict(None, "Their training data are not known, and no predictions were saved.")
    if first.card.data.content_hash != second.card.data.content_hash:
        return Verdict(None, "Their pictures differ, and their predictions were not saved.")
    return _said(unpaired_difference(_hits(one), _hits(other)), first, second)


def _why_not(first: RunRow, second: RunRow, at: int) -> str:
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


def _hits(report: EvaluationReport) -> tuple[int, int]:
    return int(np.trace(np.array(report.counts))), report.pictures


def _said(found: Difference, first: RunRow, second: RunRow) -> Verdict:
    if found.is_tie:
        return Verdict(found, f"No significant difference on {counted(found.pictures, 'picture')}.")
    ahead = first if found.accuracy.value > 0 else second
    by = f"{abs(found.accuracy.value):.1%}".replace("%", " points")
    return Verdict(found, f"{ahead.model or ahead.run.id} is better by {by}.")
