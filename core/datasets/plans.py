"""Plans of this package's jobs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from core.datasets.readers.source import DatasetSource
from core.domain.errors import PlanError
from core.jobs import Plan

_ASK_AGAIN = "Start it again from the page Explore data; plan.json in the run's folder was changed."


@dataclass(frozen=True)
class OpenPlan(Plan):
    """Read a dataset and add it to the catalogue.

    Attributes:
        name: in the catalogue.
        source: where it is and how it is read.
    """

    refusal = "This is no plan to open a dataset"
    advice = _ASK_AGAIN

    name: str
    source: DatasetSource

    @classmethod
    def from_json(cls, read: Mapping[str, Any]) -> Self:
        """The inverse of `to_json`.

        Raises:
            PlanError: not such a plan.
        """
        try:
            return cls(str(read["name"]), DatasetSource.from_json(read["source"]))
        except (KeyError, TypeError, AttributeError) as error:
            raise PlanError(f"{cls.refusal}: {error!r}.", advice=cls.advice) from error


@dataclass(frozen=True)
class AuditPlan(Plan):
    """Audit a dataset for every kind of problem.

    Attributes:
        dataset: a name in the catalogue.
        model: checks the labels; a name in the model registry, empty takes the best.
        votes: path of FER+'s votes, one row for each of fer2013.csv; empty looks beside the files.
        threads: of face detection.
    """

    refusal = "This is no plan of an audit"
    advice = _ASK_AGAIN

    dataset: str
    model: str = ""
    votes: str = ""
    threads: int = 2

    def __post_init__(self) -> None:
        if self.threads < 1:
            raise PlanError(
                f"{self.threads} threads are not possible.", advice="Choose at least one."
            )


@dataclass(frozen=True)
class PreparePlan(Plan):
    """Summarise a dataset and write its report.

    Attributes:
        dataset: a name in the catalogue.
        classes: name of a class mapping; empty for the classes as in the files.
        pictures: whether the report includes pictures of people.
        seed: of the sample sheet.
    """

    refusal = "This is no plan of a report"
    advice = _ASK_AGAIN

    dataset: str
    classes: str = ""
    pictures: bool = False
    seed: int = 7
