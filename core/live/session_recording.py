"""One session while it is recorded: what was seen, and how well it runs."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from core.domain import AnalysedFrame, Event, EventKind, LabelScheme, Session
from core.domain.counted import counted
from core.live.frame_clock import FrameClock
from core.live.meters import AgeMeter, RateMeter, RunningTrend, TimeMeter
from core.live.session_writer import SessionWriter
from core.live.view import LiveView
from core.measures import RunningExpressiveness, ScoreView, views_of
from core.vision import ConfirmedMoments

RECENT_S = 10.0
_MOST_RECENT = 1000  # moments: a bound that holds even should a sender's clock stand still
_MOST_MARKS_SHOWN = 50  # the newest: more would hide the trend
_FAILURE_SHOWN_S = 10.0


@dataclass(frozen=True)
class Arrival:
    """A frame that is about to be looked at.

    Attributes:
        time_s: of the session.
        index: of the frame; frames not looked at keep their numbers.
        clock_s: when it came in.
        waited_s: on its way, longer than the fastest.
        paused_s: length of the pause since then; 0 without one.
    """

    time_s: float
    index: int
    clock_s: float
    waited_s: float
    paused_s: float


class SessionRecording:
    """From Start to Stop. Not thread-safe: LiveSession's lock guards it.

    Args:
        session: as the page began it.
        scheme: names the scores.
    """

    def __init__(self, session: Session, scheme: LabelScheme) -> None:
        self.session = session
        self.recorder: SessionWriter | None = None
        self.paused_at_s: float | None = None
        # Guarded by whoever analyses, one frame at a time.
        self.movement = RunningExpressiveness()
        self._scheme = scheme
        self._clock = FrameClock()
        self._confirmed = ConfirmedMoments()
        # Of every view from the beginning: another one may be chosen at any time.
        self._trends = _empty_trends(scheme)
        self._rate, self._age, self._time = RateMeter(), AgeMeter(), TimeMeter()
        self._recent: deque[AnalysedFrame] = deque(maxlen=_MOST_RECENT)
        self._unrecorded: list[Event] = []  # before the first frame; people set them, by hand
        self._marked: deque[tuple[float, str]] = deque(maxlen=_MOST_MARKS_SHOWN)
        self._frames = self._analysed = self._skipped = self._failed = 0
        self._unwatched_s = 0.0
        self._arrived_s: float | None = None
        self._failure: tuple[float, str] | None = None

    def record_with(self, recorder: SessionWriter) -> None:
        """From the first frame on: marks that were set before it are its first."""
        self.recorder = recorder
        for event in self._unrecorded:
            recorder.note(event)
        self._unrecorded.clear()

    def arrive(self, sent_s: float, clock_s: float, *, skipped: int) -> Arrival:
        """Take in a frame to be looked at."""
        waited_s = self._clock.arrived(sent_s, clock_s)
        self._arrived_s = clock_s
        self._skipped += skipped
        self._frames += skipped + 1
        return Arrival(
            time_s=self._clock.time_s,
            index=self._frames - 1,
            clock_s=clock_s,
            waited_s=waited_s,
            paused_s=self._unwatched_s,
        )

    def see(self, moment: AnalysedFrame, arrival: Arrival, clock_s: float) -> None:
        """Take in what was seen; from now on the screen can read it."""
        self._analysed += 1
        self._unwatched_s -= arrival.paused_s
        self._rate.tick(clock_s)
        self._age.finished(clock_s, arrival.waited_s + clock_s - arrival.clock_s)
        usable = any(seen.quality.usable for seen in moment.observations)
        self._time.see(moment.time_s, usable=usable)
        for view, trend in self._trends:
            trend.see(moment.time_s, [view.of_observation(one) for one in moment.observations])
        self._recent.append(moment)
        while moment.time_s - self._recent[0].time_s > RECENT_S:
            self._recent.popleft()

    def keep(self, moment: AnalysedFrame) -> None:
        """Store what was seen, as soon as it is clear who of it is somebody."""
        if self.recorder is not None:
            for one in self._confirmed.add(moment):
                self.recorder.keep(one)

    def keep_rest(self) -> None:
        """Nothing more will be seen."""
        if self.recorder is not None:
            for one in self._confirmed.rest():
                self.recorder.keep(one)

    def fail(self, clock_s: float, error: Exception) -> None:
        """Count a frame that could not be analysed."""
        self._failed += 1
        self._failure = (clock_s, type(error).__name__)

    def pause(self, clock_s: float) -> None:
        """From now on no frame is looked at, and the session's time stands still."""
        if self.paused_at_s is None:
            self.paused_at_s = clock_s

    def resume(self, clock_s: float) -> None:
        """Go on, as if no time had passed; that becomes a mark, with the pause's length."""
        if self.paused_at_s is None:
            return
        paused_s = clock_s - self.paused_at_s
        self._note(EventKind.RESUMED, f"resumed after {paused_s:.0f} s", clock_s)
        self.paused_at_s = None
        if self._arrived_s is not None:  # else the session has not begun
            self._clock.leave_out(paused_s)
            self._unwatched_s += paused_s
            self._arrived_s = clock_s

    def mark(self, words: str, clock_s: float) -> None:
        """Set a mark at this moment."""
        self._note(EventKind.MARK, words, clock_s)

    def view(self, clock_s: float) -> LiveView:
        """A copy for the screen."""
        recorder = self.recorder
        trouble = (self._failure_words(clock_s), "" if recorder is None else recorder.trouble)
        return LiveView(
            scheme=self._scheme,
            session=self.session,
            paused=self.paused_at_s is not None,
            moments=tuple(self._recent),
            trends={view.name: trend.trend() for view, trend in self._trends},
            marks=tuple(self._marked),
            duration_s=self._clock.time_s,
            silent_s=0.0 if self._arrived_s is None else clock_s - self._arrived_s,
            fps=self._rate.per_second(clock_s),
            ages_ms=self._age.ages_ms(),
            analysed=self._analysed,
            skipped=self._skipped,
            failed=self._failed,
            watched_s=self._time.watched_s,
            usable_s=self._time.usable_s,
            unsaved=len(self._confirmed) + (0 if recorder is None else recorder.unsaved),
            trouble=" ".join(part for part in trouble if part),
        )

    def _note(self, kind: EventKind, words: str, clock_s: float) -> None:
        event = Event(self._time_at(clock_s), kind, words)
        self._marked.append((event.time_s, words))
        if self.recorder is None:
            self._unrecorded.append(event)
        else:
            self.recorder.note(event)

    def _time_at(self, clock_s: float) -> float:
        """The session's time now: it stands still in a pause, and begins with the first frame."""
        if self._arrived_s is None:
            return 0.0
        until_s = clock_s if self.paused_at_s is None else self.paused_at_s
        return self._clock.time_s + max(0.0, until_s - self._arrived_s)

    def _failure_words(self, clock_s: float) -> str:
        if self._failure is None or clock_s - self._failure[0] > _FAILURE_SHOWN_S:
            return ""
        count = counted(self._failed, "frame")
        return f"{count} could not be analysed ({self._failure[1]})."


def nothing_recorded(scheme: LabelScheme) -> LiveView:
    """The view while no session runs."""
    return LiveView(
        scheme=scheme,
        session=None,
        paused=False,
        moments=(),
        trends={view.name: trend.trend() for view, trend in _empty_trends(scheme)},
        marks=(),
        duration_s=0.0,
        silent_s=0.0,
        fps=0.0,
        ages_ms=(),
        analysed=0,
        skipped=0,
        failed=0,
        watched_s=0.0,
        usable_s=0.0,
        unsaved=0,
        trouble="",
    )


def _empty_trends(scheme: LabelScheme) -> list[tuple[ScoreView, RunningTrend]]:
    return [(view, RunningTrend(view.scheme)) for view in views_of(scheme)]
