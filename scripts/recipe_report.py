"""What each recipe reached on FER2013, beside what its authors report.

`python scripts/recipe_report.py DATA_DIR...` reads the runs and models of installations that
trained them by `python -m core train`, and writes docs/recipes.md. Nothing there is typed in.
Runs of one recipe with fewer training pictures (`--pictures`) become its learning curve. The
evaluations that are shipped in models/ stand first.
"""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

PROJECT_DIR = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT_DIR))

from core.errors import MienError, PlanError  # noqa: E402 - the path comes first
from core.evaluation.claims import Outcome, against  # noqa: E402
from core.evaluation.extrapolation import Learned, extrapolate  # noqa: E402
from core.library import load_card  # noqa: E402
from core.runs import all_runs  # noqa: E402
from core.runs.folder import find  # noqa: E402
from core.training import RECIPES, Recipe, TrainingPlan  # noqa: E402
from core.vocabulary import EvaluationReport, ModelCard, Run  # noqa: E402
from scripts.shipped_table import in_percent, shipped_table  # noqa: E402

PAGE = PROJECT_DIR / "docs" / "recipes.md"
_TITLE = """# Recipes, measured on FER2013

Written by `python scripts/recipe_report.py` from the runs and cards of an installation; nothing
here is typed in.

"""
_HEAD = """## The recipes

Every run learned from the 28,709 Training pictures on one processor thread; the
3,589 PublicTest pictures chose the epoch and the temperature; the 3,589 PrivateTest pictures were
read once, at the end, with the finished LiteRT file, one view of each picture. Intervals are 95 %
(Wilson). Minutes are the processor's, training only: waiting for other programs is not counted.

*Met*: the measured accuracy is at least the reported one. *Tied*: the reported one lies inside the
measured interval. *Not met*: it lies above. Authors' figures were mostly measured on other pictures
(a validation part, or both tests together), and some epochs were chosen on them; see each line.

| recipe | reported | PrivateTest | PublicTest | claim | weights | MMAC | epochs | minutes |
|---|---|---|---|---|---|---|---|---|
"""
_CURVES = """Would more pictures help? The same recipe, learned from parts of the Training pictures
(PrivateTest, as above), and the inverse power law through these figures (Cortes et al. 1994), drawn
on. Its intervals are those of the fit to resampled figures; that the law holds is an assumption.
"""
_MADE = """On made data: `python scripts/make_recruitview.py` draws videos in RecruitView's shape,
in which how much a drawn face moves follows its score. Nobody real is in them: the figures show
that the way from videos to a judged model holds, not how well real people's expressiveness would be
read. Pictures of one person are alike, so the true interval is wider than the one given.
"""
TRAINING_PICTURES = 28_709
CURVE_SEED = 2013


@dataclass(frozen=True)
class Row:
    """One run of a recipe.

    Attributes:
        plan: as it was run.
        run: its life.
        card: of its model; None while it is not finished.
    """

    plan: TrainingPlan
    run: Run
    card: ModelCard | None

    @property
    def recipe(self) -> Recipe:
        """As it was changed for this run."""
        return self.plan.chosen_recipe


def main() -> None:
    """Read, write, say where."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("data_dirs", type=Path, nargs="+", help="data folders, models/ in them")
    parser.add_argument(
        "--made", type=Path, nargs="*", default=[], help="those that learned from made videos"
    )
    asked = parser.parse_args()
    trained = [row for folder in asked.data_dirs for row in trained_in(folder)]
    made = [row for folder in asked.made for row in trained_in(folder)]
    rows = furthest_of(trained)
    PAGE.write_text(page_of(rows, trained, made), encoding="utf-8")
    print(f"{len(rows)} recipes, written to {PAGE.relative_to(PROJECT_DIR)}")


def trained_in(data_dir: Path) -> list[Row]:
    """Every training of an installation that would make a model."""
    found = []
    for run in all_runs(data_dir / "runs", now=datetime.now(UTC)):
        if run.kind == "train" and run.epochs:
            _, plan_read, _ = find(data_dir / "runs", run.id).read_plan()
            plan = TrainingPlan.from_json(plan_read)
            if plan.makes_model:
                found.append(Row(plan, run, _card(data_dir / "models", run)))
    return found


def furthest_of(trained: list[Row]) -> list[Row]:
    """With all pictures, the furthest run of each recipe as it is, then those of changed ones."""
    whole = [row for row in trained if not row.plan.pictures]
    best: dict[str, Row] = {}
    for row in sorted(whole, key=_furthest):
        if not row.plan.options:
            best[row.plan.recipe] = row
    changed = [row for row in whole if row.plan.options and row.card]
    return [*(best[name] for name in RECIPES if name in best), *changed]


def page_of(rows: list[Row], trained: list[Row], made: list[Row]) -> str:
    """The whole page in Markdown.

    Args:
        trained: everything, for the learning curves.
        made: what learned from videos that a script drew.
    """
    commands = "\n".join(f"- {_named(row)}: `{_command(row.plan)}`" for row in rows)
    ran = {row.plan.recipe for row in [*rows, *made]}
    missing = [name for name in RECIPES if name not in ran]
    text = (
        _TITLE
        + shipped_table(PROJECT_DIR / "models")
        + "\n"
        + _HEAD
        + "\n".join(_line(row) for row in rows)
        + f"\n\nCommands:\n\n{commands}\n"
    )
    areas = "\n".join(_areas(row) for row in rows if row.card and len(row.card.scheme) == 2)
    if areas:
        text += f"\nTwo classes:\n\n{areas}\n"
    curves = "\n".join(filter(None, (_curve(name, trained) for name in RECIPES)))
    if curves:
        text += f"\n{_CURVES}\n{curves}\n"
    if made:
        text += f"\n{_MADE}\n" + "".join(_made_line(row) for row in made if row.card)
    if missing:
        text += f"\nNot yet run to an end here: {', '.join(missing)}.\n"
    return text


def _named(row: Row) -> str:
    """By its recipe; of a changed one, by its model too."""
    if row.plan.options and row.card:
        return f"{row.plan.recipe}, as {row.card.name}"
    return row.plan.recipe


def _curve(recipe: str, trained: list[Row]) -> str:
    """A recipe's learning curve in one line; empty where too few sizes were trained."""
    learned = [one for row in trained if row.plan.recipe == recipe and (one := _learned(row))]
    try:
        curve = extrapolate(learned, seed=CURVE_SEED)
    except PlanError:
        return ""
    points = ", ".join(
        f"{one.right / one.judged:.1%} of {one.pictures:,}"
        for one in sorted(learned, key=lambda one: one.pictures)
    )
    return (
        f"- {recipe}: {points}. Expected of {2 * curve.most:,}: {in_percent(curve.at_twice)}; "
        f"of {10 * curve.most:,}: {in_percent(curve.at_ten_times)}; "
        f"of endless ones: {in_percent(curve.at_most)}."
    )


def _made_line(row: Row) -> str:
    assert row.card is not None
    report = row.card.judged
    assert report is not None
    return (
        f"- {row.plan.recipe}: {report.split} {_share(report)} of {report.pictures:,} pictures, "
        f"{len(row.card.scheme)} classes; learned from {row.card.dataset}.\n"
    )


def _learned(row: Row) -> Learned | None:
    report = _report(row.card, "PrivateTest")
    plain = not row.plan.options and not row.plan.classes
    if report is None or not plain:
        return None
    right = sum(report.counts[k][k] for k in range(len(report.counts)))
    return Learned(row.plan.pictures or TRAINING_PICTURES, right, report.pictures)


def _card(models_dir: Path, run: Run) -> ModelCard | None:
    if run.finished is None or "model" not in run.finished.result:
        return None
    try:
        return load_card(models_dir, run.finished.result["model"])
    except MienError:
        return None


def _furthest(row: Row) -> tuple[bool, int]:
    return row.card is not None, len(row.run.epochs)


def _line(row: Row) -> str:
    recipe, epochs = row.recipe, row.run.epochs
    private = _report(row.card, "PrivateTest")
    public = _report(row.card, "PublicTest")
    so_far = max(one.metrics["accuracy_chooses"] for one in epochs)
    minutes = sum(_taken_s(one.metrics) for one in epochs) / 60
    cells = (
        _named(row),
        recipe.reported or "",
        _share(private) if private else "not finished",
        f"{public.accuracy.value:.1%}" if public else f"{so_far:.1%} so far",
        _verdict(row, private),
        f"{row.card.weights:,}" if row.card else "",
        f"{row.card.mmac:.0f}" if row.card else "",
        f"{len(epochs)} of {epochs[-1].epochs}",
        f"{minutes:.0f}",
    )
    return "| " + " | ".join(cells) + " |"


def _taken_s(metrics: Mapping[str, float]) -> float:
    """Processor seconds of an epoch; of runs from before they were told, those of the clock."""
    return metrics.get("cpu_s", TRAINING_PICTURES / metrics["pictures_per_s"])


def _verdict(row: Row, report: EvaluationReport | None) -> str:
    recipe = row.recipe
    if not recipe.claims or report is None or row.plan.options:
        return ""
    outcome = against(recipe.claims, report.accuracy)
    return "met" if outcome is Outcome.REPRODUCED else outcome.value


def _share(report: EvaluationReport) -> str:
    return in_percent(report.accuracy)


def _areas(row: Row) -> str:
    report = _report(row.card, "PrivateTest")
    last = report.per_class[-1] if report else None
    if report is None or last is None or last.auc is None:
        return f"- {row.plan.recipe}: no area under the curve was measured."
    return (
        f"- {row.plan.recipe}: AUC {last.auc.value:.3f} [{last.auc.low:.3f}, {last.auc.high:.3f}], "
        f"{last.label}: precision {last.precision:.1%}, recall {last.recall:.1%}; "
        f"{report.pictures:,} pictures."
    )


def _report(card: ModelCard | None, split: str) -> EvaluationReport | None:
    return card.report(split) if card else None


def _command(plan: TrainingPlan) -> str:
    words: list[Any] = ["python", "-m", "core", "train", "--recipe", plan.recipe]
    words += ["--data", Path(plan.data).name or plan.dataset]
    if plan.name and plan.name != plan.recipe:  # others may learn from it by this name
        words += ["--name", plan.name]
    for name in ("classes", "epochs", "seed", "threads"):
        if getattr(plan, name) != getattr(TrainingPlan, name):
            words += [f"--{name}", getattr(plan, name)]
    for name, value in plan.options.items():
        written = value if isinstance(value, str) else json.dumps(value)
        words += ["--set", f"{name}={written}"]
    return shlex.join(str(word) for word in words)


if __name__ == "__main__":
    main()
