"""State of one visitor of the page Practice: slots as those of `session_state`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pages.parts.shell.session_state import Slot

if TYPE_CHECKING:  # every page imports this, and only one needs these
    from core.practice import Light, RunningPractice
    from core.sessions import MeasuredCalibration

practice_run: Slot[RunningPractice | None] = Slot("practice_run", None)
"""The practice that goes on in this tab; None while none does."""

ended_practice: Slot[str] = Slot("ended_practice", "")
"""Id of the practice that has just ended in this tab: its overview is shown."""

practice_note: Slot[tuple[str, str] | None] = Slot("practice_note", None)
"""What went wrong, and what helps; None otherwise."""

shows_picture: Slot[bool] = Slot("shows_picture", True)
"""Whether the own picture is shown in a practice."""

cut_off_attempt: Slot[str] = Slot("cut_off_attempt", "")
"""Id of the try that was ended by leaving the page, where the practice was then gone on with."""

practice_light: Slot[Light | None] = Slot("practice_light", None)
"""Whether the face could be read when it was last looked at."""

carried_calibration: Slot[MeasuredCalibration | None] = Slot("carried_calibration", None)
"""The calibration of the practice that goes on: its next session begins with it."""

carried_into: Slot[str] = Slot("carried_into", "")
"""Id of the session that was given it."""

practice_set: Slot[str] = Slot("practice_set", "")
"""Name of the set of questions that was chosen."""

practice_set_round: Slot[int] = Slot("practice_set_round", 0)
"""Incremented where another set is chosen otherwise than from its list: resets the list."""

saved_set: Slot[str] = Slot("saved_set", "")
"""Which form of own questions has just saved a set: "new", or the id of a set; else empty."""

reads_aloud: Slot[bool] = Slot("reads_aloud", False)
"""Whether questions are read aloud."""

practice_jump: Slot[tuple[str, float, float] | None] = Slot("practice_jump", None)
"""Id of a try, and the seconds of the answer, from and to, that its charts show; None for all."""

practice_jumps: Slot[int] = Slot("practice_jumps", 0)
"""How often this visitor jumped to a stretch of an answer."""

chosen_practice: Slot[str | None] = Slot("chosen_practice", None)
"""Id of the practice that is looked back on."""

microphone_token: Slot[tuple[str, str] | None] = Slot("microphone_token", None)
"""Id of the session that this browser's microphone writes, and the token for it."""
