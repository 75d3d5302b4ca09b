"""One session while it is recorded: its recent results and its performance."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from math import inf

from core.domain import AnalysedFrame, Event, EventKind, LabelScheme, Session
from core.domain.changed import changed
from core.domain.counted import counted
from core.live.frame_arrival import FrameArrival
from core.live.frame_clock import FrameClock
from core.live.live_calibration import CalibrationState, LiveCalibration
from core.live.meters import AgeMeter, RateMeter, RunningTrend, TimeMeter
from core.live.recent_rows import RecentMoments, RecentRows
from core.live.session_store import Store
from core.live.session_time import SessionTime
from core.live.session_writer import SessionWriter
from core.live.view import LiveView
from core.live.writing_thread import WritingThread
from core.measures import MergedView, MovementView, RunningExpressiveness, ScoreView, views_of
from core.sessions import own_values
from core.vision import ConfirmationBuffer, FrameReading, without_tentative

RECENT_S = 10.0
_MAX_RECENT = 1000  # moments: a bound in case a sender's clock stands still
_MAX_MARKS = 50  # the newest: more would hide the trend
_FAILURE_SHOWN_S = 10.0


class SessionRecording:
    """From Start to Stop. Not thread-safe: LiveSession's lock guards it.

    Args:
        session: as the page created it.
        scheme: names the scores.
        now: the time, aware, UTC.
    """

    def __init__(
        self, session: Session, scheme: LabelScheme, *, now: Callable[[], datetime]
    ) -> None:
        self.session = session
        self._now = now
        self.calibration = LiveCalibration(scheme, now)  # any thread may use it
        self.time = SessionTime()  # likewise
        self.writer: SessionWriter | None = None
        self.paused_at_s: float | None = None
        # Guarded by the lock of the analysis.
        self._movement = RunningExpressiveness()
        self._scheme = scheme
        self._frame_clock = FrameClock()
        self._confirmed = ConfirmationBuffer()
        # Of every view from the start: another one may be chosen at any time.
        self._trends = _empty_trends(scheme)
        self._rate, self._age, self._time = RateMeter(), AgeMeter(), TimeMeter()
        self._recent: deque[AnalysedFrame] = deque(maxlen=_MAX_RECENT)
        self._rows = RecentRows(scheme)
        self._pending_events: list[Event] = []  # set before the first frame
        self._marks: deque[tuple[float, str]] = deque(maxlen=_MAX_MARKS)
        self._frames = self._analysed = self._skipped = self._failed = 0
        self._paused_s = 0.0
        self._resumed_at_s = -inf
        self._read_index: int | None = None
        self._arrived_s: float | None = None
        self._failure: tuple[float, str] | None = None

    def begin_writing(
        self, store: Store | WritingThread, *, flush_every_s: float, age_s: float = 0.0
    ) -> None:
        """Begin the session with its first frame, not again; marks set before are stored first.

        Args:
            flush_every_s: longest time that rows wait for the store.
            age_s: how long ago the frame was captured.
        """
        if self.writer is not None:
            return
        began_at = self._now() - timedelta(seconds=max(0.0, age_s))
        self.session = replace(self.session, began_at=began_at)
        self.writer = SessionWriter(store, self.session, now=self._now, flush_every_s=flush_every_s)
        for event in self._pending_events:
            self.writer.add_event(event)
        self._pending_events.clear()

    @property
    def lost(self) -> str:
        """Why nothing more is stored, as after the session was deleted; empty while it is."""
        return self.writer.trouble if self.writer is not None and self.writer.is_over else ""

    def register(self, sent_s: float, clock_s: float, *, skipped: int) -> FrameArrival:
        """Register a frame to be analysed."""
        delay_s = self._frame_clock.frame_arrived(sent_s, clock_s)
        self.time.register(clock_s - delay_s, self._frame_clock.time_s)
        self._arrived_s = clock_s
        self._skipped += skipped
        self._frames += skipped + 1
        return FrameArrival(
            time_s=self._frame_clock.time_s,
            index=self._frames - 1,
            clock_s=clock_s,
            delay_s=delay_s,
            paused_s=self._paused_s,
        )

    def register_reading(
        self, reading: FrameReading, captured_s: float, *, skipped: int
    ) -> FrameArrival:
        """Register a frame that was read elsewhere, by a clock that went on as the session's time.

        Args:
            captured_s: when it was captured, by the clock of this process.
        """
        self._frame_clock.frame_arrived(reading.time_s, reading.time_s)
        self.time.register(captured_s - reading.late_s, self._frame_clock.time_s)
        self._arrived_s = captured_s
        self._skipped += skipped
        self._frames += skipped + 1
        return FrameArrival(
            time_s=self._frame_clock.time_s,
            index=self._frames - 1,
            clock_s=captured_s,
            delay_s=0.0,
            paused_s=self._paused_s,
        )

    def skipped_before(self, frame_index: int) -> int:
        """Frames not read since the reading before; indices are the reader's own, ascending."""
        before, self._read_index = self._read_index, frame_index
        return 0 if before is None else max(0, frame_index - before - 1)

    def is_paused_at(self, captured_s: float) -> bool:
        """Whether a frame belongs to a pause, though it may arrive later."""
        if self.paused_at_s is not None and captured_s >= self.paused_at_s:
            return True
        return captured_s < self._resumed_at_s

    def shown(self, moment: AnalysedFrame) -> AnalysedFrame:
        """A moment without tentative faces, and with how much each moved. The lock of the analysis
        is held.
        """
        confirmed = without_tentative(moment)
        own = own_values(self.calibration.state().by_face)
        moving = self._movement.update(moment.time_s, confirmed.observations, own)
        return changed(confirmed, observations=moving)

    def update(self, moment: AnalysedFrame, arrival: FrameArrival, clock_s: float) -> None:
        """Add an analysed moment; the screen can read it from now on."""
        self._analysed += 1
        self._paused_s -= arrival.paused_s
        self._rate.tick(arrival.clock_s)  # readings come a second's worth at a time
        self._age.add(clock_s, arrival.delay_s + clock_s - arrival.clock_s)
        usable = any(face.quality.usable for face in moment.observations)
        self._time.update(moment.time_s, usable=usable)
        for _, trend in self._trends:
            trend.update(moment.time_s, moment.observations)
        self._rows.add(moment)
        self.calibration.add(moment)
        self._store_calibrations()
        self._recent.append(moment)
        while moment.time_s - self._recent[0].time_s > RECENT_S:
            self._recent.popleft()

    def store(self, moment: AnalysedFrame) -> None:
        """Store a moment, as soon as its tentative faces are confirmed or dropped."""
        if self.writer is not None:
            for one in self._confirmed.add(moment):
                self.writer.add(one)

    def flush(self) -> None:
        """Store the moments still held back, at the end."""
        if self.writer is not None:
            for one in self._confirmed.flush():
                self.writer.add(one)
            self._store_calibrations()

    def fail(self, clock_s: float, error: Exception) -> None:
        """Count a frame that could not be analysed."""
        self._failed += 1
        self._failure = (clock_s, type(error).__name__)

    def pause(self, clock_s: float) -> None:
        """Stop the session's time."""
        if self.paused_at_s is None:
            self.paused_at_s = clock_s
            self.time.pause(clock_s)

    def resume(self, clock_s: float) -> None:
        """Continue without the paused time; sets a mark with the length of the pause."""
        if self.paused_at_s is None:
            return
        self.time.resume(clock_s)
        paused_s = clock_s - self.paused_at_s
        self._add_event(EventKind.RESUMED, f"resumed after {paused_s:.0f} s", clock_s)
        self.paused_at_s = None
        self._resumed_at_s = clock_s
        if self._arrived_s is not None:  # otherwise the session has not begun
            self._frame_clock.skip(paused_s)
            self._paused_s += paused_s
            self._arrived_s = clock_s

    def mark(self, label: str, clock_s: float) -> None:
        """Set a mark at the current time."""
        self._add_event(EventKind.MARK, label, clock_s)

    def now(self, clock_s: float) -> tuple[str, float] | None:
        """Id of the session and its time now, pauses excluded; None before the first frame."""
        return None if self.writer is None else (self.session.id, self._time_at(clock_s))

    def view(self, clock_s: float) -> LiveView:
        """An immutable copy for the screen."""
        writer = self.writer
        trouble = (self._failure_text(clock_s), "" if writer is None else writer.trouble)
        return LiveView(
            scheme=self._scheme,
            session=self.session,
            paused=self.paused_at_s is not None,
            moments=tuple(self._recent),
            trends={view.name: trend.trend() for view, trend in self._trends},
            marks=tuple(self._marks),
            duration_s=self._frame_clock.time_s,
            frame_age_s=0.0 if self._arrived_s is None else clock_s - self._arrived_s,
            fps=self._rate.per_second(clock_s),
            ages_ms=self._age.ages_ms(),
            analysed=self._analysed,
            skipped=self._skipped,
            failed=self._failed,
            watched_s=self._time.watched_s,
            usable_s=self._time.usable_s,
            unsaved=len(self._confirmed) + (0 if writer is None else writer.unsaved),
            trouble=" ".join(part for part in trouble if part),
            minutes=self._rows.copy(),
            calibration=self.calibration.state(),
        )

    def _store_calibrations(self) -> None:
        if self.writer is not None:
            for face_id, measured in self.calibration.take_unstored().items():
                self.writer.set_calibration(face_id, measured)

    def _add_event(self, kind: EventKind, label: str, clock_s: float) -> None:
        event = Event(self._time_at(clock_s), kind, label)
        self._marks.append((event.time_s, label))
        if self.writer is None:
            self._pending_events.append(event)
        else:
            self.writer.add_event(event)

    def _time_at(self, clock_s: float) -> float:
        """The session's time now: it stands still in a pause, and starts with the first frame."""
        if self._arrived_s is None:
            return 0.0
        until_s = clock_s if self.paused_at_s is None else self.paused_at_s
        return self._frame_clock.time_s + max(0.0, until_s - self._arrived_s)

    def _failure_text(self, clock_s: float) -> str:
        if self._failure is None or clock_s - self._failure[0] > _FAILURE_SHOWN_S:
            return ""
        count = counted(self._failed, "frame")
        return f"{count} could not be analysed ({self._failure[1]})."


def idle_view(scheme: LabelScheme) -> LiveView:
    """The view without a session."""
    return LiveView(
        scheme=scheme,
        session=None,
        paused=False,
        moments=(),
        trends={view.name: trend.trend() for view, trend in _empty_trends(scheme)},
        marks=(),
        duration_s=0.0,
        frame_age_s=0.0,
        fps=0.0,
        ages_ms=(),
        analysed=0,
        skipped=0,
        failed=0,
        watched_s=0.0,
        usable_s=0.0,
        unsaved=0,
        trouble="",
        minutes=RecentMoments(scheme),
        calibration=CalibrationState(),
    )


def _empty_trends(scheme: LabelScheme) -> list[tuple[ScoreView, RunningTrend]]:
    return [(view, _empty_trend(view)) for view in views_of(scheme)]


def _empty_trend(view: ScoreView) -> RunningTrend:
    if isinstance(view, MovementView):
        return RunningTrend(view.scheme, scores_of=view.shares_of)
    in_view = view.of_scores if isinstance(view, MergedView) else None
    return RunningTrend(view.scheme, in_view=in_view)
