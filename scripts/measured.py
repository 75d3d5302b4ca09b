"""TrainingResult results of recipes, stored in docs/recipes.json and merged with earlier ones."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from core.domain import Interval
from core.evaluation.metrics import LearningCurvePoint


@dataclass(frozen=True)
class TrainingResult:
    """The result of one training, finished or not.

    Attributes:
        name: of the recipe; of a changed one, of its model too.
        recipe: its name.
        changed: whether options of the recipe were changed.
        command: the command that trained it.
        epochs, of_epochs: done, and planned.
        minutes: CPU time, training only.
        computed_in: number format of the network; empty where unknown.
        chosen: accuracy on PublicTest, of its model, or of its best epoch while it is not
            finished; a fraction.
        tested: accuracy on PrivateTest; None while it is not finished.
        weights, mmac: of the network; 0 while it is not finished.
        area, precision, recall, pictures: of the second of two classes, on PrivateTest.
        label: that class.
    """

    name: str
    recipe: str
    changed: bool
    command: str
    epochs: int
    of_epochs: int
    minutes: float
    computed_in: str
    chosen: float
    tested: Interval | None = None
    weights: int = 0
    mmac: float = 0.0
    area: Interval | None = None
    label: str = ""
    precision: float = 0.0
    recall: float = 0.0
    pictures: int = 0

    @property
    def furthest(self) -> tuple[bool, int]:
        """Sort key: greater for the more complete result."""
        return self.tested is not None, self.epochs


@dataclass(frozen=True)
class Point:
    """One point of a recipe's learning curve."""

    learned: LearningCurvePoint
    computed_in: str


@dataclass(frozen=True)
class Record:
    """All results measured so far.

    Attributes:
        trainings: by name.
        curves: by recipe, then by number of training pictures.
        made: by recipe, sentences about models trained on synthetic videos.
    """

    trainings: Mapping[str, TrainingResult] = field(default_factory=dict)
    curves: Mapping[str, Mapping[int, Point]] = field(default_factory=dict)
    made: Mapping[str, str] = field(default_factory=dict)

    def with_trainings(self, new: Iterable[TrainingResult]) -> Record:
        """Add results; each replaces one that is not more complete."""
        now = dict(self.trainings)
        for one in new:
            before = now.get(one.name)
            if before is None:
                now[one.name] = one
            elif one.furthest >= before.furthest:
                # A run of an earlier version does not contain it.
                now[one.name] = replace(one, computed_in=one.computed_in or before.computed_in)
        return replace(self, trainings=now)

    def with_point(self, recipe: str, new: Point) -> Record:
        """Add a point of a recipe's learning curve, replacing one of the same size."""
        points = self.curves.get(recipe, {})
        before = points.get(new.learned.pictures)
        if before is not None and before.learned == new.learned and not new.computed_in:
            new = before  # a run of an earlier version does not contain it
        now = {**points, new.learned.pictures: new}
        return replace(self, curves={**self.curves, recipe: now})


def read_record(path: Path) -> Record:
    """Read the record; empty where there is no file."""
    if not path.exists():
        return Record()
    read = json.loads(path.read_text(encoding="utf-8"))
    return Record(
        {name: _training_result(name, one) for name, one in read["trainings"].items()},
        {
            recipe: {
                int(pictures): Point(
                    LearningCurvePoint(int(pictures), one["right"], one["judged"]),
                    one["computed_in"],
                )
                for pictures, one in points.items()
            }
            for recipe, points in read["curves"].items()
        },
        read["made"],
    )


def write_record(path: Path, record: Record) -> None:
    """Write the record as indented JSON."""
    trainings = {name: asdict(one) for name, one in record.trainings.items()}
    for one in trainings.values():
        del one["name"]
    curves = {
        recipe: {
            str(pictures): {
                "right": points[pictures].learned.right,
                "judged": points[pictures].learned.evaluated,
                "computed_in": points[pictures].computed_in,
            }
            for pictures in sorted(points)
        }
        for recipe, points in record.curves.items()
    }
    content = {"trainings": trainings, "curves": curves, "made": dict(record.made)}
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _training_result(name: str, read: Mapping[str, Any]) -> TrainingResult:
    intervals = {
        part: Interval(**read[part]) if read[part] else None for part in ("tested", "area")
    }
    return TrainingResult(**{**read, **intervals, "name": name})
