"""State of one visitor of the page Join a class: slots as those of `session_state`."""

from __future__ import annotations

from core.domain.classroom import Classroom, Learner, LearnerState
from pages.parts.shell.session_state import Slot

found_class: Slot[str] = Slot("found_class", "")
"""Id of the class whose code was typed; empty until then."""

pseudonym: Slot[str] = Slot("pseudonym", "")
"""The name that is offered to who joins; empty until one is drawn."""

join_note: Slot[tuple[str, str] | None] = Slot("join_note", None)
"""What went wrong, and what helps; None otherwise."""

join_done: Slot[str] = Slot("join_done", "")
"""What was done, in a sentence; empty otherwise."""

member: Slot[tuple[str, Classroom, Learner] | None] = Slot("class_member", None)
"""The secret of the own link, with the class and the learner as they were read last."""

doing: Slot[tuple[str, LearnerState] | None] = Slot("class_doing", None)
"""Id of the learner, and what this tab is to do; None until it is known."""

class_start: Slot[str] = Slot("class_start", "")
"""Identifies the requested start of the eye; empty until one was requested."""

was_away: Slot[bool] = Slot("was_away", False)
"""Whether the camera is off as the learner was not heard of for long, and pressed nothing."""

asks_browser: Slot[bool] = Slot("asks_browser", False)
"""Whether the browser is asked if it still reads, before another token is made for it."""

class_token: Slot[tuple[str, str] | None] = Slot("class_token", None)
"""A start, and the token for it."""

flag_answer: Slot[str] = Slot("flag_answer", "")
"""What is said of the flag that was pressed last."""

question_answer: Slot[str] = Slot("question_answer", "")
"""What is said of the question that was sent last."""

question_round: Slot[int] = Slot("question_round", 0)
"""Incremented where a question was sent: empties its field."""

asks_deletion: Slot[bool] = Slot("asks_deletion", False)
"""Whether it was pressed that everything shared is to be deleted, and is not confirmed yet."""
