"""State of one visitor of the page Class: slots as those of `session_state`."""

from __future__ import annotations

from pages.parts.shell.session_state import Slot

taught_class: Slot[str] = Slot("taught_class", "")
"""The teacher's secret of the class that this tab opened or came to; empty without one."""

class_deleted: Slot[str] = Slot("class_deleted", "")
"""Title of the class that this tab has just deleted; empty otherwise."""

dismissed_alerts: Slot[frozenset[str]] = Slot("dismissed_alerts", frozenset())
"""Alerts that this tab dismissed."""

Said = tuple[int | None, float, str]
"""Number of a learner, seconds of the class, and words: empty for a raised hand."""

answered_flags: Slot[frozenset[Said]] = Slot("answered_flags", frozenset())
"""Hands and questions that the teacher answered."""

mark_trouble: Slot[tuple[str, str] | None] = Slot("mark_trouble", None)
"""Why the last mark was not set or taken back, and what helps; None otherwise."""
