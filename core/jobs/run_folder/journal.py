"""A run's events on disk: appended by its worker only, read by all processes."""

from __future__ import annotations

import errno
import json
import logging
import os
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from sys import intern
from threading import Lock
from typing import Any

from core.domain import (
    BatchDone,
    CheckpointSaved,
    DataReady,
    EpochEnded,
    Finished,
    LogMessage,
    PartDone,
    ResourcesUsed,
    RunEvent,
    SamplesSeen,
    Started,
    Waiting,
)
from core.domain.plain_values import from_plain, parse_json, to_plain

_STORED_AS: Mapping[type[RunEvent], str] = {LogMessage: "Said"}
"""Stored names of classes that have been renamed since."""

EVENT_KINDS: Mapping[str, type[RunEvent]] = {
    _STORED_AS.get(kind, kind.__name__): kind
    for kind in (
        *(Started, Waiting, DataReady, BatchDone, PartDone),
        *(EpochEnded, SamplesSeen, ResourcesUsed, CheckpointSaved, LogMessage, Finished),
    )
}

_KIND_PREFIX = re.compile(rb'\{"kind": "(\w+)"')

_log = logging.getLogger(__name__)


class Journal:
    """Appends events to `events.jsonl`, one line and one write each; thread-safe.

    A line that was cut short by a crash or a full disk is ended before the next one, so only that
    one is lost.

    Args:
        path: the file; its folder exists.
        clock: the time now, aware, UTC.
    """

    def __init__(self, path: Path, *, clock: Callable[[], datetime]) -> None:
        self._path = path
        self._clock = clock
        self._lock = Lock()
        self._last_line_is_cut = _ends_inside_a_line(path)

    def append(self, event: RunEvent) -> None:
        """Write one event.

        Raises:
            ValueError: the event holds a number that is infinite or NaN.
            OSError: the disk refused.
        """
        plain = to_plain(event)
        with self._lock:  # with the clock inside it, times in the file only go forward
            line = {
                "kind": _STORED_AS.get(type(event), type(event).__name__),
                "at": self._clock().isoformat(),
                **plain,
            }
            text = json.dumps(line, allow_nan=False) + "\n"
            self._write((("\n" if self._last_line_is_cut else "") + text).encode())

    def _write(self, line: bytes) -> None:
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            written = os.write(descriptor, line)
        finally:
            os.close(descriptor)
        self._last_line_is_cut = 0 < written < len(line)
        if written < len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self._path))


def read_events(path: Path, *, since: int = 0) -> tuple[list[RunEvent], int]:
    """Whole lines written after a cursor, and the cursor for the next time.

    Args:
        since: 0, or what an earlier call gave.
    Returns:
        The events in the order they were written, and where to go on. A half-written last line is
        left for the next time; lines that cannot be read (damaged, or of a newer Mien) are passed
        over.
    """
    lines, cursor = read_lines(path, since=since)
    return [event for line in lines if (event := event_of(line)) is not None], cursor


def read_lines(path: Path, *, since: int = 0) -> tuple[list[bytes], int]:
    """The same as the bytes of each line; see `event_of`."""
    try:
        with path.open("rb") as file:
            file.seek(since)
            new = file.read()
    except FileNotFoundError:
        return [], since
    complete = new[: new.rfind(b"\n") + 1]
    # Not `splitlines`: that would also split at a lone carriage return.
    return complete.split(b"\n")[:-1], since + len(complete)


def kind_of(line: bytes) -> str:
    """The name of a line's event, without reading the rest of it; empty if it has none.

    Our own lines begin with it; any other line is read to find out.
    """
    if found := _KIND_PREFIX.match(line):
        return found[1].decode("ascii")
    read = _read(line)
    return "" if read is None else str(read.get("kind", ""))


def event_of(line: bytes) -> RunEvent | None:
    """The event of one line; None if it cannot be read."""
    read = _read(line)
    if read is None:
        return None
    try:
        kind = EVENT_KINDS[read.pop("kind")]
        read.pop("at", None)
        if kind is EpochEnded:
            # Lists of runs keep every epoch; interning stores the few metric names once.
            read["metrics"] = {intern(name): one for name, one in read["metrics"].items()}
        return from_plain(kind, read)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        _log.debug("a line of the journal was skipped: %s", error)
        return None


def time_of(line: bytes) -> datetime | None:
    """When a line was written; None if it does not say."""
    read = _read(line)
    try:
        return None if read is None else datetime.fromisoformat(read["at"])
    except (ValueError, KeyError, TypeError):
        return None


def _read(line: bytes) -> dict[str, Any] | None:
    if not line.strip():
        return None
    try:
        read = parse_json(line)
    except (ValueError, RecursionError) as error:
        _log.debug("a line of the journal was skipped: %s", error)
        return None
    return read if isinstance(read, dict) else None


def _ends_inside_a_line(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) != b"\n"
    except OSError:  # not there yet, or empty
        return False
