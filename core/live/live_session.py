"""Where the camera and the screen meet, for one tab: the only object two threads touch."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock

import cv2

from core.domain import AnalysedFrame, Frame, RgbPicture, Session
from core.live.session_recording import Arrival, SessionRecording, nothing_recorded
from core.live.session_writer import SessionWriter, Store
from core.live.view import LiveView
from core.measures import OWN, ScoreView, view_named, with_shown_labels
from core.vision import Analyser, OverlayStyle, draw, shown_part

_LOG_EVERY_S = 60.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Clocks:
    """The two clocks a stream needs.

    Attributes:
        seconds: monotonic.
        now: aware, UTC.
    """

    seconds: Callable[[], float]
    now: Callable[[], datetime]


class LiveSession:
    """Looks at a camera's frames while a session is recorded, and tells the screen.

    `see` is called from the camera's thread, everything else from others; nothing else is shared.
    What is drawn is drawn on the very frame that was looked at.

    Args:
        analyser: this stream's own; closed with it.
        store: takes the rows.
        clocks: time.
        not_sure_below: top scores under it are drawn as "not sure".

    Example:
        live.begin(session)
        shown = live.see(rgb, sent_s)
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
        # Short: guards every field below. It may be asked for while `_analysis` is held, never the
        # other way round.
        self._lock = Lock()
        # Long: held while the analyser works, so that nobody closes or resets it then.
        self._analysis = Lock()
        self._sitting: SessionRecording | None = None
        self._ending: list[SessionWriter] = []
        self._style = OverlayStyle.QUIET
        self._shown_as = view_named(analyser.scheme, OWN)
        self._newest: RgbPicture | None = None
        self._logged_s: float | None = None
        self._closed = False

    def begin(self, session: Session) -> None:
        """Start to record; a session under way is finished first.

        The session is stored with its first frame, and begins with it: none comes while the browser
        still asks for the camera, and none ever if it is refused.
        """
        self.finish()
        with self._analysis:
            if self._closed:
                return
            self._analyser.reset()
            with self._lock:
                self._sitting = SessionRecording(session, self._analyser.scheme)

    def finish(self, session_id: str | None = None, *, wait_s: float = 0.0) -> Session | None:
        """Stop recording; the session that ended is the answer. Idempotent.

        Args:
            session_id: only if it is this one: an old stream's end must not finish a new session.
            wait_s: how long to wait until everything is stored, also of sessions that ended before;
                afterwards `view` says what is not, and it goes on being tried. Zero in the server's
                own thread, which nobody may hold.
        """
        with self._lock:
            sitting = self._sitting
            if sitting is not None and session_id not in {None, sitting.session.id}:
                sitting = None
            if sitting is not None:
                self._sitting, self._newest = None, None
                sitting.keep_rest()
                if sitting.recorder is not None:
                    self._ending.append(sitting.recorder)
            ending = list(self._ending)
        for recorder in ending:
            recorder.end(ended_at=self._clocks.now(), wait_s=wait_s)
        return None if sitting is None else sitting.session

    def see(
        self, rgb: RgbPicture, sent_s: float, *, skipped: int = 0, session_id: str | None = None
    ) -> RgbPicture:
        """Look at a frame; the picture to send back is the answer.

        Never raises: one error in here would end the visitor's stream for good.

        Args:
            rgb: uint8, shape `(height, width, 3)`.
            sent_s: the sender's time of the frame, from any zero.
            skipped: frames that came before this one and were not looked at.
            session_id: only if it is this one: an old stream's frames are not of a new session.
        """
        try:
            return self._see(rgb, sent_s, skipped, session_id)
        # The one place here where this is right: see the docstring.
        except Exception as error:  # noqa: BLE001
            self._remember(error)
            return rgb

    def view(self) -> LiveView:
        """The stream as it stands."""
        clock_s = self._clocks.seconds()
        with self._lock:
            sitting = self._sitting
            view = (
                nothing_recorded(self._analyser.scheme)
                if sitting is None
                else sitting.view(clock_s)
            )
            self._ending = [one for one in self._ending if not one.is_over]
            ending = list(self._ending)
        if not ending:
            return view
        # The store's refusal is the same for each: said once.
        troubles = dict.fromkeys([view.trouble, *(one.trouble for one in ending)])
        return replace(
            view,
            unsaved=view.unsaved + sum(one.unsaved for one in ending),
            trouble=" ".join(filter(None, troubles)),
        )

    def pause(self) -> None:
        """Let frames pass without looking at them; the session's time stands still."""
        with self._lock:
            if self._sitting is not None:
                self._sitting.pause(self._clocks.seconds())

    def resume(self) -> None:
        """Look again; that becomes a mark, with the length of the pause."""
        with self._lock:
            if self._sitting is not None:
                self._sitting.resume(self._clocks.seconds())

    def mark(self, words: str) -> None:
        """Set a mark at this moment of the session."""
        with self._lock:
            if self._sitting is not None:
                self._sitting.mark(words, self._clocks.seconds())

    def set_style(self, style: OverlayStyle) -> None:
        """How much is drawn from the next frame on."""
        with self._lock:
            self._style = style

    def show_as(self, view: ScoreView) -> None:
        """As what scores are drawn from the next frame on; what is stored stays as answered."""
        with self._lock:
            self._shown_as = view

    def screenshot(self) -> bytes | None:
        """The newest picture as it was sent back, as PNG in memory; None before the first."""
        with self._lock:
            newest = self._newest
        if newest is None:
            return None
        _, png = cv2.imencode(".png", cv2.cvtColor(newest, cv2.COLOR_RGB2BGR))
        return png.tobytes()

    def close(self, *, wait_s: float = 2.0) -> None:
        """Finish, and free the analyser; idempotent. Later `see` calls only return the picture.

        Args:
            wait_s: how long to wait for each session that is not stored yet.
        """
        self.finish(wait_s=wait_s)
        with self._analysis:
            if not self._closed:
                self._closed = True
                self._analyser.close()

    def _see(
        self, rgb: RgbPicture, sent_s: float, skipped: int, session_id: str | None
    ) -> RgbPicture:
        with self._lock:
            sitting, style, shown_as = self._sitting, self._style, self._shown_as
            if sitting is None or session_id not in {None, sitting.session.id}:
                return rgb
            if sitting.paused_at_s is not None:
                self._newest = rgb
                return rgb
            arrival = self._arrive(sitting, sent_s, skipped)
        with self._analysis:
            # Looked at again under the lock that `begin` holds: a frame of the session before
            # would tell the analyser a later time than the new session's first.
            if self._sitting is not sitting:
                return rgb
            analysed, moment = self._look(sitting, rgb, arrival)
        shown = [shown_as.of_observation(one) for one in moment.observations]
        analysed = with_shown_labels(analysed, shown, not_sure_below=self._not_sure_below)
        self._take_in(sitting, moment, analysed, arrival)
        drawn = draw(rgb, shown, style=style, not_sure_below=self._not_sure_below)
        with self._lock:
            if self._sitting is sitting:
                self._newest = drawn
        return drawn

    def _look(
        self, sitting: SessionRecording, rgb: RgbPicture, arrival: Arrival
    ) -> tuple[AnalysedFrame, AnalysedFrame]:
        """What the analyser saw, tentative faces too, and what of it is shown. `_analysis` is
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
        shown = sitting.movement.update(arrival.time_s, shown_part(analysed).observations)
        latency_ms = (self._clocks.seconds() - began_s) * 1000
        analysed = replace(analysed, latency_ms=latency_ms)
        return analysed, replace(analysed, observations=shown)

    def _arrive(self, sitting: SessionRecording, sent_s: float, skipped: int) -> Arrival:
        """Count a frame in; the first begins the session. The lock is held."""
        if sitting.recorder is None:
            sitting.session = replace(sitting.session, began_at=self._clocks.now())
            sitting.record_with(SessionWriter(self._store, sitting.session, now=self._clocks.now))
        return sitting.arrive(sent_s, self._clocks.seconds(), skipped=skipped)

    def _take_in(
        self,
        sitting: SessionRecording,
        shown: AnalysedFrame,
        analysed: AnalysedFrame,
        arrival: Arrival,
    ) -> None:
        with self._lock:
            # Not after the end: the last write may be over, and the moment would never be stored.
            if self._sitting is sitting:
                sitting.keep(analysed)
                sitting.see(shown, arrival, self._clocks.seconds())

    def _remember(self, error: Exception) -> None:
        clock_s = self._clocks.seconds()
        with self._lock:
            if self._sitting is not None:
                self._sitting.fail(clock_s, error)
            if self._logged_s is not None and clock_s - self._logged_s < _LOG_EVERY_S:
                return
            self._logged_s = clock_s
        _log.error("a frame could not be analysed", exc_info=error)
