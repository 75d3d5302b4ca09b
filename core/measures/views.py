"""As what scores are shown: a model's own classes, or fewer that follow from them.

What is stored stays what the model answered; a view is worked out from it when it is looked at.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.domain import (
    CONFIDENT2,
    EXPRESSIVENESS3,
    FER7,
    TO_CONFIDENT2,
    EmotionScores,
    LabelMap,
    LabelScheme,
    Observation,
    Timeline,
    normalised,
)
from core.domain.errors import LabelSchemeMismatch
from core.domain.merging import merged, places_telling_all
from core.measures.signals.movement_view import MovementView

OWN = ""
"""Name of the view that shows a model's own classes."""

_OWN_TITLES = {
    FER7.labels: "Seven expressions",
    CONFIDENT2.labels: "Confident or stressed",
    EXPRESSIVENESS3.labels: "Expressiveness (trained)",
}


class ScoreView(Protocol):
    """One way to show what was seen."""

    @property
    def name(self) -> str:
        """Short and stable: it is remembered, and written into files."""
        ...

    @property
    def title(self) -> str:
        """What it is called on screen."""
        ...

    @property
    def note(self) -> str:
        """Sentences a person should know about it; empty where nothing needs to be said."""
        ...

    @property
    def scheme(self) -> LabelScheme:
        """The labels that are shown."""
        ...

    def of_observation(self, seen: Observation) -> Observation:
        """What was seen of one face, with `scores` and `steady` over this view's labels."""
        ...

    def of_timeline(self, timeline: Timeline) -> Timeline:
        """The same rows, with `scores` and `steady` over this view's labels."""
        ...


@dataclass(frozen=True)
class OwnView:
    """A model's own classes, as it answered.

    Attributes:
        scheme: the model's.
    """

    scheme: LabelScheme
    name: str = OWN
    note: str = ""

    @property
    def title(self) -> str:
        """What it is called on screen."""
        return _OWN_TITLES.get(self.scheme.labels, "The model's own classes")

    def of_observation(self, seen: Observation) -> Observation:
        """As it is."""
        return seen

    def of_timeline(self, timeline: Timeline) -> Timeline:
        """As it is."""
        return timeline


@dataclass(frozen=True, eq=False)
class MergedView:
    """Fewer classes, by a label map: scores of classes that become one are summed.

    It is the rule by which evaluations judge a model under a map (`domain.merging.merged`):
    what was given to classes left out is shared by the others in proportion. So the calibration
    measured there is that of what is shown here.

    Attributes:
        label_map: from the model's labels.
        places: int64 `(m,)`, see `domain.merging.places_under`.
    """

    label_map: LabelMap
    places: NDArray[np.int64]

    @property
    def name(self) -> str:
        """The target scheme's."""
        return self.label_map.target.name

    @property
    def title(self) -> str:
        """The map's name."""
        return self.label_map.name.capitalize()

    @property
    def scheme(self) -> LabelScheme:
        """The map's target."""
        return self.label_map.target

    @property
    def note(self) -> str:
        """Which classes count for which."""
        return " ".join(
            [*(self._counted(label) for label in self.scheme.labels), *self._left_out()]
        )

    def of_observation(self, seen: Observation) -> Observation:
        """What was seen of one face, with merged scores."""
        return replace(seen, scores=self._merged(seen.scores), steady=self._merged(seen.steady))

    def of_timeline(self, timeline: Timeline) -> Timeline:
        """The same rows, with merged scores."""
        classes = len(self.scheme)
        return replace(
            timeline,
            scheme=self.scheme,
            scores=merged(timeline.scores, self.places, classes),
            steady=merged(timeline.steady, self.places, classes),
        )

    def _merged(self, scores: EmotionScores | None) -> EmotionScores | None:
        if scores is None:
            return None
        one = scores.values.astype(np.float64)[None]
        return normalised(self.scheme, merged(one, self.places, len(self.scheme))[0])

    def _counted(self, label: str) -> str:
        sources = [source for source, to in self.label_map.pairs if to == label]
        return f"{label.capitalize()}: {', '.join(sources)}."

    def _left_out(self) -> list[str]:
        gone = [source for source, to in self.label_map.pairs if to is None]
        if not gone:
            return []
        return [f"{' and '.join(gone).capitalize()} are left out; the other scores are rescaled."]


def views_of(scheme: LabelScheme) -> tuple[ScoreView, ...]:
    """Every view of a model with these classes; its own comes first."""
    return (OwnView(scheme), *_merged_views(scheme), MovementView())


def view_named(scheme: LabelScheme, name: str) -> ScoreView:
    """A view by its name; the model's own where it has none of that name."""
    views = views_of(scheme)
    return next((view for view in views if view.name == name), views[0])


def expect_view(scheme: LabelScheme, name: str) -> None:
    """Refuse a view that a model with these classes does not have.

    Raises:
        LabelSchemeMismatch: the advice names those it has.
    """
    names = [view.name for view in views_of(scheme) if view.name != OWN]
    if name not in {OWN, *names}:
        raise LabelSchemeMismatch(
            f"{', '.join(scheme.labels)} cannot be shown as {name[:60]!r}.",
            advice=f"Available views: {', '.join(names)}.",
        )


def _merged_views(scheme: LabelScheme) -> list[ScoreView]:
    found = ((one, places_telling_all(scheme.labels, one)) for one in (TO_CONFIDENT2,))
    return [MergedView(label_map, places) for label_map, places in found if places is not None]
