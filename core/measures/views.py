"""Views of scores: a model's own classes, or fewer classes derived from them.

Stored scores are the model's own; a view is computed when it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.domain import (
    CONFIDENT2,
    EXPRESSIVENESS3,
    FER7,
    TO_CONFIDENT2,
    LabelMap,
    LabelScheme,
    Observation,
    Timeline,
    normalised,
)
from core.domain.errors import LabelSchemeMismatch
from core.domain.merging import assignment_matrix, complete_class_indices, merge_by, merge_scores
from core.measures.calibration import Calibration
from core.measures.face_measures import CONFIDENCE
from core.measures.signals.movement_view import MovementView

OWN = ""
"""Name of the view that shows a model's own classes."""

MEASURES_ONLY = "measures"
"""Name of the view without scores."""

_OWN_TITLES = {
    FER7.labels: "Seven expressions",
    CONFIDENT2.labels: "Confident or stressed",
    EXPRESSIVENESS3.labels: "Expressiveness (trained)",
}


class ScoreView(Protocol):
    """A view of scores."""

    @property
    def name(self) -> str:
        """Short and stable: it is stored in files."""
        ...

    @property
    def title(self) -> str:
        """Title on screen."""
        ...

    @property
    def note(self) -> str:
        """Explanation of the view; empty where none is needed."""
        ...

    @property
    def scheme(self) -> LabelScheme:
        """The labels that are shown."""
        ...

    @property
    def merged_into(self) -> tuple[int, ...] | None:
        """The index of this view's label for each of the model's classes, `EXCLUDED` for none.
        None where labels do not follow from a frame's scores.
        """
        ...

    def of_observation(self, seen: Observation) -> Observation:
        """One observation with `scores` and `steady` over this view's labels."""
        ...

    def of_timeline(self, timeline: Timeline) -> Timeline:
        """The same rows, with `scores` and `steady` over this view's labels."""
        ...


@dataclass(frozen=True)
class OwnView:
    """A model's own classes.

    Attributes:
        scheme: the model's.
    """

    scheme: LabelScheme
    name: str = OWN

    @property
    def note(self) -> str:
        """What two classes cannot tell; nothing to say of others."""
        return _limits_of(self.scheme)

    @property
    def title(self) -> str:
        """Title on screen."""
        return _OWN_TITLES.get(self.scheme.labels, "The model's own classes")

    @property
    def merged_into(self) -> tuple[int, ...]:
        """Each class is its own."""
        return tuple(range(len(self.scheme)))

    def of_observation(self, seen: Observation) -> Observation:
        """Unchanged."""
        return seen

    def of_timeline(self, timeline: Timeline) -> Timeline:
        """Unchanged."""
        return timeline


@dataclass(frozen=True, eq=False)
class MergedView:
    """Fewer classes by a label map: scores of merged classes are summed.

    Evaluations under a map use the same rule (`domain.merging.merge_scores`): scores of excluded
    classes are redistributed in proportion. So the calibration measured there holds here.

    Attributes:
        label_map: from the model's labels.
        indices: int64 `(m,)`, see `domain.merging.class_indices`.
    """

    label_map: LabelMap
    indices: NDArray[np.int64]

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
    def merged_into(self) -> tuple[int, ...]:
        """As the map says."""
        return tuple(self.indices.tolist())

    @property
    def note(self) -> str:
        """Which classes are merged into which, and what they cannot tell."""
        sources = (self._sources(label) for label in self.scheme.labels)
        return " ".join(filter(None, (*sources, *self._excluded(), _limits_of(self.scheme))))

    def of_observation(self, seen: Observation) -> Observation:
        """One observation with merged scores."""
        known = [one for one in (seen.scores, seen.steady) if one is not None]
        if not known:
            return seen
        rows = np.stack([one.values for one in known]).astype(np.float64)
        merged = [normalised(self.scheme, row) for row in self.of_scores(rows)]
        steady = None if seen.steady is None else merged[-1]
        return replace(seen, scores=None if seen.scores is None else merged[0], steady=steady)

    def of_timeline(self, timeline: Timeline) -> Timeline:
        """The same rows, with merged scores."""
        classes = len(self.scheme)
        return replace(
            timeline,
            scheme=self.scheme,
            scores=merge_scores(timeline.scores, self.indices, classes),
            steady=merge_scores(timeline.steady, self.indices, classes),
        )

    def of_scores(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Scores `(n, m)` of the model's labels, merged: `(n, classes)`."""
        return merge_by(self._assignment, rows)

    @cached_property
    def _assignment(self) -> NDArray[np.float64]:
        return assignment_matrix(self.indices, len(self.scheme))

    def _sources(self, label: str) -> str:
        sources = [source for source, to in self.label_map.pairs if to == label]
        return f"{label.capitalize()}: {', '.join(sources)}."

    def _excluded(self) -> list[str]:
        excluded = [source for source, to in self.label_map.pairs if to is None]
        if not excluded:
            return []
        names = " and ".join(excluded).capitalize()
        return [f"{names} are left out; the other scores are rescaled."]


@dataclass(frozen=True)
class MeasuresOnly:
    """No scores at all: faces, and what is measured of them.

    Attributes:
        scheme: the model's.
    """

    scheme: LabelScheme
    name: str = MEASURES_ONLY
    title: str = "Measures only"
    note: str = "Measures only: no expression is shown while the camera runs."

    @property
    def merged_into(self) -> None:
        """No label is shown."""
        return

    def of_observation(self, seen: Observation) -> Observation:
        """Without scores."""
        return replace(seen, scores=None, steady=None)

    def of_timeline(self, timeline: Timeline) -> Timeline:
        """The same rows without scores."""
        nothing = np.full_like(timeline.scores, np.nan)
        return replace(timeline, scores=nothing, steady=nothing)


def in_view(
    view: ScoreView, timeline: Timeline, calibrations: Mapping[int, Calibration]
) -> Timeline:
    """A whole session in a view, as it was shown live.

    Args:
        calibrations: by numbers of faces; levels of expressiveness are compared with them.
    """
    if isinstance(view, MovementView):
        return view.of_calibrated(timeline, calibrations)
    return view.of_timeline(timeline)


def views_of(scheme: LabelScheme) -> tuple[ScoreView, ...]:
    """Every view of a model with these classes; its own comes first."""
    return (OwnView(scheme), *_merged_views(scheme), MovementView())


def view_named(scheme: LabelScheme, name: str) -> ScoreView:
    """A view by its name, measures only too; the model's own where it has none of that name."""
    views = (*views_of(scheme), MeasuresOnly(scheme))
    return next((view for view in views if view.name == name), views[0])


def expect_view(scheme: LabelScheme, name: str) -> None:
    """Refuse a view that a model with these classes does not have.

    Raises:
        LabelSchemeMismatch: the advice names those it has.
    """
    names = [*(view.name for view in views_of(scheme) if view.name != OWN), MEASURES_ONLY]
    if name not in {OWN, *names}:
        raise LabelSchemeMismatch(
            f"{', '.join(scheme.labels)} cannot be shown as {name[:60]!r}.",
            advice=f"Available views: {', '.join(names)}.",
        )


def _limits_of(scheme: LabelScheme) -> str:
    return CONFIDENCE.limits if set(scheme.labels) == set(CONFIDENT2.labels) else ""


def _merged_views(scheme: LabelScheme) -> list[ScoreView]:
    found = ((one, complete_class_indices(scheme.labels, one)) for one in (TO_CONFIDENT2,))
    return [MergedView(label_map, indices) for label_map, indices in found if indices is not None]
