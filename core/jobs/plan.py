"""The plan of a job, as stored in its run's folder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from core.domain.errors import PlanError
from core.domain.plain_values import from_plain, to_plain

CHANGED = "Start it again; plan.json in the run's folder was changed."
"""Advice where a plan cannot be read: it was edited by hand."""


class Plan:
    """Base class of plans: each job has a frozen dataclass that extends this one.

    Attributes:
        refusal: start of the error message for a file that is no such plan.
        advice: in place of the default one.
    """

    refusal: ClassVar[str]
    advice: ClassVar[str] = CHANGED

    def to_json(self) -> dict[str, Any]:
        """JSON values."""
        plain: dict[str, Any] = to_plain(self)
        return plain

    @classmethod
    def from_json(cls, read: Mapping[str, Any]) -> Self:
        """The inverse of `to_json`.

        Raises:
            PlanError: a missing, unknown or wrong entry, or an invalid value.
        """
        try:
            return from_plain(cls, read)
        except ValueError as error:
            raise PlanError(f"{cls.refusal}: {error}.", advice=cls.advice) from error
