"""What the screen may know of a live stream: one immutable value."""

from __future__ import annotations

from dataclasses import dataclass

from core.measures import Trend
from core.vocabulary import Observation, Session, Timeline


@dataclass(frozen=True, eq=False)
class LiveView:
    """A stream as it stood when asked.

    Attributes:
        session: the one being recorded; None while nothing is.
        paused: frames pass without being looked at.
        duration_s: time of the newest analysed frame since the session began.
        faces: newest observation of everybody in view.
        recent: the last ten seconds.
        whole: all of it, in steps.
        fps: frames analysed a second.
        age_p50_ms, age_p95_ms: how old results were when they could be read.
        latency_p95_ms: time of the analysis alone.
        analysed, skipped: frames looked at, and frames passed over because newer ones were there.
        watched_s, usable_s: seconds looked at, and seconds with a face that could be judged.
        unsaved: moments not yet in the store.
        trouble: what does not work, in sentences; empty while all is well.
    """

    session: Session | None
    paused: bool
    duration_s: float
    faces: tuple[Observation, ...]
    recent: Timeline
    whole: Trend
    fps: float
    age_p50_ms: float
    age_p95_ms: float
    latency_p95_ms: float
    analysed: int
    skipped: int
    watched_s: float
    usable_s: float
    unsaved: int
    trouble: str
