"""Metrics of a model on each declared group, and whether groups differ significantly."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from core.domain import Interval
from core.domain.errors import DamagedModel, UnreadableDataset
from core.domain.intervals import share_interval
from core.domain.plain_values import from_plain, parse_json, to_plain
from core.evaluation.metrics.calibration import expected_calibration_error
from core.evaluation.metrics.mean_intervals import mean_interval, normal_interval
from core.evaluation.metrics.significance import (
    ALPHA,
    Difference,
    holm,
    homogeneity,
    unpaired_difference,
)
from core.evaluation.metrics.split_report import ScoredLabels
from core.evaluation.predictions.evaluation_files import GROUPS_FILE
from core.evaluation.subgroups.declaration import DeclaredGroups

FORMAT = 1
SMALL = 30
"""With fewer pictures a group is not compared: the interval of a share is up to 34 points wide."""

_SAMPLES, _SEED = 4000, 1927


@dataclass(frozen=True)
class GroupFigures:
    """Metrics of a model on one group.

    Attributes:
        group: its declared name.
        pictures: how many.
        people: number of different persons on them; 0 where unknown.
        accuracy: with its Wilson interval.
        balanced: mean recall of the classes present, with an interval of Jeffreys' distribution.
        classes: how many are present.
        confidence: mean top score, after temperature.
        overconfident: confidence minus accuracy, with its normal interval.
        ece: expected calibration error, 15 bins; biased upwards for few pictures.
        not_sure: share shown as "not sure".
    """

    group: str
    pictures: int
    people: int
    accuracy: Interval
    balanced: Interval
    classes: int
    confidence: Interval
    overconfident: Interval
    ece: float
    not_sure: Interval

    @property
    def is_small(self) -> bool:
        """Whether there are too few pictures to be compared."""
        return self.pictures < SMALL


@dataclass(frozen=True)
class Gap:
    """The two groups with the largest difference in accuracy.

    Attributes:
        higher, lower: their names.
        difference: of their accuracies, with Newcombe's interval.
        pairs: number of pairs compared.
    """

    higher: str
    lower: str
    difference: Difference
    pairs: int


@dataclass(frozen=True)
class GroupsReport:
    """Metrics of a model on all groups of one grouping.

    Attributes:
        title: of the grouping.
        split: whose pictures.
        groups: sorted by name, never by accuracy.
        left_out: pictures in no group.
        p: of a chi-squared test of homogeneity, without small groups.
        gap: None with fewer than two groups that are not small.
        notes: sentences a reader must know, beside those on small groups; see `all_notes`.
    """

    title: str
    split: str
    groups: tuple[GroupFigures, ...]
    left_out: int
    p: float
    gap: Gap | None
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        # Files of earlier versions hold the note on small groups too.
        notes = tuple(note for note in self.notes if note != self._small_groups_note)
        object.__setattr__(self, "notes", notes)

    @property
    def small_groups(self) -> tuple[str, ...]:
        """Names of the groups with too few pictures to be compared."""
        return tuple(one.group for one in self.groups if one.is_small)

    @property
    def all_notes(self) -> tuple[str, ...]:
        """Every sentence a reader must know."""
        return (*self.notes, *filter(None, [self._small_groups_note]))

    @property
    def _small_groups_note(self) -> str:
        if not self.small_groups:
            return ""
        return (
            f"Fewer than {SMALL} pictures: {', '.join(self.small_groups)}. Their intervals are "
            "wide, and they are not compared."
        )

    @property
    def differs(self) -> bool:
        """Whether the groups differ significantly, by both tests."""
        return self.gap is not None and self.p < ALPHA and not self.gap.difference.is_tie


def measure_groups(
    declared: DeclaredGroups, scored: ScoredLabels, *, split: str, subjects: Sequence[str]
) -> GroupsReport:
    """Metrics of each group, and the largest gap between two.

    Args:
        scored: predictions on the pictures, in the order of `declared.of`.
        split: whose pictures.
        subjects: person on each picture; empty where unknown.
    Raises:
        UnreadableDataset: no picture is in any group.
    """
    names = np.unique(declared.of[declared.of != ""])
    if not len(names):
        raise UnreadableDataset(
            f"No picture is in a group of {declared.title}.",
            advice="Fill in the column, or choose another one.",
        )
    people = np.asarray(subjects, dtype=np.str_)
    groups = tuple(
        _figures(str(name), scored, people, np.flatnonzero(declared.of == name)) for name in names
    )
    large = [one for one in groups if not one.is_small]
    return GroupsReport(
        title=declared.title,
        split=split,
        groups=groups,
        left_out=int((declared.of == "").sum()),
        p=homogeneity([(_hits(one), one.pictures) for one in large]),
        gap=_gap(large),
        notes=(*declared.notes, *_notes(groups)),
    )


def corrected(found: Sequence[GroupsReport]) -> list[GroupsReport]:
    """The same with p-values corrected for all groupings (Holm), and a note on it."""
    if len(found) < 2:
        return list(found)
    note = f"p is corrected for the {len(found)} groupings that were tested (Holm 1979)."
    return [
        replace(one, p=p, notes=(*one.notes, note))
        for one, p in zip(found, holm([one.p for one in found]), strict=True)
    ]


def write_groups(reports: Sequence[GroupsReport]) -> bytes:
    """Content of the stored file: metrics of groups only."""
    content = {"format": FORMAT, "reports": to_plain(reports)}
    return (json.dumps(content, indent=1, allow_nan=False) + "\n").encode()


def read_groups(content: bytes) -> tuple[GroupsReport, ...]:
    """The inverse of `write_groups`.

    Raises:
        DamagedModel: it is not such a file.
    """
    try:
        read = parse_json(content)
        known = {FORMAT: read["reports"]}
        return from_plain(tuple[GroupsReport, ...], known[read["format"]])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedModel(
            f"{GROUPS_FILE} cannot be read: {error}.", advice="Declare the groups again."
        ) from error


def _figures(
    name: str, scored: ScoredLabels, people: NDArray[np.str_], at: NDArray[np.int64]
) -> GroupFigures:
    here = ScoredLabels(scored.scores[at], scored.truth[at], scored.not_sure_below)
    right, count = here.right, len(at)
    hits = np.bincount(here.truth[right], minlength=scored.scores.shape[1])
    of = np.bincount(here.truth, minlength=scored.scores.shape[1])
    known = np.unique(people[at][people[at] != ""])
    return GroupFigures(
        group=name,
        pictures=count,
        people=len(known),
        accuracy=share_interval(int(right.sum()), count),
        balanced=balanced_accuracy(hits, of),
        classes=int((of > 0).sum()),
        confidence=mean_interval(here.confidence),
        overconfident=normal_interval(here.confidence - right),
        ece=expected_calibration_error(here.scores, here.truth),
        not_sure=share_interval(int((here.confidence < here.not_sure_below).sum()), count),
    )


def balanced_accuracy(hits: NDArray[np.int64], of: NDArray[np.int64]) -> Interval:
    """Mean recall of the classes that are present, with a 95 % interval.

    Recalls are sampled from Jeffreys' distribution, which is accurate near 0 and 1 and for few
    pictures (Brown, Cai & DasGupta 2001); percentiles of their means are the interval.

    Args:
        hits, of: int64, shape `(k,)`: pictures of each class classified correctly, and all of them;
            at least one.
    """
    present = of > 0
    hits, of = hits[present], of[present]
    value = float((hits / of).mean())
    sampled = np.random.default_rng(_SEED).beta(
        hits + 0.5, of - hits + 0.5, size=(_SAMPLES, len(of))
    )
    low, high = np.percentile(sampled.mean(axis=1), [2.5, 97.5])
    return Interval(value, min(value, float(low)), max(value, float(high)))


def _gap(large: Sequence[GroupFigures]) -> Gap | None:
    pairs = list(combinations(large, 2))
    if not pairs:
        return None
    one, other = max(pairs, key=lambda two: abs(two[0].accuracy.value - two[1].accuracy.value))
    if one.accuracy.value < other.accuracy.value:
        one, other = other, one
    difference = unpaired_difference((_hits(one), one.pictures), (_hits(other), other.pictures))
    return Gap(one.group, other.group, difference, len(pairs))


def _notes(groups: Sequence[GroupFigures]) -> list[str]:
    notes = []
    if len(groups) == 1:
        notes.append("There is one group only, so there is nothing to compare it with.")
    if any(one.people for one in groups):
        notes.append(
            "Intervals count pictures. Pictures of one person are alike, so with few people the "
            "true uncertainty is larger."
        )
    return notes


def _hits(one: GroupFigures) -> int:
    return round(one.accuracy.value * one.pictures)
