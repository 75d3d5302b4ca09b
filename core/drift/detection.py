"""A window of observations beside its reference: each quantity, then the whole report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain.counted import counted
from core.drift.columns import NOT_JUDGED, Columns
from core.drift.drift_report import Change, DriftReport, NotJudged, Quantity, QuantityDrift, Verdict
from core.drift.drift_statistics import (
    alarm_level,
    alarm_threshold,
    independent_rows,
    kolmogorov_smirnov,
    population_stability,
)
from core.drift.reference import DriftReference, MixReference, NumberReference
from core.drift.sentences import QUANTITY_WORDS, Spread, listed, mix_sentence, number_sentence

MIN_LOOKS = 5
"""A quantity of the window that is worth fewer independent rows is not compared: its alarm would
begin where hardly anything could raise it, and silence would say nothing."""

_RARE = 0.05  # at each end of the reference; no more than that at both ends together is nothing new
_OF_LABELS = frozenset({Quantity.CONFIDENCE, Quantity.CLASS_MIX})

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Pair:
    """What is compared.

    Attributes:
        quantity: which.
        reference: its distribution before.
        values: of the window, float64 `(n,)`; one-hot `(n, k)` for the class mix.
        independent_rows: how many independent ones they are worth.
    """

    quantity: Quantity
    reference: NumberReference | MixReference
    values: Floats
    independent_rows: float


def gather(
    reference: DriftReference, columns: Columns, quantity: Quantity
) -> Pair | NotJudged | None:
    """A quantity's two sides, or why they cannot be compared; None where neither side has it."""
    is_mix = quantity is Quantity.CLASS_MIX
    known = reference.mix if is_mix else reference.number(quantity)
    rows, values = _labels(columns) if is_mix else _numbers(columns, quantity)
    if known is None:
        if not len(values):
            return None
        return NotJudged(quantity, "the reference has too few samples of it")
    if not len(values):
        read_none = quantity in _OF_LABELS and reference.model and not columns.labels
        why = (
            f"{reference.model} classified none of it" if read_none else "it was not measured here"
        )
        return NotJudged(quantity, why)
    if quantity in _OF_LABELS and _names_others(reference, columns):
        return NotJudged(quantity, "the model has other classes than the reference's")
    stream = columns.stream[rows]
    worth = independent_rows(values, stream, columns.second[rows], alike=known.alike)
    if worth < MIN_LOOKS:
        faces = len(np.unique(stream))
        return NotJudged(
            quantity,
            f"{counted(len(values), 'sample')} of {counted(faces, 'face')} are so correlated "
            f"that their effective sample size is {int(worth)}, and {MIN_LOOKS} is needed",
        )
    return Pair(quantity, known, values, worth)


def drift_of(pair: Pair, *, level: float, before: str) -> QuantityDrift:
    """How far a quantity has moved.

    Args:
        level: share of chance results to stay without alarm; see `drift_statistics.alarm_level`.
        before: how the reference's time is called, such as "the training data".
    """
    now = _shares(pair)
    sides = {
        "reference_rows": pair.reference.independent_rows,
        "window_rows": pair.independent_rows,
    }
    psi = float(population_stability(np.array(pair.reference.shares), now, **sides))
    threshold = alarm_threshold(
        pair.reference.shares,
        pair.reference.independent_rows,
        int(pair.independent_rows),  # whole ones: windows alike share an answer
        level,
    )
    judged = _Judged(pair, psi, threshold)
    if isinstance(pair.reference, NumberReference):
        points = np.array(pair.reference.points)
        distance = kolmogorov_smirnov(points, pair.values, **sides)
        return _number_drift(judged, pair.reference, distance, before)
    labels, was = pair.reference.labels, pair.reference.shares
    change = Change.MIX if judged.alarm else Change.NONE
    sentence = mix_sentence(change, labels, now.tolist(), was, before=before)
    return judged.told(change, sentence)


@dataclass(frozen=True)
class _Judged:
    """The part of an answer that numbers and labels share."""

    pair: Pair
    psi: float
    threshold: float

    @property
    def alarm(self) -> bool:
        return self.psi > self.threshold

    def told(
        self,
        change: Change,
        sentence: str,
        *,
        distance: tuple[float, float] | None = None,
        medians: tuple[float, float] | None = None,
    ) -> QuantityDrift:
        """The whole answer."""
        return QuantityDrift(
            quantity=self.pair.quantity,
            psi=self.psi,
            threshold=self.threshold,
            ks=None if distance is None else distance[0],
            ks_p=None if distance is None else distance[1],
            rows=len(self.pair.values),
            independent_rows=self.pair.independent_rows,
            now=None if medians is None else medians[0],
            was=None if medians is None else medians[1],
            change=change,
            sentence=sentence,
        )


def _number_drift(
    judged: _Judged, reference: NumberReference, distance: tuple[float, float], before: str
) -> QuantityDrift:
    now = Spread(*np.quantile(judged.pair.values, [0.25, 0.5, 0.75]).tolist())
    was = Spread(*(reference.quantile(share) for share in (0.25, 0.5, 0.75)))
    change = _change(judged.pair.values, reference, now, was) if judged.alarm else Change.NONE
    sentence = number_sentence(reference.quantity, change, now, was, before=before)
    medians = (now.middle, was.middle)
    return judged.told(change, sentence, distance=distance, medians=medians)


def _change(values: Floats, reference: NumberReference, now: Spread, was: Spread) -> Change:
    """In which way a number has moved, once it is known that it has."""
    low, high = (reference.quantile(share) for share in (_RARE, 1 - _RARE))
    outside = float(((values < low) | (values > high)).mean())
    # Low confidence is no harmless narrowing, however evenly it is low.
    is_harmless = reference.quantity is not Quantity.CONFIDENCE or (
        was.low <= now.middle <= was.high
    )
    if outside <= 2 * _RARE and is_harmless:
        return Change.NARROWER
    # Chance moves the middle of what varies much; it reaches further on both sides all the same.
    if now.low < was.low and now.high > was.high:
        return Change.WIDER
    return Change.LOWER if now.middle < was.middle else Change.HIGHER


def _names_others(reference: DriftReference, columns: Columns) -> bool:
    known = () if reference.mix is None else reference.mix.labels
    return bool(known and columns.labels and known != columns.labels)


def _shares(pair: Pair) -> Floats:
    if isinstance(pair.reference, MixReference):
        return np.asarray(pair.values.mean(axis=0))
    bins = np.searchsorted(pair.reference.cuts, pair.values, side="right")
    return np.bincount(bins, minlength=len(pair.reference.shares)) / len(pair.values)


def _labels(columns: Columns) -> tuple[NDArray[np.bool_], Floats]:
    judged = columns.tops != NOT_JUDGED
    return judged, np.eye(len(columns.labels))[columns.tops[judged]]


def _numbers(columns: Columns, quantity: Quantity) -> tuple[NDArray[np.bool_], Floats]:
    column = columns.numbers.get(quantity, np.full(len(columns), np.nan))
    known = np.isfinite(column)
    return known, column[known]


_LESS_VARIED = "Within the reference, but less varied than"

MIN_ROWS = 30
"""A window of fewer rows (seconds of a face) is refused: half a minute of one face is the least."""


def measure(reference: DriftReference, columns: Columns) -> DriftReport:
    """Has what these columns hold moved away from the reference?

    A quantity raises the alarm when its PSI exceeds `drift_statistics.alarm_threshold`. Of
    unchanged windows at most one in twenty raises any alarm, all quantities together.

    Args:
        columns: of a window of sessions or pictures; see `columns_of_timeline` and `joined`.

    Example:
        report = measure(load_reference(path), columns_of_timeline(store.read(session_id)))
    """
    if len(columns) < MIN_ROWS:
        seen = f"{len(columns)} seconds with a usable face; {MIN_ROWS} are needed"
        return _too_few(reference, columns, seen)
    found = [gather(reference, columns, quantity) for quantity in Quantity]
    pairs = [one for one in found if isinstance(one, Pair)]
    not_judged = tuple(one for one in found if isinstance(one, NotJudged))
    if not pairs:
        return _too_few(reference, columns, "no quantity can be compared", not_judged)
    level, before = alarm_level(len(pairs)), time_of(reference)
    drifts = tuple(drift_of(pair, level=level, before=before) for pair in pairs)
    verdict = _verdict(drifts)
    sentence = _sentence(verdict, drifts, before)
    if verdict is not Verdict.MOVED:
        sentence += _left_out(not_judged)
    return DriftReport(reference.name, len(columns), verdict, sentence, drifts, not_judged)


def time_of(reference: DriftReference) -> str:
    """How the time of a reference is called; a model learns nothing from sessions."""
    return "the reference" if reference.session_ids else "the training data"


def _too_few(
    reference: DriftReference,
    columns: Columns,
    why: str,
    not_judged: tuple[NotJudged, ...] = (),
) -> DriftReport:
    return DriftReport(
        reference=reference.name,
        rows=len(columns),
        verdict=Verdict.TOO_FEW,
        sentence=f"Too few samples: {why}.",
        not_judged=not_judged,
    )


def _verdict(drifts: Sequence[QuantityDrift]) -> Verdict:
    changes = {one.change for one in drifts} - {Change.NONE}
    if not changes:
        return Verdict.STEADY
    return Verdict.NARROWER if changes == {Change.NARROWER} else Verdict.MOVED


def _sentence(verdict: Verdict, drifts: Sequence[QuantityDrift], before: str) -> str:
    if verdict is Verdict.STEADY:
        compared = f"{len(drifts)} quantities" if len(drifts) > 1 else "one quantity"
        return f"No drift: of {compared} compared, none differs significantly."
    moved = [one for one in drifts if one.alarm]
    if verdict is Verdict.NARROWER:
        return f"{_LESS_VARIED} {before}: {_names(moved)}."
    new = [one for one in moved if one.change is not Change.NARROWER]
    rest = [one for one in moved if one.change is Change.NARROWER]
    # Every alarm of the table is named: one that the headline keeps silent about looks like a bug.
    narrower = f" {_LESS_VARIED} {before}: {_names(rest)}." if rest else ""
    return f"Drift found: {_names(new)}.{narrower}"


def _left_out(not_judged: Sequence[NotJudged]) -> str:
    """What nobody may take for unmoved."""
    return f" Not compared: {_names(not_judged)}." if not_judged else ""


def _names(named: Sequence[QuantityDrift | NotJudged]) -> str:
    return listed([QUANTITY_WORDS[one.quantity].name.lower() for one in named])
