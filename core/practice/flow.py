"""The steps of a practice: where it stands, and what each press and the time that passes change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class Phase(StrEnum):
    """Where a question stands."""

    READY = "ready"
    """Before the first question: the camera starts, and a calibration is offered."""
    THINKING = "thinking"
    """The question is shown, and there is time to think."""
    ANSWERING = "answering"
    """The answer is measured."""
    REVIEW = "review"
    """It is over and can be looked at; another try or the next question may follow."""
    PAUSED = "paused"
    """Any of these stands still."""
    OVER = "over"
    """After the last question, or ended earlier."""


@dataclass(frozen=True)
class Flow:
    """The state of a practice; each method gives the next one, and itself where nothing changes.

    Every `now_s` is the same monotonic clock, in seconds. Time in a pause does not count.

    Attributes:
        questions: how many there are, from 1.
        think_s, answer_s: seconds to think and to answer; 0 of the first asks at once.
        index: the question it stands at; `questions` after the last.
        number: of the next or the running try at it, from 1.
        phase: where that question stands.
        paused_in: the phase that stands still; None unless paused.
        began_s: when the phase began by the clock, moved on by its pauses.
        stopped_s: when the pause began; None unless paused.
    """

    questions: int
    think_s: float
    answer_s: float
    index: int = 0
    number: int = 1
    phase: Phase = Phase.READY
    paused_in: Phase | None = None
    began_s: float = 0.0
    stopped_s: float | None = None

    def __post_init__(self) -> None:
        if self.questions < 1 or self.think_s < 0 or self.answer_s <= 0:
            raise ValueError(f"a practice has questions and time for them, got {self}")
        is_paused = self.phase is Phase.PAUSED
        if is_paused != (self.paused_in is not None) or is_paused != (self.stopped_s is not None):
            raise ValueError(f"a pause stands in a phase, got {self}")
        if not 0 <= self.index <= self.questions or self.number < 1:
            raise ValueError(f"there is no such question or try, got {self}")
        if self.index == self.questions and self.phase is not Phase.OVER:
            raise ValueError(f"after the last question it is over, got {self}")

    @property
    def step(self) -> Phase:
        """The phase, also while it stands still."""
        return self.phase if self.paused_in is None else self.paused_in

    def elapsed_s(self, now_s: float) -> float:
        """Seconds of this phase until now, without pauses."""
        until_s = now_s if self.stopped_s is None else self.stopped_s
        return max(0.0, until_s - self.began_s)

    def remaining_s(self, now_s: float) -> float | None:
        """Seconds until its time is up; None where it has no limit."""
        limit_s = self._limit_s()
        return None if limit_s is None else max(0.0, limit_s - self.elapsed_s(now_s))

    def ask(self, now_s: float) -> Flow:
        """Show the question and begin to think; answer at once without time to think."""
        return self._asked(now_s) if self.phase is Phase.READY else self

    def answer(self, now_s: float) -> Flow:
        """Begin to answer before the time to think is up."""
        if self.phase not in {Phase.READY, Phase.THINKING}:
            return self
        return replace(self, phase=Phase.ANSWERING, began_s=now_s)

    def finish(self, now_s: float) -> Flow:
        """End the answer."""
        if self.phase is not Phase.ANSWERING:
            return self
        return replace(self, phase=Phase.REVIEW, began_s=now_s)

    def again(self, now_s: float) -> Flow:
        """Another try at the question that was answered."""
        if self.phase is not Phase.REVIEW:
            return self
        return replace(self, number=self.number + 1)._asked(now_s)

    def next(self, now_s: float) -> Flow:
        """The next question; after the last it is over."""
        return self._at(self.index + 1, now_s) if self.phase is Phase.REVIEW else self

    def skip(self, now_s: float) -> Flow:
        """Leave this question for the next one, also in the middle of its answer."""
        if self.step in {Phase.REVIEW, Phase.OVER}:
            return self
        return self._at(self.index + 1, now_s)

    def pause(self, now_s: float) -> Flow:
        """Stand still."""
        if self.phase in {Phase.PAUSED, Phase.OVER}:
            return self
        return replace(self, phase=Phase.PAUSED, paused_in=self.phase, stopped_s=now_s)

    def resume(self, now_s: float) -> Flow:
        """Go on where it stood."""
        if self.paused_in is None or self.stopped_s is None:
            return self
        return replace(
            self,
            phase=self.paused_in,
            paused_in=None,
            stopped_s=None,
            began_s=self.began_s + max(0.0, now_s - self.stopped_s),
        )

    def end(self) -> Flow:
        """End the practice where it stands."""
        return replace(self, phase=Phase.OVER, paused_in=None, stopped_s=None)

    def tick(self, now_s: float) -> Flow:
        """What time alone changes, one step at a time: thinking ends, and so does an answer.

        Each changes when its time is up, however late this is called: `began_s` says when.
        """
        limit_s = self._limit_s()
        if self.phase is Phase.PAUSED or limit_s is None or now_s - self.began_s < limit_s:
            return self
        up_s = self.began_s + limit_s
        return self.answer(up_s) if self.phase is Phase.THINKING else self.finish(up_s)

    def _limit_s(self) -> float | None:
        limits = {Phase.THINKING: self.think_s, Phase.ANSWERING: self.answer_s}
        return limits.get(self.step)

    def _asked(self, now_s: float) -> Flow:
        phase = Phase.THINKING if self.think_s > 0 else Phase.ANSWERING
        return replace(self, phase=phase, began_s=now_s)

    def _at(self, index: int, now_s: float) -> Flow:
        moved = replace(
            self,
            index=index,
            number=1,
            phase=Phase.OVER if index == self.questions else Phase.READY,
            paused_in=None,
            stopped_s=None,
        )
        return moved.ask(now_s)
