"""Where the camera and the screen meet, for one tab: the only object two threads touch."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

import cv2
import numpy as np

from core.live.meters import AgeMeter, RateMeter, TimeMeter
from core.live.recorder import Recorder, Store
from core.live.running_trend import RunningTrend
from core.live.view import LiveView
from core.perception import Analyser, OverlayStyle, draw
from core.vocabulary import Frame, Moment, Observation, RgbPicture, Session, Timeline

RECENT_S = 10.0
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


@dataclass(eq=False)
class _Sitting:
    """One recorded session, from Start to Stop. Guarded by LiveSession's lock."""

    session: Session
    recorder: Recorder
    whole: RunningTrend
    rate: RateMeter = field(default_factory=RateMeter)
    age: AgeMeter = field(default_factory=AgeMeter)
    time: TimeMeter = field(default_factory=TimeMeter)
    recent: deque[Moment] = field(default_factory=deque)
    began_sent_s: float | None = None
    last_time_s: float = 0.0
    last_clock_s: float = 0.0
    analysed: int = 0
    skipped: int = 0
    event: str = ""


class LiveSession:
    """Looks at a camera's frames while a session is recorded, and tells the screen.

    `see` is called from the camera's thread, everything else from the screen's; nothing else is
    shared. Only the newest frame is ever looked at; what is drawn is drawn on that very frame.

    Args:
        analyser: this stream's own; closed with it.
        store: takes the rows.
        clocks: time.
        not_sure_below: top scores under it are drawn as "not sure".
    """

    def __init__(
        self, analyser: Analyser, store: Store, *, clocks: Clocks, not_sure_below: float
    ) -> None:
        self._analyser = analyser
        self._store = store
        self._clocks = clocks
        self._not_sure_below = not_sure_below
        self._lock = Lock()  # short: guards the fields below
        self._analysis = (
            Lock()
        )  # long: held while the analyser works, so that nobody closes it then
        self._sitting: _Sitting | None = None
        self._paused_at: float | None = None
        self._style = OverlayStyle.QUIET
        self._newest: RgbPicture | None = None
        self._trouble = ""
        self._logged_s: float | None = None
        self._closed = False

    def begin(self, session: Session) -> None:
        """Start to record; a session under way is finished first."""
        self.finish()
        with self._analysis:
            if self._closed:
                return
            self._analyser.reset()
        recorder = Recorder(self._store, session, now=self._clocks.now)
        with self._lock:
            whole = RunningTrend(self._analyser.scheme)
            self._sitting = _Sitting(session, recorder, whole)
            self._paused_at, self._trouble = None, ""

    def finish(self, session_id: str | None = None) -> Session | None:
        """Stop recording, store the rest; the session that ended is the answer. Idempotent.

        Args:
            session_id: only if it is this one: an old stream's end must not finish a new session.
        """
        with self._lock:
            current = self._sitting
            if current is None or session_id not in {None, current.session.id}:
                return None
            sitting, self._sitting = current, None
            self._paused_at, self._newest = None, None
        if not sitting.recorder.close(ended_at=self._clocks.now()):
            with self._lock:
                self._trouble = sitting.recorder.trouble
        return sitting.session

    def see(self, rgb: RgbPicture, sent_s: float, *, skipped: int = 0) -> RgbPicture:
        """Look at a frame; the picture to send back is the answer.

        Never raises: one error in here would end the visitor's stream for good.

        Args:
            rgb: uint8, shape `(height, width, 3)`.
            sent_s: the sender's time of the frame, from any zero.
            skipped: frames that came before this one and were not looked at.
        """
        try:
            return self._see(rgb, sent_s, skipped)
        # The one place here where this is right: see the docstring.
        except Exception as error:  # noqa: BLE001
            self._remember(error)
            return rgb

    def view(self) -> LiveView:
        """The stream as it stands."""
        with self._lock:
            sitting, trouble, paused = self._sitting, self._trouble, self._paused_at is not None
            if sitting is None:
                return _idle(self._analyser, trouble)
            clock_s = self._clocks.seconds()
            recent = list(sitting.recent)
            whole = sitting.whole.trend()
            latencies = [moment.latency_ms or 0.0 for moment in recent]
            return LiveView(
                session=sitting.session,
                paused=paused,
                duration_s=sitting.last_time_s,
                faces=recent[-1].observations if recent else (),
                recent=Timeline.from_moments(self._analyser.scheme, recent),
                whole=whole,
                fps=sitting.rate.per_second(clock_s),
                age_p50_ms=sitting.age.percentile_ms(50),
                age_p95_ms=sitting.age.percentile_ms(95),
                latency_p95_ms=float(np.percentile(latencies, 95)) if latencies else 0.0,
                analysed=sitting.analysed,
                skipped=sitting.skipped,
                watched_s=sitting.time.watched_s,
                usable_s=sitting.time.usable_s,
                unsaved=sitting.recorder.unsaved,
                trouble=" ".join(part for part in (trouble, sitting.recorder.trouble) if part),
            )

    def pause(self) -> None:
        """Let frames pass without looking at them."""
        with self._lock:
            if self._sitting is not None and self._paused_at is None:
                self._paused_at = self._clocks.seconds()

    def resume(self) -> None:
        """Look again; the length of the pause becomes a mark."""
        with self._lock:
            if self._sitting is not None and self._paused_at is not None:
                paused_s = self._clocks.seconds() - self._paused_at
                self._sitting.event = f"resumed after {paused_s:.0f} s"
                self._paused_at = None

    def mark(self, words: str) -> None:
        """Set a mark on the next moment."""
        with self._lock:
            if self._sitting is not None:
                self._sitting.event = words

    def set_style(self, style: OverlayStyle) -> None:
        """How much is drawn from the next frame on."""
        with self._lock:
            self._style = style

    def screenshot(self) -> bytes | None:
        """The newest picture as it was sent back, as PNG in memory; None before the first."""
        with self._lock:
            newest = self._newest
        if newest is None:
            return None
        _, png = cv2.imencode(".png", cv2.cvtColor(newest, cv2.COLOR_RGB2BGR))
        return png.tobytes()

    def close(self) -> None:
        """Finish, and free the analyser; idempotent. Later `see` calls only return the picture."""
        self.finish()
        with self._analysis:
            if not self._closed:
                self._closed = True
                self._analyser.close()

    def _see(self, rgb: RgbPicture, sent_s: float, skipped: int) -> RgbPicture:
        arrived_s = self._clocks.seconds()
        with self._lock:
            sitting, style = self._sitting, self._style
            if sitting is None or self._paused_at is not None:
                return rgb
            time_s = _time_in_session(sitting, sent_s, arrived_s)
            waited_s = sitting.age.arrived(arrived_s, sent_s)
            sitting.skipped += skipped
            frame = Frame(rgb, time_s, sitting.analysed + sitting.skipped)
            event, sitting.event = sitting.event, ""
        with self._analysis:
            if self._closed:
                return rgb
            observations = self._analyser.analyse(frame)
        worked_s = self._clocks.seconds() - arrived_s
        moment = Moment(time_s, frame.index, observations, worked_s * 1000, event)
        sitting.recorder.keep(moment)
        drawn = draw(rgb, observations, style=style, not_sure_below=self._not_sure_below)
        with self._lock:
            _take_in(sitting, moment, self._clocks.seconds(), waited_s)
            self._newest = drawn
        return drawn

    def _remember(self, error: Exception) -> None:
        clock_s = self._clocks.seconds()
        with self._lock:
            self._trouble = f"A frame could not be analysed ({type(error).__name__})."
            if self._logged_s is not None and clock_s - self._logged_s < _LOG_EVERY_S:
                return
            self._logged_s = clock_s
        _log.error("a frame could not be analysed", exc_info=error)


def _time_in_session(sitting: _Sitting, sent_s: float, clock_s: float) -> float:
    """Seconds since the session's first frame. A camera plugged in again starts counting anew: then
    the time that passed here bridges the gap, so that time never goes back.
    """
    if sitting.began_sent_s is None:
        sitting.began_sent_s = sent_s
    time_s = sent_s - sitting.began_sent_s
    if time_s < sitting.last_time_s:
        time_s = sitting.last_time_s + max(0.0, clock_s - sitting.last_clock_s)
        sitting.began_sent_s = sent_s - time_s
        sitting.age = AgeMeter()
    sitting.last_time_s, sitting.last_clock_s = time_s, clock_s
    return time_s


def _take_in(sitting: _Sitting, moment: Moment, clock_s: float, waited_s: float) -> None:
    sitting.analysed += 1
    sitting.rate.tick(clock_s)
    sitting.age.finished(clock_s, waited_s=waited_s, worked_s=(moment.latency_ms or 0.0) / 1000)
    usable = any(seen.quality.usable for seen in moment.observations)
    sitting.time.see(moment.time_s, usable=usable)
    sitting.whole.see(moment.time_s, moment.observations)
    sitting.recent.append(moment)
    while moment.time_s - sitting.recent[0].time_s > RECENT_S:
        sitting.recent.popleft()


def _idle(analyser: Analyser, trouble: str) -> LiveView:
    nobody: tuple[Observation, ...] = ()
    return LiveView(
        session=None,
        paused=False,
        duration_s=0.0,
        faces=nobody,
        recent=Timeline.from_moments(analyser.scheme, ()),
        whole=RunningTrend(analyser.scheme).trend(),
        fps=0.0,
        age_p50_ms=0.0,
        age_p95_ms=0.0,
        latency_p95_ms=0.0,
        analysed=0,
        skipped=0,
        watched_s=0.0,
        usable_s=0.0,
        unsaved=0,
        trouble=trouble,
    )
