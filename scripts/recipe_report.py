"""What each recipe reached on FER2013, beside what its authors report.

`python scripts/recipe_report.py DATA_DIR` reads the runs and models of an installation that trained
them by `python -m core train`, and writes docs/recipes.md. Nothing in that page is typed in.
"""

from __future__ import annotations

import argparse
import shlex
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

PROJECT_DIR = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT_DIR))

from core.errors import MienError  # noqa: E402 - the path comes first
from core.library import load_card  # noqa: E402
from core.runs import all_runs  # noqa: E402
from core.runs.folder import find  # noqa: E402
from core.training import RECIPES, Recipe, TrainingPlan  # noqa: E402
from core.vocabulary import EvaluationReport, ModelCard, Run  # noqa: E402

PAGE = PROJECT_DIR / "docs" / "recipes.md"
_HEAD = """# Recipes, measured on FER2013

Written by `python scripts/recipe_report.py` from the runs and cards of an installation; nothing
here is typed in. Every run learned from the 28,709 Training pictures on one processor thread; the
3,589 PublicTest pictures chose the epoch and the temperature; the 3,589 PrivateTest pictures were
read once, at the end, with the finished LiteRT file, one view of each picture. Intervals are 95 %
(Wilson). Minutes are the processor's, training only: waiting for other programs is not counted.

*Met*: the measured accuracy is at least the reported one. *Tied*: the reported one lies inside the
measured interval. *Not met*: it lies above. Authors' figures were mostly measured on other pictures
(a validation part, or both tests together), and some epochs were chosen on them; see each line.

| recipe | reported | PrivateTest | PublicTest | claim | weights | MMAC | epochs | minutes |
|---|---|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Row:
    """One recipe's newest run that got furthest.

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
    parser.add_argument("data_dir", type=Path, help="data folder of the installation")
    parser.add_argument("--models", type=Path, help="its models, where they lie elsewhere")
    asked = parser.parse_args()
    rows = rows_of(asked.data_dir / "runs", asked.models or asked.data_dir / "models")
    PAGE.write_text(page_of(rows), encoding="utf-8")
    print(f"{len(rows)} recipes, written to {PAGE.relative_to(PROJECT_DIR)}")


def rows_of(runs_dir: Path, models_dir: Path) -> list[Row]:
    """One row a recipe that was run, in the order of the recipes."""
    best: dict[str, Row] = {}
    for run in all_runs(runs_dir, now=datetime.now(UTC)):
        _, plan_read, _ = find(runs_dir, run.id).read_plan()
        if run.kind != "train" or not run.epochs:
            continue
        row = Row(TrainingPlan.from_json(plan_read), run, _card(models_dir, run))
        known = best.get(row.plan.recipe)
        if known is None or _furthest(row) > _furthest(known):
            best[row.plan.recipe] = row
    return [best[name] for name in RECIPES if name in best]


def page_of(rows: list[Row]) -> str:
    """The whole page in Markdown."""
    commands = "\n".join(f"- {row.plan.recipe}: `{_command(row.plan)}`" for row in rows)
    missing = [name for name in RECIPES if name not in {row.plan.recipe for row in rows}]
    text = _HEAD + "\n".join(_line(row) for row in rows) + f"\n\nCommands:\n\n{commands}\n"
    areas = "\n".join(_areas(row) for row in rows if row.card and len(row.card.scheme) == 2)
    if areas:
        text += f"\nTwo classes:\n\n{areas}\n"
    if missing:
        text += f"\nNot yet run to an end here: {', '.join(missing)}.\n"
    return text


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
    minutes = sum(one.metrics.get("cpu_s", one.metrics["seconds"]) for one in epochs) / 60
    cells = (
        row.plan.recipe,
        recipe.reported or "",
        _share(private) if private else "not finished",
        f"{public.accuracy.value:.1%}" if public else f"{so_far:.1%} so far",
        _verdict(recipe, private),
        f"{row.card.weights:,}" if row.card else "",
        f"{row.card.mmac:.0f}" if row.card else "",
        f"{len(epochs)} of {epochs[-1].epochs}",
        f"{minutes:.0f}",
    )
    return "| " + " | ".join(cells) + " |"


def _verdict(recipe: Recipe, report: EvaluationReport | None) -> str:
    if not recipe.claims or report is None:
        return ""
    if report.accuracy.value >= recipe.claims:
        return "met"
    return "tied" if report.accuracy.high >= recipe.claims else "not met"


def _share(report: EvaluationReport) -> str:
    one = report.accuracy
    return f"{one.value:.1%} [{one.low:.1%}, {one.high:.1%}]"


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
    for name in ("classes", "epochs", "seed", "threads"):
        if getattr(plan, name) != getattr(TrainingPlan, name):
            words += [f"--{name}", getattr(plan, name)]
    for name, value in plan.options.items():
        words += ["--set", f"{name}={value}"]
    return shlex.join(str(word) for word in words)


if __name__ == "__main__":
    main()
