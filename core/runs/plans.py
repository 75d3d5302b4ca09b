"""A job's plan as plain values, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from core.domain.errors import PlanError

CHANGED = "Start it again; plan.json in the run's folder was changed."
"""Advice where a plan cannot be read back: nobody but a person can have changed it."""

Plan = TypeVar("Plan")


def plan_from(
    kind: type[Plan], read: Mapping[str, Any], *, what: str, advice: str = CHANGED
) -> Plan:
    """A plan from the plain values that `dataclasses.asdict` made of it.

    Args:
        what: how the message goes on after "This is": "no plan of an audit".
        advice: where there is more to say than the usual.
    Raises:
        PlanError: an unknown or missing entry; or whatever the plan says of its values.
    """
    try:
        return kind(**read)
    except TypeError as error:
        raise PlanError(f"This is {what}: {error}.", advice=advice) from error
