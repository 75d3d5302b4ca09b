"""The plan of opening a dataset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from core.datasets.readers.source import DatasetSource
from core.domain.errors import PlanError
from core.jobs import Plan


@dataclass(frozen=True)
class OpenPlan(Plan):
    """Read a dataset and add it to the catalogue.

    Attributes:
        name: in the catalogue.
        source: where it is and how it is read.
    """

    refusal = "This is no plan to open a dataset"

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
