"""A practice: questions that one person answers before the camera, and each try at one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.domain.observation import AnalysisSite
from core.domain.question_set import Question

HIGHEST_RATING = 10
MAX_REPORT_LENGTH = 500


class AttemptOutcome(StrEnum):
    """How a try at a question ended."""

    ANSWERED = "answered"
    SKIPPED = "skipped"


class MomentKind(StrEnum):
    """What a moment of an answer may be."""

    LOOK_AWAY = "look_away"
    TENSION = "tension"
    SMILE = "smile"
    NODS = "nods"
    SILENCE = "silence"


class Verdict(StrEnum):
    """A person's own answer about a moment."""

    CONFIRMED = "confirmed"
    REJECTED = "rejected"


@dataclass(frozen=True)
class AttemptPart:
    """Where the rows of a part of an answer lie: a restarted server or camera begins another.

    Attributes:
        session_id: the session that recorded it.
        offset_s: seconds of the answer before this part, those that nothing recorded included.
        begins_s: time of that session at which it begins.
        ends_s: likewise, not before it begins; None while it goes on.
    """

    session_id: str
    offset_s: float
    begins_s: float
    ends_s: float | None = None

    def __post_init__(self) -> None:
        if not (0 <= self.offset_s < math.inf and 0 <= self.begins_s < math.inf):
            raise ValueError(f"a part of an answer lies at 0 s or later, got {self}")
        if self.ends_s is not None and not self.begins_s <= self.ends_s < math.inf:
            raise ValueError(f"a part from {self.begins_s} s cannot end at {self.ends_s} s")


@dataclass(frozen=True)
class SelfReport:
    """A person's own report on an answer, given before its figures are shown.

    Attributes:
        calm, satisfied: 0 (not at all) to `HIGHEST_RATING` (completely).
        words: one line; may be empty.
        given_at: aware, UTC.
    """

    calm: int
    satisfied: int
    words: str
    given_at: datetime

    def __post_init__(self) -> None:
        for rating in (self.calm, self.satisfied):
            if not 0 <= rating <= HIGHEST_RATING:
                raise ValueError(f"a rating lies in 0 to {HIGHEST_RATING}, got {rating}")
        if len(self.words) > MAX_REPORT_LENGTH:
            raise ValueError(f"a report has at most {MAX_REPORT_LENGTH} characters")


@dataclass(frozen=True)
class MomentAnswer:
    """What a person said about a moment of an answer.

    Attributes:
        kind: what it was offered as.
        begins_s, ends_s: seconds of the answer.
        verdict: whether it was that.
        words: their explanation; may be empty.
        answered_at: aware, UTC.
    """

    kind: MomentKind
    begins_s: float
    ends_s: float
    verdict: Verdict
    words: str
    answered_at: datetime

    def __post_init__(self) -> None:
        if not 0 <= self.begins_s <= self.ends_s < math.inf:
            raise ValueError(f"a moment lies within an answer, got {self}")
        if len(self.words) > MAX_REPORT_LENGTH:
            raise ValueError(f"an explanation has at most {MAX_REPORT_LENGTH} characters")


@dataclass(frozen=True)
class Attempt:
    """One try at one question.

    Attributes:
        id: unique.
        practice_id: of its practice.
        question_index: place of its question in the practice, from 0.
        number: of the try at this question, from 1.
        began_at: aware, UTC.
        outcome: None while it goes on, and where it was never ended.
        parts: where its rows lie, in order; none of a skipped question, and of one whose session
            was deleted.
        with_sound: whether the microphone's level was measured.
        report: the person's own; None until given.
        revealed_at: when its figures were first shown; None until then.
    """

    id: str
    practice_id: str
    question_index: int
    number: int
    began_at: datetime
    outcome: AttemptOutcome | None = None
    parts: tuple[AttemptPart, ...] = ()
    with_sound: bool = False
    report: SelfReport | None = None
    revealed_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.question_index < 0 or self.number < 1:
            raise ValueError(f"questions count from 0 and tries from 1, got {self}")

    @property
    def length_s(self) -> float:
        """Seconds of the answer, with those that nothing recorded, until its last part ended."""
        ends = [
            one.offset_s + one.ends_s - one.begins_s for one in self.parts if one.ends_s is not None
        ]
        return max(ends, default=0.0)


@dataclass(frozen=True)
class Practice:
    """A practice, with its questions as they were asked: sets may change later.

    Attributes:
        id: sortable and unique, as that of a session.
        person: who practises, as they call themselves; empty for the one who always does here.
        set_name: of the set that the questions are from.
        language: of the questions, as in `QuestionSet`.
        questions: in the order they are asked.
        think_s, answer_s: seconds to think and to answer; 0 of the first asks at once.
        site: where frames are analysed.
        with_sound: whether the microphone's level is measured.
        began_at: aware, UTC.
        purpose, consent_at: as in `Session`.
        ended_at: aware, UTC; None while it goes on, and until somebody ends it.
        question_index: the question it stands at; `len(questions)` after the last.
    """

    id: str
    person: str
    set_name: str
    language: str
    questions: tuple[Question, ...]
    think_s: float
    answer_s: float
    site: AnalysisSite
    with_sound: bool
    began_at: datetime
    purpose: str = "self-practice"
    consent_at: datetime | None = None
    ended_at: datetime | None = None
    question_index: int = 0

    def __post_init__(self) -> None:
        if not self.questions:
            raise ValueError("a practice has questions")
        if not (0 <= self.think_s < math.inf and 0 < self.answer_s < math.inf):
            raise ValueError("the times of a practice are finite, and there is one to answer")
        if not 0 <= self.question_index <= len(self.questions):
            raise ValueError(f"there is no question {self.question_index + 1}")
