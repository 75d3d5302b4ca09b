"""What the screen may know of a live stream: one immutable value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from core.domain import AnalysedFrame, LabelScheme, Observation, Session, Timeline
from core.live.meters import percentile
from core.measures import OWN, ScoreView, Trend


@dataclass(frozen=True, eq=False)
class LiveView:
    """A stream as it stood when asked. Copied under a lock; what takes time is worked out later.

    Attributes:
        scheme: names the scores.
        session: the one being recorded; None while nothing is.
        paused: frames pass without being looked at.
        moments: the last ten seconds.
        trends: all of it, in steps: by the name of the view it is shown as.
        marks: (seconds since the session began, words) of the newest fifty marks.
        duration_s: time of the newest frame since the session began, pauses left out.
        silent_s: seconds since a frame arrived; 0 before the first.
        fps: frames analysed a second.
        ages_ms: how old the results of the last five seconds were when they could be read.
        analysed, skipped, failed: frames looked at; passed over because newer ones were there;
            and those whose analysis failed.
        watched_s, usable_s: seconds looked at, and seconds with a face that could be judged.
        unsaved: moments not yet in the store.
        trouble: what does not work, in sentences; empty while all is well.
        shown_as: name of the view that `scheme`, `moments` and `whole` follow.
    """

    scheme: LabelScheme
    session: Session | None
    paused: bool
    moments: tuple[AnalysedFrame, ...]
    trends: Mapping[str, Trend]
    marks: tuple[tuple[float, str], ...]
    duration_s: float
    silent_s: float
    fps: float
    ages_ms: tuple[float, ...]
    analysed: int
    skipped: int
    failed: int
    watched_s: float
    usable_s: float
    unsaved: int
    trouble: str
    shown_as: str = OWN

    @property
    def faces(self) -> tuple[Observation, ...]:
        """Newest observation of everybody in view."""
        return self.moments[-1].observations if self.moments else ()

    def under(self, view: ScoreView) -> LiveView:
        """The same, shown as this view of the model's own scores."""
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

    @property
    def whole(self) -> Trend:
        """All of the session, in steps."""
        return self.trends[self.shown_as]

    @cached_property
    def recent(self) -> Timeline:
        """The last ten seconds as columns."""
        return Timeline.from_frames(self.scheme, self.moments)

    @property
    def age_p50_ms(self) -> float:
        """Age that half of the results stay under; 0 before the first."""
        return percentile(self.ages_ms, 50)

    @property
    def age_p95_ms(self) -> float:
        """Age that 95 % of the results stay under; 0 before the first."""
        return percentile(self.ages_ms, 95)

    @property
    def skipped_share(self) -> float:
        """Fraction of all frames that were passed over; 0 before the first."""
        frames = self.analysed + self.skipped + self.failed
        return self.skipped / frames if frames else 0.0

    @property
    def usable_share(self) -> float:
        """Fraction of the watched time with a face that could be judged; 0 before the first."""
        return self.usable_s / self.watched_s if self.watched_s > 0 else 0.0
