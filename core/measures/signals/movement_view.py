"""Expressiveness as a view of scores, for any model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.domain import EXPRESSIVENESS3, EmotionScores, LabelScheme, Observation, Timeline
from core.domain.changed import changed
from core.measures.calibration import Calibration
from core.measures.face_measures import EXPRESSIVENESS
from core.measures.signals.expressiveness import NOBODY, expressiveness
from core.measures.signals.expressiveness_meter import ENOUGH_S, OWN_AFTER_S, WINDOW_S
from core.measures.signals.expressiveness_norm import norm

OWN_BASELINE, NOT_CALIBRATED = "own baseline", "not calibrated"


@dataclass(frozen=True)
class MovementView:
    """Levels from facial movement: scores are shares of the last ten seconds.

    Attributes:
        name: stored in files.
        title: on screen.
        scheme: the three levels.
    """

    name: str = EXPRESSIVENESS3.name
    title: str = "Expressiveness level"
    scheme: LabelScheme = EXPRESSIVENESS3

    @property
    def note(self) -> str:
        """Explanation of the view, and what it cannot tell."""
        return (
            f"{self.title}: how much brows, eyes and mouth moved in the last {WINDOW_S} seconds; "
            f"no model is used. Not sure where fewer than {ENOUGH_S} of these seconds are usable. "
            f"The baseline is the face's own last ten minutes ({OWN_BASELINE}); until "
            f"{OWN_AFTER_S} seconds of it are known, {norm().faces:,} still faces from the web, "
            f"which are not a population ({NOT_CALIBRATED}). How many of its own earlier seconds "
            f"a face moves more than is said once they are known. {EXPRESSIVENESS.limits}"
        )

    @property
    def merged_into(self) -> None:
        """Levels follow from ten seconds of movement, not from scores."""
        return

    def of_observation(self, seen: Observation) -> Observation:
        """With its movement as scores; None where it is not known yet."""
        shares = self.shares_of(seen)
        scores = None
        if shares is not None:
            scores = EmotionScores(self.scheme, np.array(shares, np.float32))
        return changed(seen, scores=scores, steady=scores)

    def shares_of(self, seen: Observation) -> tuple[float, ...] | None:
        """The scores alone; None where they are not known yet."""
        is_known = seen.movement is not None and seen.quality.usable
        return seen.movement.shares if is_known and seen.movement else None

    def of_timeline(self, timeline: Timeline) -> Timeline:
        """The same rows with levels; needs the whole session, as rows depend on their history."""
        return self.of_calibrated(timeline, NOBODY)

    def of_calibrated(
        self, timeline: Timeline, calibrations: Mapping[int, Calibration]
    ) -> Timeline:
        """The same, compared with the own faces at rest, as live.

        Args:
            calibrations: by numbers of faces.
        """
        found = expressiveness(timeline, calibrations)
        shares = np.where(timeline.usable[:, None], found.shares, np.nan)
        return replace(timeline, scheme=self.scheme, scores=shares, steady=shares)


def has_movement(timeline: Timeline) -> bool:
    """Whether facial movement is stored in any row: not in sessions of earlier versions."""
    return not bool(np.isnan(timeline.blendshapes).all())


def percentile_text(faces: Sequence[Observation]) -> str:
    """Where the last seconds of each face stand among its own earlier ones, a sentence each; empty
    without any.
    """
    return " ".join(
        f"Face {face.track_id} moves {_in_words(face.movement.percentile)}."
        for face in faces
        if face.movement is not None and face.movement.percentile is not None
    )


def _in_words(percentile: float) -> str:
    """A share of earlier seconds, as tenths that were surely reached."""
    if abs(percentile - 0.5) < _USUAL:
        return "about as much as usual"
    way, share = ("more", percentile) if percentile > 0.5 else ("less", 1.0 - percentile)
    tenths = int(10 * share + _ROUNDING)
    of = "nearly all" if share >= _NEARLY_ALL else f"{tenths} of 10"
    return f"{way} than in {of} of its own earlier moments"


_USUAL, _NEARLY_ALL, _ROUNDING = 0.1, 0.95, 1e-9


def baseline_text(faces: Sequence[Observation]) -> str:
    """The baselines of these faces, in one sentence; empty without any."""
    known = [face for face in faces if face.movement is not None]
    own = [str(face.track_id) for face in known if face.movement and face.movement.is_own]
    other = [str(face.track_id) for face in known if str(face.track_id) not in own]
    parts = [
        f"{basis}: face {', '.join(numbers)}"
        for basis, numbers in ((OWN_BASELINE, own), (NOT_CALIBRATED, other))
        if numbers
    ]
    return f"{'; '.join(parts).capitalize()}." if parts else ""
