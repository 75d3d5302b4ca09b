"""From sums of seconds to what each learner counts as in a window, and to figures of groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from core.classroom.board.sums import Layout
from core.classroom.board.view import FACING, INDEX, PART_FIGURES, PRESENT, WINDOW_S
from core.classroom.store.losses import ENOUGH_S
from core.domain.classroom import MAX_LEARNERS
from core.domain.intervals import share_interval
from core.measures import DEFAULT_WEIGHTS, PARTS, index_of

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

COUNTS_FROM = 0.5
"""A learner counts as present, or as facing, from this share of the window."""

INDEX_SCALE = 100.0


@dataclass(frozen=True, eq=False)
class Quantity:
    """What a figure is of: the values of a group of learners.

    Attributes:
        members: bool `(w, l)`, of whom it is known.
        values: float64 `(w, l)`: 0 or 1 of a share; otherwise in [0, `scale`].
        is_share: whether the figure is the share of learners with a 1.
        scale: the highest value possible.
    """

    members: Bools
    values: Floats
    is_share: bool
    scale: float = 1.0


@dataclass(frozen=True, eq=False)
class LearnerWindows:
    """Each learner in each window.

    Attributes:
        measured: bool `(w, l)`: at least 60 % of it was.
        usable: bool `(w, l)`: measured, with a usable face in at least 60 % of it.
        shares: float64 `(w, l)` by name: of the window, `measured` and `usable`; of the seconds in
            which each is known `present`, `facing` and the other parts; NaN where that is under
            60 % of the window.
        label: int64 `(w, l)`, place of the label shown; the number of labels where that is not
            sure; -1 where it is not known. None without scores.
    """

    measured: Bools
    usable: Bools
    shares: Mapping[str, Floats]
    label: NDArray[np.int64] | None

    @cached_property
    def index(self) -> Floats:
        """The engagement index, float64 `(w, l)`, 0 to 100; NaN where a part is not known."""
        parts = {part: self.shares[part] for part in PARTS}
        is_known = self.usable & np.isfinite(np.stack([*parts.values()])).all(axis=0)
        return np.where(is_known, index_of(parts, DEFAULT_WEIGHTS), np.nan)


def learner_windows(
    sums: NDArray[np.float32], layout: Layout, *, not_sure_below: float
) -> LearnerWindows:
    """What the sums of `core.classroom.board.sums.WindowSums` say of each learner.

    Args:
        sums: float32 `(w, sums, l)`.
        layout: of them.
        not_sure_below: mean top scores under it are "not sure".
    """
    of = {name: sums[:, at].astype(np.float64) for at, name in enumerate(layout.names)}
    enough_s = ENOUGH_S
    measured = of["measured_s"] >= enough_s
    usable = measured & (of["usable_s"] >= enough_s)
    shares = {
        "measured": of["measured_s"] / WINDOW_S,
        "usable": of["usable_s"] / WINDOW_S,
        "present": _share(of["present"], of["measured_s"], enough_s),
    }
    known = ("facing",) * layout.facing + ("eyes_open", "expression") * layout.parts
    shares |= {one: _share(of[one], of[f"{one}_s"], enough_s) for one in known}
    return LearnerWindows(measured, usable, shares, _labels(of, layout, enough_s, not_sure_below))


def _share(sum_: Floats, seconds: Floats, enough_s: float) -> Floats:
    share = np.full(sum_.shape, np.nan)
    np.divide(sum_, seconds, out=share, where=seconds >= enough_s)
    return np.asarray(np.minimum(share, 1.0))


def _labels(
    of: Mapping[str, Floats], layout: Layout, enough_s: float, not_sure_below: float
) -> NDArray[np.int64] | None:
    if not layout.labels:
        return None
    known_s = of["scores_s"]
    scores = np.stack([of[f"score_{at}"] for at in range(layout.labels)])
    top = scores.max(axis=0)
    label = np.where(top >= not_sure_below * known_s, scores.argmax(axis=0), layout.labels)
    return np.where(known_s >= enough_s, label, -1)


def quantities(of: LearnerWindows, names: tuple[str, ...]) -> dict[str, Quantity]:
    """The quantities of these figures, by name; those of the index and its parts have one group."""
    found = {PRESENT: _counting(of.measured, of.shares["present"])}
    if FACING in names:
        found[FACING] = _counting(of.usable, of.shares["facing"])
    if INDEX in names:
        index = of.index
        members = np.isfinite(index)
        found[INDEX] = Quantity(members, index, is_share=False, scale=INDEX_SCALE)
        for part, name in PART_FIGURES.items():
            found[name] = Quantity(members, of.shares[part], is_share=False)
    return found


def label_quantities(of: LearnerWindows, labels: tuple[str, ...]) -> dict[str, Quantity]:
    """The share of each label, by name, in their order.

    Args:
        labels: with that of "not sure" as the last.
    """
    if of.label is None:
        return {}
    members = of.usable & (of.label >= 0)
    return {
        name: Quantity(members, (of.label == at).astype(np.float64), is_share=True)
        for at, name in enumerate(labels)
    }


def _counting(group: Bools, share: Floats) -> Quantity:
    members = group & np.isfinite(share)
    return Quantity(members, (members & (share >= COUNTS_FROM)).astype(np.float64), is_share=True)


def figures_of(quantity: Quantity, members: Bools) -> tuple[Floats, Floats, Floats]:
    """Value, low and high of each window, float64 `(w,)` each; NaN of nobody.

    Shares have the interval of `core.domain.intervals.share_interval`; means that of Student's t,
    cut at the ends of the scale: of one learner all of it.

    Args:
        members: bool `(w, l)`, of whom the figures are.
    """
    n = members.sum(axis=1)
    values = np.where(members, quantity.values, 0.0)
    if quantity.is_share:
        hits = values.sum(axis=1)
        ends = [_wilson(int(hit), int(of)) for hit, of in zip(hits, n, strict=True)]
        share, low, high = np.array(ends, dtype=np.float64).reshape(-1, 3).T
        return share, low, high
    mean = np.divide(values.sum(axis=1), n, out=np.full(len(n), np.nan), where=n > 0)
    deviations = np.where(members, quantity.values - mean[:, None], 0.0)
    error = np.sqrt((deviations**2).sum(axis=1) / (np.maximum(n - 1, 1) * np.maximum(n, 1)))
    half = np.where(n > 1, _t95()[n] * error, np.inf)
    low, high = np.maximum(mean - half, 0.0), np.minimum(mean + half, quantity.scale)
    return mean, low, high


@cache
def _wilson(hits: int, of: int) -> tuple[float, float, float]:
    if of == 0:
        return (np.nan, np.nan, np.nan)
    found = share_interval(hits, of)
    return (found.value, found.low, found.high)


@cache
def _t95() -> Floats:
    """Two-sided 95 % point of Student's t of means of n values, at n; there is none below 2."""
    from scipy.special import stdtrit

    return np.concatenate([np.zeros(2), stdtrit(np.arange(1.0, MAX_LEARNERS), 0.975)])
