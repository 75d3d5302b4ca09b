"""Stored rows as values: times, and what is damaged."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, TypeVar

from core.domain.errors import StoreError
from core.domain.plain_values import from_plain, to_plain
from core.storage.corrupt_data import DAMAGED_CONTENT, short_message

_log = logging.getLogger(__name__)

Value = TypeVar("Value")


def text_of_time(time: datetime | None) -> str | None:
    """A time as stored: ISO 8601 in UTC.

    Raises:
        ValueError: it has no time zone.
    """
    if time is not None and time.utcoffset() is None:
        raise ValueError(f"the time {time} needs a time zone")
    return None if time is None else time.astimezone(UTC).isoformat()


def time_of(text: str | None) -> Any:
    """The inverse of `text_of_time`.

    Raises:
        ValueError: damaged.
    """
    time = None if text is None else datetime.fromisoformat(text)
    if time is not None and time.utcoffset() is None:
        raise ValueError(f"{text} has no time zone")
    return time


def readable(make: Callable[[], Value], what: str) -> Value:
    """What stored rows are.

    Args:
        make: of the rows.
        what: they are, for the message.
    Raises:
        StoreError: they are damaged, or of a later version.
    """
    try:
        value = make()
        # SQLite may hold any type in any column: each field is checked for its own.
        return from_plain(type(value), to_plain(value))
    except DAMAGED_CONTENT as error:
        raise StoreError(
            f"{what} cannot be read: {short_message(error)}.",
            advice="Update Mien, restore the database from a copy, or delete it.",
        ) from error


def readable_ones(made: Iterable[tuple[str, Callable[[], Value]]]) -> list[Value]:
    """Those that can be read; others are logged, so that none hides the rest of a list."""
    found = []
    for what, make in made:
        try:
            found.append(readable(make, what))
        except StoreError as error:
            _log.warning("left out: %s", error)
    return found
