"""The plan of a dataset report."""

from __future__ import annotations

from dataclasses import dataclass

from core.jobs import Plan


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

    dataset: str
    classes: str = ""
    pictures: bool = False
    seed: int = 7
