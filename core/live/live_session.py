"""The live session of one tab, shared by the camera's thread and the script thread."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock

import cv2

from core.domain import AnalysedFrame, Frame, RgbPicture, Session
from core.live.session_recording import FrameArrival, SessionRecording, idle_view
from core.live.session_writer import SessionWriter, Store
from core.live.view import LiveView
from core.measures import OWN, ScoreView, view_named, with_shown_labels
from core.vision import Analyser, OverlayStyle, draw, without_tentative

_LOG_EVERY_S = 60.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Clocks:
    """The two clocks of a stream.

    Attributes:
        seconds: monotonic.
        now: aware, UTC.
    """

    seconds: Callable[[], float]
    now: Callable[[], datetime]


class LiveSession:
    """Analyses a camera's frames, records the session, and provides its state for the screen.

    `process_frame` is called from the camera's thread, everything else from others; nothing else is
    shared. The overlay is drawn on the frame that was analysed.

    Args:
        analyser: of this stream alone; closed with it.
        store: stores the rows.
        clocks: time.
        not_sure_below: top scores under it are drawn as "not sure".

    Example:
        live.begin(session)
        drawn = live.process_frame(rgb, sent_s)
        live.view().faces
        live.finish(wait_s=3.0)
    """

    def __init__(
        self, analyser: Analyser, store: Store, *, clocks: Clocks, not_sure_below: float
    ) -> None:
        self._analyser = analyser
        self._store = store
        self._clocks = clocks
        self._not_sure_below = not_sure_below
        # Short: guards every field below. It may be acquired while `_analysis` is held, never the
        # other way round.
        self._lock = Lock()
        # Long: held while the analyser runs, so that it is not closed or reset then.
        self._analysis = Lock()
        self._recording: SessionRecording | None = None
        self._ending: list[SessionWriter] = []
        self._style = OverlayStyle.QUIET
        self._shown_as = view_named(analyser.scheme, OWN)
        self._newest: RgbPicture | None = None
        self._logged_s: float | None = None
        self._closed = False

    def begin(self, session: Session) -> None:
        """Start recording; a running session is finished first.

        The session is stored with its first frame, and begins with it: there is none while the
        browser asks for permission, or if the camera is refused.
        """
        self.finish()
        with self._analysis:
            if self._closed:
                return
            self._analyser.reset()
            with self._lock:
                self._recording = SessionRecording(session, self._analyser.scheme)

    def finish(self, session_id: str | None = None, *, wait_s: float = 0.0) -> Session | None:
        """Stop recording; returns the session that ended. Idempotent.

        Args:
            session_id: only if it is this one: an old stream's end must not finish a new session.
            wait_s: how long to wait until everything is stored, also of earlier sessions; what is
                not yet, `view` reports, and it is retried. Zero in the server's event loop, which
                must not be blocked.
        """
        with self._lock:
            recording = self._recording
            if recording is not None and session_id not in {None, recording.session.id}:
                recording = None
            if recording is not None:
                self._recording, self._newest = None, None
                recording.flush()
                if recording.writer is not None:
                    self._ending.append(recording.writer)
            ending = list(self._ending)
        for writer in ending:
            writer.end(ended_at=self._clocks.now(), wait_s=wait_s)
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
        try:
            return self._process_frame(rgb, sent_s, skipped, session_id)
        # Broad on purpose: see the docstring.
        except Exception as error:  # noqa: BLE001
            self._report_failure(error)
            return rgb

    def view(self) -> LiveView:
        """The current state for the screen."""
        clock_s = self._clocks.seconds()
        with self._lock:
            recording = self._recording
            view = (
                idle_view(self._analyser.scheme) if recording is None else recording.view(clock_s)
            )
            self._ending = [one for one in self._ending if not one.is_over]
            ending = list(self._ending)
        if not ending:
            return view
        # The store's refusal is the same for each: reported once.
        problems = dict.fromkeys([view.trouble, *(one.trouble for one in ending)])
        return replace(
            view,
            unsaved=view.unsaved + sum(one.unsaved for one in ending),
            trouble=" ".join(filter(None, problems)),
        )

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
        if newest is None:
            return None
        _, png = cv2.imencode(".png", cv2.cvtColor(newest, cv2.COLOR_RGB2BGR))
        return png.tobytes()

    def close(self, *, wait_s: float = 2.0) -> None:
        """Finish, and free the analyser; idempotent. Frames are returned unchanged afterwards.

        Args:
            wait_s: how long to wait for each session that is not stored yet.
        """
        self.finish(wait_s=wait_s)
        with self._analysis:
            if not self._closed:
                self._closed = True
                self._analyser.close()

    def _process_frame(
        self, rgb: RgbPicture, sent_s: float, skipped: int, session_id: str | None
    ) -> RgbPicture:
        with self._lock:
            recording, style, shown_as = self._recording, self._style, self._shown_as
            if recording is None or session_id not in {None, recording.session.id}:
                return rgb
            if recording.paused_at_s is not None:
                self._newest = rgb
                return rgb
            arrival = self._register(recording, sent_s, skipped)
        with self._analysis:
            # Checked again under the lock that `begin` holds: a frame of the session before would
            # have a later time than the new session's first.
            if self._recording is not recording:
                return rgb
            analysed, moment = self._analyse(recording, rgb, arrival)
        shown = [shown_as.of_observation(one) for one in moment.observations]
        analysed = with_shown_labels(analysed, shown, not_sure_below=self._not_sure_below)
        self._record(recording, moment, analysed, arrival)
        drawn = draw(rgb, shown, style=style, not_sure_below=self._not_sure_below)
        with self._lock:
            if self._recording is recording:
                self._newest = drawn
        return drawn

    def _analyse(
        self, recording: SessionRecording, rgb: RgbPicture, arrival: FrameArrival
    ) -> tuple[AnalysedFrame, AnalysedFrame]:
        """The analysed moment with tentative faces, and the one that is shown. `_analysis` is
        held.
        """
        began_s = self._clocks.seconds()
        if arrival.paused_s > 0:
            self._analyser.resume()
        analysed = AnalysedFrame(
            time_s=arrival.time_s,
            frame_index=arrival.index,
            observations=self._analyser.analyse(Frame(rgb, arrival.time_s, arrival.index)),
            paused_s=arrival.paused_s,
        )
        shown = recording.movement.update(arrival.time_s, without_tentative(analysed).observations)
        latency_ms = (self._clocks.seconds() - began_s) * 1000
        analysed = replace(analysed, latency_ms=latency_ms)
        return analysed, replace(analysed, observations=shown)

    def _register(self, recording: SessionRecording, sent_s: float, skipped: int) -> FrameArrival:
        """Register a frame; the first begins the session. The lock is held."""
        if recording.writer is None:
            recording.session = replace(recording.session, began_at=self._clocks.now())
            recording.start_writing(
                SessionWriter(self._store, recording.session, now=self._clocks.now)
            )
        return recording.register(sent_s, self._clocks.seconds(), skipped=skipped)

    def _record(
        self,
        recording: SessionRecording,
        shown: AnalysedFrame,
        analysed: AnalysedFrame,
        arrival: FrameArrival,
    ) -> None:
        with self._lock:
            # Not after the end: the last write may be over, and the moment would not be stored.
            if self._recording is recording:
                recording.store(analysed)
                recording.update(shown, arrival, self._clocks.seconds())

    def _report_failure(self, error: Exception) -> None:
        clock_s = self._clocks.seconds()
        with self._lock:
            if self._recording is not None:
                self._recording.fail(clock_s, error)
            if self._logged_s is not None and clock_s - self._logged_s < _LOG_EVERY_S:
                return
            self._logged_s = clock_s
        _log.error("a frame could not be analysed", exc_info=error)
