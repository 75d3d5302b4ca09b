"""The state of a live stream for the screen: one immutable value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from core.domain import AnalysedFrame, LabelScheme, Observation, Session, Timeline
from core.live.live_calibration import CalibrationState
from core.live.meters import percentile
from core.live.readings import MeasureReading, read_measures
from core.live.recent_rows import RecentMoments
from core.measures import OWN, ScoreView, Trend


@dataclass(frozen=True, eq=False)
class LiveView:
    """The state of a stream. Copied under a lock; derived values are computed later.

    Attributes:
        scheme: names the scores.
        session: the one being recorded; None while nothing is.
        paused: whether frames are not analysed.
        moments: the last ten seconds.
        trends: view name -> trend of the whole session, in steps.
        marks: (seconds since the session began, label) of the newest fifty marks.
        duration_s: session time of the newest frame, without pauses.
        frame_age_s: seconds since a frame arrived; 0 before the first.
        fps: frames analysed per second.
        ages_ms: latencies of the results of the last five seconds.
        analysed, skipped, failed: frames analysed; skipped for newer ones; and failed.
        watched_s, usable_s: seconds analysed, and seconds with a usable face.
        unsaved: moments not yet in the store.
        trouble: errors, in sentences; empty without any.
        minutes: the last two, of all faces, with the model's own scores.
        calibration: of the session: its steps, and what they gave.
        shown_as: name of the view of `scheme`, `moments` and `whole`.
    """

    scheme: LabelScheme
    session: Session | None
    paused: bool
    moments: tuple[AnalysedFrame, ...]
    trends: Mapping[str, Trend]
    marks: tuple[tuple[float, str], ...]
    duration_s: float
    frame_age_s: float
    fps: float
    ages_ms: tuple[float, ...]
    analysed: int
    skipped: int
    failed: int
    watched_s: float
    usable_s: float
    unsaved: int
    trouble: str
    minutes: RecentMoments
    calibration: CalibrationState
    shown_as: str = OWN

    @property
    def faces(self) -> tuple[Observation, ...]:
        """Newest observation of every face in view."""
        return self.moments[-1].observations if self.moments else ()

    def with_view(self, view: ScoreView) -> LiveView:
        """The same state with scores converted to this view."""
        return replace(
            self,
            scheme=view.scheme,
            moments=tuple(
                replace(
                    moment,
                    observations=tuple(view.of_observation(one) for one in moment.observations),
                )
                for moment in self.moments
            ),
            shown_as=view.name,
        )

    def measures_of(self, face_id: int) -> tuple[MeasureReading, ...]:
        """The measures of one face now, by its own calibration, with their trends; of none, not
        measured.
        """
        measured = self.calibration.by_face.get(face_id)
        own = None if measured is None else measured.calibration
        return read_measures(self.minutes.rows(), face_id, self.duration_s, own)

    @property
    def whole(self) -> Trend:
        """The trend of the whole session, in steps."""
        return self.trends[self.shown_as]

    @cached_property
    def recent(self) -> Timeline:
        """The last ten seconds as columns."""
        return Timeline.from_frames(self.scheme, self.moments)

    @property
    def age_p50_ms(self) -> float:
        """Median latency; 0 before the first result."""
        return percentile(self.ages_ms, 50)

    @property
    def age_p95_ms(self) -> float:
        """95th percentile of the latency; 0 before the first result."""
        return percentile(self.ages_ms, 95)

    @property
    def skipped_share(self) -> float:
        """Fraction of all frames that were skipped; 0 before the first."""
        frames = self.analysed + self.skipped + self.failed
        return self.skipped / frames if frames else 0.0

    @property
    def usable_share(self) -> float:
        """Fraction of the analysed time with a usable face; 0 before the first frame."""
        return self.usable_s / self.watched_s if self.watched_s > 0 else 0.0
