"""Renders docs/recipes.md from the measured results."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from core.domain.counted import interval_ends, tenths
from core.domain.errors import PlanError
from core.domain.intervals import SHARE_METHOD, Interval, share_interval
from core.domain.wording import exactly
from core.evaluation.comparison import Outcome, outcome_of
from core.evaluation.metrics import extrapolate
from core.training import RECIPES
from scripts.measured import Point, Record, TrainingResult
from scripts.shipped_table import shipped_table

_TITLE = """# Recipes, measured on FER2013

Written by `python scripts/recipe_report.py` from training runs and model cards, whose metrics it
keeps in `recipes.json`; no number is typed in.

"""
_HEAD = f"""## The recipes

Every run was trained on the 28,709 Training pictures (training split), on one CPU thread. The
3,589 PublicTest pictures (validation split) selected the epoch and the temperature. The 3,589
PrivateTest pictures (test split) were used once, for the final test of the LiteRT file, without
test-time augmentation. Intervals are 95 % CI ({SHARE_METHOD}). Minutes are CPU time of the
training.

*Met*: the measured accuracy is at least the reported one. *Tied*: the reported one lies inside the
measured interval. *Not met*: it lies above. Most reported accuracies were measured on other
pictures (a validation split, or both test splits together), and some epochs were selected on them;
see each line. *Not finished*: as far as two CPU cores allowed, with accuracy on the validation
split alone.

| recipe | reported | PrivateTest | PublicTest | claim | weights | MMAC | epochs | minutes |
|---|---|---|---|---|---|---|---|---|
"""
_CURVES = """Learning curves: the same recipe trained on subsets of the Training pictures (accuracy
on PrivateTest), and an inverse power law fitted to them (Cortes et al. 1994) and extrapolated. The
intervals come from fits to resampled accuracies; that the law holds is an assumption.
"""
_MADE = """On synthetic data: `python scripts/make_recruitview.py` draws videos in the form of
RecruitView, in which the movement of a synthetic face follows its score. They show no real person:
the result shows that the pipeline from videos to an evaluated model works, not its accuracy on real
people. Pictures of one person are similar, so the true interval is wider than the one given.
"""
CURVE_SEED = 2013
_CHOOSE = 3_589


def page_of(record: Record, models_dir: Path) -> str:
    """The whole page in Markdown.

    Args:
        record: all results.
        models_dir: the shipped models.
    """
    order = list(RECIPES)
    rows = sorted(record.trainings.values(), key=lambda row: (row.changed, order.index(row.recipe)))
    commands = "\n".join(f"- {row.name}: `{row.command}`" for row in rows)
    text = (
        _TITLE
        + shipped_table(models_dir)
        + "\n"
        + _HEAD
        + "\n".join(_line(row) for row in rows)
        + f"\n\nCommands:\n\n{commands}\n"
    )
    areas = "\n".join(_area(row, row.area) for row in rows if row.area)
    if areas:
        text += f"\nTwo classes:\n\n{areas}\n"
    curves = "\n".join(filter(None, (_curve(*one) for one in record.curves.items())))
    if curves:
        text += f"\n{_CURVES}\n{curves}\n"
    if record.made:
        text += f"\n{_MADE}\n" + "".join(f"- {one}\n" for one in record.made.values())
    missing = sorted({*order} - {row.recipe for row in rows} - {*record.made})
    if missing:
        text += f"\nNot trained here yet: {', '.join(missing)}.\n"
    return text


def _line(row: TrainingResult) -> str:
    cells = (
        row.name,
        RECIPES[row.recipe].reported or "",
        exactly(row.tested) if row.tested else "not finished",
        tenths(row.chosen) if row.tested else f"{exactly(_of_chosen(row))} so far",
        _verdict(row),
        f"{row.weights:,}" if row.weights else "",
        f"{row.mmac:.0f}" if row.mmac else "",
        f"{row.epochs} of {row.of_epochs}",
        f"{row.minutes:.0f}",
    )
    return "| " + " | ".join(cells) + " |"


def _of_chosen(row: TrainingResult) -> Interval:
    return share_interval(round(row.chosen * _CHOOSE), _CHOOSE)


def _verdict(row: TrainingResult) -> str:
    claims = RECIPES[row.recipe].claims
    if not claims or row.tested is None or row.changed:
        return ""
    outcome = outcome_of(claims, row.tested)
    return "met" if outcome is Outcome.REPRODUCED else outcome.value


def _area(row: TrainingResult, area: Interval) -> str:
    return (
        f"- {row.name}: AUC {area.value:.3f} {interval_ends(area.low, area.high, '.3f')}, "
        f"{row.label}: precision {tenths(row.precision)}, recall {tenths(row.recall)}; "
        f"{row.pictures:,} pictures."
    )


def _curve(recipe: str, points: Mapping[int, Point]) -> str:
    """A recipe's learning curve in one line; empty where too few sizes were trained."""
    try:
        curve = extrapolate([one.learned for one in points.values()], seed=CURVE_SEED)
    except PlanError:
        return ""
    accuracies = ", ".join(_point_text(points[pictures]) for pictures in sorted(points))
    return (
        f"- {recipe}: {accuracies}. "
        f"Extrapolated to {2 * curve.most:,}: {exactly(curve.at_twice)}; "
        f"to {10 * curve.most:,}: {exactly(curve.at_ten_times)}; "
        f"in the limit: {exactly(curve.at_most)}."
    )


def _point_text(point: Point) -> str:
    learned = point.learned
    number_format = f" (in {point.computed_in})" if point.computed_in else ""
    return f"{tenths(learned.right / learned.evaluated)} of {learned.pictures:,}{number_format}"
