"""The plan of a dataset audit."""

from __future__ import annotations

from dataclasses import dataclass

from core.domain.errors import PlanError
from core.jobs import Plan


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

    dataset: str
    model: str = ""
    votes: str = ""
    threads: int = 2

    def __post_init__(self) -> None:
        if self.threads < 1:
            raise PlanError(
                f"{self.threads} threads are not possible.", advice="Choose at least one."
            )
