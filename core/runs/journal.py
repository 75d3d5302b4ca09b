"""A run's events on disk: appended by its worker only, read by anybody."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from core.vocabulary import (
    BatchDone,
    CheckpointSaved,
    DataReady,
    EpochEnded,
    Finished,
    PartDone,
    ResourcesUsed,
    RunEvent,
    RunStatus,
    Said,
    SamplesSeen,
    Started,
    Waiting,
)

EVENT_KINDS: Mapping[str, type[RunEvent]] = {
    kind.__name__: kind
    for kind in (
        *(Started, Waiting, DataReady, BatchDone, PartDone),
        *(EpochEnded, SamplesSeen, ResourcesUsed, CheckpointSaved, Said, Finished),
    )
}

_log = logging.getLogger(__name__)


class Journal:
    """Appends events to `events.jsonl`, one line and one write each.

    A line that was cut short by a crash is closed before the next one, so only that one is lost.

    Args:
        path: the file; its folder exists.
        clock: the time now, aware, UTC.
    """

    def __init__(self, path: Path, *, clock: Callable[[], datetime]) -> None:
        self._path = path
        self._clock = clock
        self._closes_a_cut_line = _ends_inside_a_line(path)

    def append(self, event: RunEvent) -> None:
        """Write one event.

        Raises:
            ValueError: the event holds a number that is infinite or none.
            OSError: the disk refused.
        """
        line = {"kind": type(event).__name__, "at": self._clock().isoformat(), **asdict(event)}
        text = json.dumps(line, allow_nan=False) + "\n"
        if self._closes_a_cut_line:
            text, self._closes_a_cut_line = "\n" + text, False
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(descriptor, text.encode())
        finally:
            os.close(descriptor)


def read_events(path: Path, *, since: int = 0) -> tuple[list[RunEvent], int]:
    """Whole lines written after a cursor, and the cursor for the next time.

    Args:
        since: bytes read before; 0 at first.
    Returns:
        Events in the order they were written, and where to go on. A half-written last line is left
        for the next time; lines that cannot be read (damaged, or of a newer Mien) are passed over.
    """
    try:
        with path.open("rb") as file:
            file.seek(since)
            new = file.read()
    except FileNotFoundError:
        return [], since
    whole = new[: new.rfind(b"\n") + 1]
    events = [event for line in whole.splitlines() if (event := _event(line)) is not None]
    return events, since + len(whole)


def _event(line: bytes) -> RunEvent | None:
    if not line.strip():
        return None
    try:
        read: dict[str, Any] = json.loads(line)
        kind = EVENT_KINDS[read.pop("kind")]
        read.pop("at", None)
        if kind is Finished:
            read["outcome"] = RunStatus(read["outcome"])
        return kind(**read)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        _log.debug("a line of the journal was passed over: %s", error)
        return None


def _ends_inside_a_line(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) != b"\n"
    except OSError:  # not there yet, or empty
        return False
