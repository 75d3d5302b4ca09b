"""docs/recipes.md from what was measured."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from core.domain import Interval
from core.domain.errors import PlanError
from core.evaluation.comparison import Outcome, against
from core.evaluation.metrics import extrapolate, wilson_interval
from core.training import RECIPES
from scripts.measured import Measured, Point, Record
from scripts.shipped_table import in_percent, shipped_table

_TITLE = """# Recipes, measured on FER2013

Written by `python scripts/recipe_report.py` from the runs and cards of the installations that
trained, whose figures it keeps in `recipes.json`; nothing here is typed in.

"""
_HEAD = """## The recipes

Every run learned from the 28,709 Training pictures on one processor thread; the
3,589 PublicTest pictures chose the epoch and the temperature; the 3,589 PrivateTest pictures were
read once, at the end, with the finished LiteRT file, one view of each picture. Intervals are 95 %
(Wilson). Minutes are the processor's, training only: waiting for other programs is not counted.

*Met*: the measured accuracy is at least the reported one. *Tied*: the reported one lies inside the
measured interval. *Not met*: it lies above. Authors' figures were mostly measured on other pictures
(a validation part, or both tests together), and some epochs were chosen on them; see each line.
*Not finished*: as far as two processor cores allowed; PublicTest alone was read, which chooses the
epoch.

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
CURVE_SEED = 2013
_CHOOSE = 3_589


def page_of(record: Record, models_dir: Path) -> str:
    """The whole page in Markdown.

    Args:
        record: what was trained, anywhere.
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
        text += f"\nNot run here yet: {', '.join(missing)}.\n"
    return text


def _line(row: Measured) -> str:
    cells = (
        row.name,
        RECIPES[row.recipe].reported or "",
        in_percent(row.tested) if row.tested else "not finished",
        f"{row.chosen:.1%}" if row.tested else f"{in_percent(_of_chosen(row))} so far",
        _verdict(row),
        f"{row.weights:,}" if row.weights else "",
        f"{row.mmac:.0f}" if row.mmac else "",
        f"{row.epochs} of {row.of_epochs}",
        f"{row.minutes:.0f}",
    )
    return "| " + " | ".join(cells) + " |"


def _of_chosen(row: Measured) -> Interval:
    return wilson_interval(round(row.chosen * _CHOOSE), _CHOOSE)


def _verdict(row: Measured) -> str:
    claims = RECIPES[row.recipe].claims
    if not claims or row.tested is None or row.changed:
        return ""
    outcome = against(claims, row.tested)
    return "met" if outcome is Outcome.REPRODUCED else outcome.value


def _area(row: Measured, area: Interval) -> str:
    return (
        f"- {row.name}: AUC {area.value:.3f} [{area.low:.3f}, {area.high:.3f}], "
        f"{row.label}: precision {row.precision:.1%}, recall {row.recall:.1%}; "
        f"{row.pictures:,} pictures."
    )


def _curve(recipe: str, points: Mapping[int, Point]) -> str:
    """A recipe's learning curve in one line; empty where too few sizes were trained."""
    try:
        curve = extrapolate([one.learned for one in points.values()], seed=CURVE_SEED)
    except PlanError:
        return ""
    told = ", ".join(_told(points[pictures]) for pictures in sorted(points))
    return (
        f"- {recipe}: {told}. Expected of {2 * curve.most:,}: {in_percent(curve.at_twice)}; "
        f"of {10 * curve.most:,}: {in_percent(curve.at_ten_times)}; "
        f"of endless ones: {in_percent(curve.at_most)}."
    )


def _told(point: Point) -> str:
    learned = point.learned
    how = f" (in {point.computed_in})" if point.computed_in else ""
    return f"{learned.right / learned.judged:.1%} of {learned.pictures:,}{how}"
