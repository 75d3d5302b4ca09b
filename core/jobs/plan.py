"""What a job is asked to do, as it is kept in its run's folder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from core.domain.errors import PlanError
from core.domain.plain_values import from_plain, to_plain

CHANGED = "Start it again; plan.json in the run's folder was changed."
"""Advice where a plan cannot be read back: nobody but a person can have changed it."""


class Plan:
    """What a job is asked to do: each job has a frozen dataclass that extends this one.

    Attributes:
        refusal: how the message about a file that holds no such plan begins.
        advice: where there is more to say than the usual.
    """

    refusal: ClassVar[str]
    advice: ClassVar[str] = CHANGED

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        plain: dict[str, Any] = to_plain(self)
        return plain

    @classmethod
    def from_json(cls, read: Mapping[str, Any]) -> Self:
        """The inverse of `to_json`.

        Raises:
            PlanError: a missing, unknown or wrong entry; or what the plan says of its values.
        """
        try:
            return from_plain(cls, read)
        except ValueError as error:
            raise PlanError(f"{cls.refusal}: {error}.", advice=cls.advice) from error
