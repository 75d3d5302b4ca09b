"""The live session of one tab, shared by the camera's thread and the script thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from threading import Lock
from typing import TypeVar

from core.domain import AnalysedFrame, Observation, RgbPicture, Session
from core.live.analysing import analyse_frame, analyse_reading, png_bytes
from core.live.clocks import Clocks
from core.live.ending_sessions import EndingSessions, end_all, with_unsaved
from core.live.failure_log import FailureLog
from core.live.frame_arrival import FrameArrival
from core.live.live_calibration import LiveCalibration
from core.live.session_recording import SessionRecording, idle_view
from core.live.session_store import Store
from core.live.session_time import SessionTime
from core.live.view import LiveView
from core.live.writing_thread import FLUSH_EVERY_S, WritingThread
from core.measures import OWN, ScoreView, view_named, with_shown_labels
from core.vision import Analyser, FrameReading, OverlayStyle, ReadingAnalyser, draw

_Analyse = Callable[[FrameArrival], AnalysedFrame]
_Result = TypeVar("_Result")
_Shown = Sequence[Observation] | None
_NONE: _Shown = ()


class LiveSession:
    """Analyses a camera's frames, records the session, and provides its state for the screen.

    `process_frame` is called from the camera's thread, everything else from others; nothing else is
    shared. With a `ReadingAnalyser` it takes what was read elsewhere, in order (`process_reading`).

    Args:
        analyser: of this stream alone; closed with it.
        store: stores the rows; a `WritingThread` does for several sessions together.
        clocks: time.
        not_sure_below: top scores under it are drawn as "not sure".
        flush_every_s: longest time that rows wait for the store.
    """

    def __init__(
        self,
        analyser: Analyser | ReadingAnalyser,
        store: Store | WritingThread,
        *,
        clocks: Clocks,
        not_sure_below: float,
        flush_every_s: float = FLUSH_EVERY_S,
    ) -> None:
        self._analyser = analyser
        self._store = store
        self._clocks = clocks
        self._not_sure_below = not_sure_below
        self._flush_every_s = flush_every_s
        # Short: guards every field below. `_analysis` may be held when it is acquired, never after.
        self._lock = Lock()
        # Long: held while the analyser runs, so that it is not closed or reset then.
        self._analysis = Lock()
        self._recording: SessionRecording | None = None
        self._ending = EndingSessions()
        self._style = OverlayStyle.QUIET
        self._shown_as = view_named(analyser.scheme, OWN)
        self._newest: RgbPicture | None = None
        self._failures = FailureLog()
        self.closed = False  # with its tab

    @property
    def session_id(self) -> str | None:
        """The session being recorded; None while none is."""
        with self._lock:
            return None if self._recording is None else self._recording.session.id

    @property
    def lost(self) -> str:
        """Why nothing more of the running session is stored; empty while it is."""
        with self._lock:
            return self._recording.lost if self._recording else ""

    @property
    def time_now(self) -> tuple[str, float] | None:
        """The running session and its time, as `SessionRecording.now`."""
        with self._lock:
            return self._recording.now(self._clocks.seconds()) if self._recording else None

    @property
    def time(self) -> SessionTime | None:
        """The running session's time; any thread may use it. None without one."""
        with self._lock:
            return None if self._recording is None else self._recording.time

    def begin(self, session: Session) -> None:
        """Start recording; a running session is finished first.

        It begins, and is stored, with its first frame: there is none if the camera is refused.
        """
        self.finish()
        with self._analysis:
            if self.closed:
                return
            self._analyser.reset()
            with self._lock:
                self._recording = SessionRecording(
                    session, self._analyser.scheme, now=self._clocks.now
                )

    def finish(self, session_id: str | None = None, *, wait_s: float = 0.0) -> Session | None:
        """Stop recording; returns the session that ended. Idempotent.

        Args:
            session_id: only if it is this one: an old stream's end must not finish a new session.
            wait_s: how long to wait until everything is stored, also of earlier sessions; `view`
                tells what is not, and it is retried. Zero in the event loop: it must not wait.
        """
        with self._lock:
            recording = self._recording
            if recording is None or session_id not in {None, recording.session.id}:
                recording = None
            else:
                self._recording, self._newest = None, None
                recording.flush()
                if recording.writer is not None:
                    self._ending.add(recording.writer)
            ending = self._ending.open()
        end_all(ending, ended_at=self._clocks.now(), wait_s=wait_s)
        return None if recording is None else recording.session

    def process_frame(
        self, rgb: RgbPicture, sent_s: float, *, skipped: int = 0, session_id: str | None = None
    ) -> RgbPicture:
        """Analyse a frame; returns the picture to send back.

        Never raises: an error would end the visitor's stream.

        Args:
            rgb: uint8, shape `(height, width, 3)`.
            sent_s: the sender's timestamp of the frame, from any zero.
            skipped: frames before this one that were not analysed.
            session_id: only if it is this one: an old stream's frames are not of a new session.
        """
        return self._guarded(partial(self._process_frame, rgb, sent_s, skipped, session_id), rgb)

    def process_reading(
        self, reading: FrameReading, *, captured_s: float, session_id: str | None = None
    ) -> _Shown:
        """Record a frame that was read elsewhere. Never raises, as `process_frame`.

        Args:
            reading: later than the one before.
            captured_s: when it was captured, by the monotonic clock of this process.
            session_id: only if it is this one.
        Returns:
            Its numbered faces as shown; empty in a pause, None where that session is not recorded.
        """
        return self._guarded(partial(self._process_reading, reading, captured_s, session_id), _NONE)

    def view(self) -> LiveView:
        """The current state for the screen."""
        clock_s = self._clocks.seconds()
        with self._lock:
            recording, scheme = self._recording, self._analyser.scheme
            view = idle_view(scheme) if recording is None else recording.view(clock_s)
            ending = self._ending.open()
        return with_unsaved(view, ending)

    def pause(self) -> None:
        """Stop analysing frames; the session's time stands still."""
        with self._lock:
            if self._recording is not None:
                self._recording.pause(self._clocks.seconds())

    def resume(self) -> None:
        """Continue; that sets a mark with the length of the pause."""
        with self._lock:
            if self._recording is not None:
                self._recording.resume(self._clocks.seconds())

    def mark(self, label: str) -> None:
        """Set a mark at the session's current time."""
        with self._lock:
            if self._recording is not None:
                self._recording.mark(label, self._clocks.seconds())

    @property
    def calibration(self) -> LiveCalibration | None:
        """The calibration of the running session; any thread may use it. None without one."""
        with self._lock:
            return None if self._recording is None else self._recording.calibration

    def set_style(self, style: OverlayStyle) -> None:
        """Set how much is drawn, from the next frame on."""
        with self._lock:
            self._style = style

    def show_as(self, view: ScoreView) -> None:
        """Set the view that scores are drawn in; stored scores stay as the model predicted them."""
        with self._lock:
            self._shown_as = view

    def screenshot(self) -> bytes | None:
        """The newest picture sent back, as PNG; None before the first."""
        with self._lock:
            newest = self._newest
        return None if newest is None else png_bytes(newest)

    def close(self, *, wait_s: float = 2.0) -> None:
        """Finish, and free the analyser; idempotent. Frames are returned unchanged afterwards.

        Args:
            wait_s: how long to wait for each session that is not stored yet.
        """
        self.finish(wait_s=wait_s)
        with self._analysis:
            if not self.closed:
                self.closed = True
                self._analyser.close()

    def _process_frame(
        self, rgb: RgbPicture, sent_s: float, skipped: int, session_id: str | None
    ) -> RgbPicture:
        with self._lock:
            recording, style = self._recording, self._style
            if recording is None or session_id not in {None, recording.session.id}:
                return rgb
            if recording.paused_at_s is not None:
                self._newest = rgb
                return rgb
            recording.begin_writing(self._store, flush_every_s=self._flush_every_s)
            arrival = recording.register(sent_s, self._clocks.seconds(), skipped=skipped)
        shown = self._observe(recording, arrival, partial(analyse_frame, self._analyser, rgb))
        if shown is None:
            return rgb
        drawn = draw(rgb, shown, style=style, not_sure_below=self._not_sure_below)
        with self._lock:
            if self._recording is recording:
                self._newest = drawn
        return drawn

    def _process_reading(
        self, reading: FrameReading, captured_s: float, session_id: str | None
    ) -> _Shown:
        with self._lock:
            recording = self._recording
            if recording is None or session_id not in {None, recording.session.id}:
                return None
            skipped = recording.skipped_before(reading.frame_index)
            if recording.is_paused_at(captured_s - reading.late_s):
                return ()
            age_s = self._clocks.seconds() - captured_s
            recording.begin_writing(self._store, flush_every_s=self._flush_every_s, age_s=age_s)
            arrival = recording.register_reading(reading, captured_s, skipped=skipped)
        return self._observe(recording, arrival, partial(analyse_reading, self._analyser, reading))

    def _observe(
        self, recording: SessionRecording, arrival: FrameArrival, analyse: _Analyse
    ) -> _Shown:
        """Record a registered frame; returns what is shown, and None where the session is over."""
        with self._analysis:
            # Again, under the lock of `begin`: the session before has later frames than the first.
            if self._recording is not recording:
                return None
            began_s = self._clocks.seconds()
            if arrival.paused_s > 0:
                self._analyser.resume()
            analysed = analyse(arrival)
            moment = recording.shown(analysed)
            if analysed.latency_ms is None:
                latency_ms = (self._clocks.seconds() - began_s) * 1000
                analysed = replace(analysed, latency_ms=latency_ms)
                moment = replace(moment, latency_ms=latency_ms)
        with self._lock:
            shown_as = self._shown_as
        shown = [shown_as.of_observation(one) for one in moment.observations]
        analysed = with_shown_labels(analysed, shown, not_sure_below=self._not_sure_below)
        with self._lock:
            # Not after the end: the last write may be over, and the moment would not be stored.
            if self._recording is recording:
                recording.store(analysed)
                recording.update(moment, arrival, self._clocks.seconds())
        return shown

    def _guarded(self, work: Callable[[], _Result], otherwise: _Result) -> _Result:
        """The result of `work`, or `otherwise` after an error, which is reported."""
        try:
            return work()
        # Broad on purpose: nobody above can handle it, and it would end the visitor's stream.
        except Exception as error:  # noqa: BLE001
            self._report_failure(error)
            return otherwise

    def _report_failure(self, error: Exception) -> None:
        clock_s = self._clocks.seconds()
        with self._lock:
            if self._recording is not None:
                self._recording.fail(clock_s, error)
            self._failures.report(clock_s, error)
