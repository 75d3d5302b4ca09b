"""Sessions that are over, and may not be stored completely yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from core.live.session_writer import SessionWriter
from core.live.view import LiveView


class EndingSessions:
    """The writers of sessions that ended. Not thread-safe: LiveSession's lock guards `add`, `open`.

    What a store refused is retried until it is stored, also while the next session is recorded.
    """

    def __init__(self) -> None:
        self._writers: list[SessionWriter] = []

    def add(self, writer: SessionWriter) -> None:
        """Add the writer of a session that just ended."""
        self._writers.append(writer)

    def open(self) -> list[SessionWriter]:
        """Those that are not stored completely."""
        self._writers = [one for one in self._writers if not one.is_over]
        return list(self._writers)


def end_all(writers: list[SessionWriter], *, ended_at: datetime, wait_s: float) -> None:
    """Mark sessions as ended.

    Args:
        wait_s: how long to wait for each.
    """
    for one in writers:
        one.end(ended_at=ended_at, wait_s=wait_s)


def with_unsaved(view: LiveView, writers: list[SessionWriter]) -> LiveView:
    """A view with what is not stored of earlier sessions."""
    if not writers:
        return view
    # The store's refusal is the same for each: reported once.
    problems = dict.fromkeys([view.trouble, *(one.trouble for one in writers)])
    return replace(
        view,
        unsaved=view.unsaved + sum(one.unsaved for one in writers),
        trouble=" ".join(filter(None, problems)),
    )
