"""What recipes reached, kept in docs/recipes.json: machines that trained them come and go."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from core.domain import Interval
from core.evaluation.metrics import LearningCurvePoint


@dataclass(frozen=True)
class Measured:
    """One training, as far as it came.

    Attributes:
        name: of the recipe; of a changed one, of its model too.
        recipe: which.
        changed: whether values of the recipe were changed for it.
        command: that trained it.
        epochs, of_epochs: done, and asked for.
        minutes: of the processor, training only.
        computed_in: numbers that the network was computed in; empty where nobody noted it.
        chosen: accuracy on PublicTest, of its model, or while it is not finished after its best
            epoch; a fraction.
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
        """What came further compares greater."""
        return self.tested is not None, self.epochs


@dataclass(frozen=True)
class Point:
    """One point of a recipe's learning curve."""

    learned: LearningCurvePoint
    computed_in: str


@dataclass(frozen=True)
class Record:
    """Everything that was measured until now.

    Attributes:
        trainings: by name.
        curves: by recipe, then by how many pictures were learned from.
        made: by recipe, sentences about what learned from videos that a script drew.
    """

    trainings: Mapping[str, Measured] = field(default_factory=dict)
    curves: Mapping[str, Mapping[int, Point]] = field(default_factory=dict)
    made: Mapping[str, str] = field(default_factory=dict)

    def with_trainings(self, new: Iterable[Measured]) -> Record:
        """With these too; each takes the place of one that came no further."""
        now = dict(self.trainings)
        for one in new:
            before = now.get(one.name)
            if before is None:
                now[one.name] = one
            elif one.furthest >= before.furthest:
                # A run of an earlier version does not say it again.
                now[one.name] = replace(one, computed_in=one.computed_in or before.computed_in)
        return replace(self, trainings=now)

    def with_point(self, recipe: str, new: Point) -> Record:
        """With this point of a recipe's learning curve too, in place of one of the same size."""
        points = self.curves.get(recipe, {})
        before = points.get(new.learned.pictures)
        if before is not None and before.learned == new.learned and not new.computed_in:
            new = before  # a run of an earlier version does not say it again
        now = {**points, new.learned.pictures: new}
        return replace(self, curves={**self.curves, recipe: now})


def read_record(path: Path) -> Record:
    """Of a file; empty where there is none."""
    if not path.exists():
        return Record()
    told = json.loads(path.read_text(encoding="utf-8"))
    return Record(
        {name: _measured(name, one) for name, one in told["trainings"].items()},
        {
            recipe: {
                int(pictures): Point(
                    LearningCurvePoint(int(pictures), one["right"], one["judged"]),
                    one["computed_in"],
                )
                for pictures, one in points.items()
            }
            for recipe, points in told["curves"].items()
        },
        told["made"],
    )


def write_record(path: Path, record: Record) -> None:
    """As text that a person can read and a later run adds to."""
    trainings = {name: asdict(one) for name, one in record.trainings.items()}
    for one in trainings.values():
        del one["name"]
    curves = {
        recipe: {
            str(pictures): {
                "right": points[pictures].learned.right,
                "judged": points[pictures].learned.judged,
                "computed_in": points[pictures].computed_in,
            }
            for pictures in sorted(points)
        }
        for recipe, points in record.curves.items()
    }
    told = {"trainings": trainings, "curves": curves, "made": dict(record.made)}
    path.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _measured(name: str, told: Mapping[str, Any]) -> Measured:
    intervals = {
        part: Interval(**told[part]) if told[part] else None for part in ("tested", "area")
    }
    return Measured(**{**told, **intervals, "name": name})
