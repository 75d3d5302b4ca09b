"""Reports the accuracy of each recipe on FER2013, beside what its authors report.

`python scripts/recipe_report.py DATA_DIR...` reads the runs and models of installations that
trained them by `python -m core train`, adds them to docs/recipes.json, and writes docs/recipes.md.
Runs of one recipe with fewer training pictures (`--pictures`) become
its learning curve, and so do the shipped models that were trained on all with the recipe as it is.
"""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

PROJECT_DIR = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT_DIR))

from core.domain import EvaluationReport, ModelCard, RecipeUsed, Run  # noqa: E402
from core.domain.errors import MienError  # noqa: E402 - the path comes first
from core.domain.wording import exactly  # noqa: E402
from core.evaluation.metrics import LearningCurvePoint  # noqa: E402
from core.jobs import all_runs  # noqa: E402
from core.jobs.run_folder import find  # noqa: E402
from core.models import list_cards, load_card  # noqa: E402
from core.training import RECIPES, TrainingPlan  # noqa: E402
from scripts.measured import Point, Record, TrainingResult, read_record, write_record  # noqa: E402
from scripts.recipe_page import page_of  # noqa: E402

PAGE = PROJECT_DIR / "docs" / "recipes.md"
RECORD = PAGE.with_suffix(".json")
MODELS_DIR = PROJECT_DIR / "models"
TRAINING_PICTURES = 28_709


@dataclass(frozen=True)
class Row:
    """One run of a recipe.

    Attributes:
        plan: as it was run.
        run: its state.
        card: of its model; None while it is not finished.
    """

    plan: TrainingPlan
    run: Run
    card: ModelCard | None

    @property
    def computed_in(self) -> str:
        """Number format of the network; empty where its result does not contain it."""
        return self.run.finished.result.get("computed_in", "") if self.run.finished else ""

    def report(self, split: str) -> EvaluationReport | None:
        """The report on its model; None while it is not finished."""
        return self.card.report(split) if self.card else None


def main() -> None:
    """Read the command line and write record and page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("data_dirs", type=Path, nargs="*", help="data folders, models/ in them")
    parser.add_argument(
        "--made",
        type=Path,
        nargs="*",
        default=[],
        help="those that were trained on synthetic videos",
    )
    arguments = parser.parse_args()
    trained = [row for folder in arguments.data_dirs for row in trained_in(folder)]
    made = [row for folder in arguments.made for row in trained_in(folder)]
    record = with_runs(read_record(RECORD), trained, made)
    write_record(RECORD, record)
    PAGE.write_text(page_of(record, MODELS_DIR), encoding="utf-8")
    print(f"{len(record.trainings)} trainings, written to {PAGE.relative_to(PROJECT_DIR)}")


def trained_in(data_dir: Path) -> list[Row]:
    """Every training of an installation that creates a model."""
    found = []
    for run in all_runs(data_dir / "runs", now=datetime.now(UTC)):
        if run.kind == "train" and run.epochs:
            _, plan_read, _ = find(data_dir / "runs", run.id).read_plan()
            plan = TrainingPlan.from_json(plan_read)
            if plan.makes_model:
                found.append(Row(plan, run, _card(data_dir / "models", run)))
    return found


def with_runs(record: Record, trained: list[Row], made: list[Row]) -> Record:
    """The record with new runs added.

    Args:
        trained: on FER2013, for the table and the learning curves.
        made: trained on synthetic videos.
    """
    complete = [row for row in trained if not row.plan.pictures]
    record = record.with_trainings(
        measured(row) for row in complete if row.card or not row.plan.options
    )
    for recipe, point in (*_points(trained), *_shipped_points(list_cards(MODELS_DIR))):
        record = record.with_point(recipe, point)
    sentences = {row.plan.recipe: _made_line(row) for row in made if row.card}
    return replace(record, made={**record.made, **sentences})


def measured(row: Row) -> TrainingResult:
    """The result of a run."""
    private, public = row.report("PrivateTest"), row.report("PublicTest")
    epochs, card = row.run.epochs, row.card
    of_two = private.per_class[-1] if private and len(private.per_class) == 2 else None
    changed = bool(row.plan.options)
    so_far = max(one.metrics["val_accuracy"] for one in epochs)
    return TrainingResult(
        name=f"{row.plan.recipe}, as {card.name}" if changed and card else row.plan.recipe,
        recipe=row.plan.recipe,
        changed=changed,
        command=_command(row.plan),
        epochs=len(epochs),
        of_epochs=epochs[-1].epochs,
        minutes=sum(_taken_s(one.metrics) for one in epochs) / 60,
        computed_in=row.computed_in,
        chosen=public.accuracy.value if public else so_far,
        tested=private.accuracy if private else None,
        weights=card.weights if card else 0,
        mmac=card.mmac if card else 0.0,
        area=of_two.auc if of_two else None,
        label=of_two.label if of_two else "",
        precision=of_two.precision if of_two else 0.0,
        recall=of_two.recall if of_two else 0.0,
        pictures=private.pictures if private else 0,
    )


def _points(trained: list[Row]) -> Iterator[tuple[str, Point]]:
    """Points of finished runs with an unchanged recipe."""
    for row in trained:
        report = row.report("PrivateTest")
        if report and not row.plan.options and not row.plan.classes:
            pictures = row.plan.pictures or TRAINING_PICTURES
            yield row.plan.recipe, Point(_learned(pictures, report), row.computed_in)


def _shipped_points(cards: list[ModelCard]) -> Iterator[tuple[str, Point]]:
    """Points of shipped models with an unchanged recipe: their runs may have been deleted."""
    for card in cards:
        report, data, made = card.report("PrivateTest"), card.data, card.recipe
        if report is None or data is None or made is None or made.name not in RECIPES:
            continue
        if made == RecipeUsed(made.name, RECIPES[made.name].epochs, TrainingPlan.seed):
            yield made.name, Point(_learned(data.pictures, report), "")


def _learned(pictures: int, report: EvaluationReport) -> LearningCurvePoint:
    right = sum(report.counts[k][k] for k in range(len(report.counts)))
    return LearningCurvePoint(pictures, right, report.pictures)


def _made_line(row: Row) -> str:
    assert row.card is not None
    report = row.card.test_report
    assert report is not None
    return (
        f"{row.plan.recipe}: {report.split} {exactly(report.accuracy)} of {report.pictures:,} "
        f"pictures, {len(row.card.scheme)} classes; trained on {row.card.trained_on}."
    )


def _card(models_dir: Path, run: Run) -> ModelCard | None:
    if run.finished is None or "model" not in run.finished.result:
        return None
    try:
        return load_card(models_dir, run.finished.result["model"])
    except MienError:
        return None


def _taken_s(metrics: Mapping[str, float]) -> float:
    """CPU seconds of an epoch; wall-clock seconds for runs of earlier versions."""
    return metrics.get("cpu_s", TRAINING_PICTURES / metrics["pictures_per_s"])


def _command(plan: TrainingPlan) -> str:
    words: list[Any] = ["python", "-m", "core", "train", "--recipe", plan.recipe]
    words += ["--data", Path(plan.data).name or plan.dataset]
    if plan.name and plan.name != plan.recipe:  # teachers are referred to by this name
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
