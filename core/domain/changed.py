"""A copy of a value with other fields, for streams."""

from __future__ import annotations

from typing import Any, TypeVar

Value = TypeVar("Value")


def changed(value: Value, **fields: Any) -> Value:
    """`dataclasses.replace` in half the time, for rows of a stream, of which each is copied often.

    Args:
        value: a dataclass whose fields are all arguments of its constructor.
        fields: those that differ.
    """
    return type(value)(**(vars(value) | fields))
