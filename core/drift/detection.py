"""Drift detection: compares a window of observations with a reference, quantity by quantity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain.counted import counted
from core.domain.wording import listed
from core.drift.alarm_threshold import alarm_level, alarm_threshold
from core.drift.drift_report import DriftReport, DriftVerdict, NotCompared, QuantityDrift
from core.drift.drift_statistics import (
    independent_rows,
    kolmogorov_smirnov,
    population_stability,
)
from core.drift.quantity import FROM_PREDICTIONS, QUANTITY_TEXT, Change, Quantity
from core.drift.quantity_columns import NO_PREDICTION, Columns
from core.drift.reference import DriftReference, MixReference, NumberReference
from core.drift.sentences import Quartiles, mix_sentence, number_sentence

MIN_EFFECTIVE_ROWS = 5
"""Minimum effective sample size of a quantity in the window: with fewer, the alarm threshold is so
high that the test has no power."""

_RARE = 0.05  # tail of the reference at each end; a window with no more in both tails is not new

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class QuantityPair:
    """A quantity in the reference and in the window.

    Attributes:
        quantity: that is compared.
        reference: its reference distribution.
        values: of the window, float64 `(n,)`; one-hot `(n, k)` for the class mix.
        independent_rows: effective sample size of the values.
    """

    quantity: Quantity
    reference: NumberReference | MixReference
    values: Floats
    independent_rows: float


def pair_quantity(
    reference: DriftReference, columns: Columns, quantity: Quantity
) -> QuantityPair | NotCompared | None:
    """A quantity's pair, or why it cannot be compared; None where neither side has it."""
    is_mix = quantity is Quantity.CLASS_MIX
    reference_values = reference.mix if is_mix else reference.number(quantity)
    rows, values = _labels(columns) if is_mix else _numbers(columns, quantity)
    if reference_values is None:
        if not len(values):
            return None
        return NotCompared(quantity, "the reference has too few samples of it")
    if not len(values):
        no_predictions = quantity in FROM_PREDICTIONS and reference.model and not columns.labels
        why = (
            f"{reference.model} classified none of it"
            if no_predictions
            else "it was not measured here"
        )
        return NotCompared(quantity, why)
    if quantity in FROM_PREDICTIONS and _has_other_classes(reference, columns):
        return NotCompared(quantity, "the model has other classes than the reference's")
    stream = columns.stream[rows]
    effective_rows = independent_rows(
        values, stream, columns.second[rows], intraclass=reference_values.alike
    )
    if effective_rows < MIN_EFFECTIVE_ROWS:
        faces = len(np.unique(stream))
        return NotCompared(
            quantity,
            f"{counted(len(values), 'sample')} of {counted(faces, 'face')} are so correlated "
            f"that their effective sample size is {int(effective_rows)}, and "
            f"{MIN_EFFECTIVE_ROWS} is needed",
        )
    return QuantityPair(quantity, reference_values, values, effective_rows)


def measure_quantity(pair: QuantityPair, *, level: float, reference_name: str) -> QuantityDrift:
    """Measure the drift of a quantity.

    Args:
        level: share of chance results without alarm; see `alarm_threshold.alarm_level`.
        reference_name: in sentences, such as "the training data".
    """
    now = _shares(pair)
    rows = {
        "reference_rows": pair.reference.independent_rows,
        "window_rows": pair.independent_rows,
    }
    psi = float(population_stability(np.array(pair.reference.shares), now, **rows))
    threshold = alarm_threshold(
        pair.reference.shares,
        pair.reference.independent_rows,
        int(pair.independent_rows),  # integers: similar windows share a cache entry
        level,
    )
    result = _PsiResult(pair, psi, threshold)
    if isinstance(pair.reference, NumberReference):
        points = np.array(pair.reference.points)
        distance = kolmogorov_smirnov(points, pair.values, **rows)
        return _number_drift(result, pair.reference, distance, reference_name)
    labels, was = pair.reference.labels, pair.reference.shares
    change = Change.MIX if result.alarm else Change.NONE
    sentence = mix_sentence(change, labels, now.tolist(), was, reference_name=reference_name)
    return result.to_drift(change, sentence)


@dataclass(frozen=True)
class _PsiResult:
    """PSI and threshold of a pair, for numbers and classes alike."""

    pair: QuantityPair
    psi: float
    threshold: float

    @property
    def alarm(self) -> bool:
        return self.psi > self.threshold

    def to_drift(
        self,
        change: Change,
        sentence: str,
        *,
        distance: tuple[float, float] | None = None,
        medians: tuple[float, float] | None = None,
    ) -> QuantityDrift:
        """The complete result."""
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
    result: _PsiResult,
    reference: NumberReference,
    distance: tuple[float, float],
    reference_name: str,
) -> QuantityDrift:
    now = Quartiles(*np.quantile(result.pair.values, [0.25, 0.5, 0.75]).tolist())
    was = Quartiles(*(reference.quantile(share) for share in (0.25, 0.5, 0.75)))
    change = _change(result.pair.values, reference, now, was) if result.alarm else Change.NONE
    sentence = number_sentence(reference.quantity, change, now, was, reference_name=reference_name)
    medians = (now.middle, was.middle)
    return result.to_drift(change, sentence, distance=distance, medians=medians)


def _change(values: Floats, reference: NumberReference, now: Quartiles, was: Quartiles) -> Change:
    """The kind of change of a number with an alarm."""
    low, high = (reference.quantile(share) for share in (_RARE, 1 - _RARE))
    outside = float(((values < low) | (values > high)).mean())
    # Uniformly low confidence counts as drift, not as less variation.
    is_harmless = reference.quantity is not Quantity.CONFIDENCE or (
        was.low <= now.middle <= was.high
    )
    if outside <= 2 * _RARE and is_harmless:
        return Change.LESS_VARIED
    # Checked before the median: with a wide distribution, the median also moves by chance.
    if now.low < was.low and now.high > was.high:
        return Change.MORE_VARIED
    return Change.LOWER if now.middle < was.middle else Change.HIGHER


def _has_other_classes(reference: DriftReference, columns: Columns) -> bool:
    reference_labels = () if reference.mix is None else reference.mix.labels
    return bool(reference_labels and columns.labels and reference_labels != columns.labels)


def _shares(pair: QuantityPair) -> Floats:
    if isinstance(pair.reference, MixReference):
        return np.asarray(pair.values.mean(axis=0))
    bins = np.searchsorted(pair.reference.cuts, pair.values, side="right")
    return np.bincount(bins, minlength=len(pair.reference.shares)) / len(pair.values)


def _labels(columns: Columns) -> tuple[NDArray[np.bool_], Floats]:
    predicted = columns.tops != NO_PREDICTION
    return predicted, np.eye(len(columns.labels))[columns.tops[predicted]]


def _numbers(columns: Columns, quantity: Quantity) -> tuple[NDArray[np.bool_], Floats]:
    column = columns.numbers.get(quantity, np.full(len(columns), np.nan))
    measured = np.isfinite(column)
    return measured, column[measured]


MIN_ROWS = 30
"""Minimum rows of a window (seconds of a face): half a minute of one face."""


def measure(reference: DriftReference, columns: Columns) -> DriftReport:
    """Compare columns with a reference.

    A quantity raises an alarm when its PSI exceeds `alarm_threshold.alarm_threshold`. At most one
    in twenty unchanged windows raises any alarm, all quantities together.

    Args:
        columns: of a window of sessions or pictures; see `columns_of_timeline` and `concatenate`.

    Example:
        report = measure(load_reference(path), columns_of_timeline(store.read(session_id)))
    """
    if len(columns) < MIN_ROWS:
        reason = f"{len(columns)} seconds with a usable face; {MIN_ROWS} are needed"
        return _too_few(reference, columns, reason)
    compared = [pair_quantity(reference, columns, quantity) for quantity in Quantity]
    pairs = [one for one in compared if isinstance(one, QuantityPair)]
    not_judged = tuple(one for one in compared if isinstance(one, NotCompared))
    if not pairs:
        return _too_few(reference, columns, "no quantity can be compared", not_judged)
    level, reference_name = alarm_level(len(pairs)), reference_phrase(reference)
    drifts = tuple(
        measure_quantity(pair, level=level, reference_name=reference_name) for pair in pairs
    )
    verdict = _verdict(drifts)
    sentence = _sentence(verdict, drifts, reference_name)
    if verdict is not DriftVerdict.DRIFT:
        sentence += _left_out(not_judged)
    return DriftReport(reference.name, len(columns), verdict, sentence, drifts, not_judged)


def reference_phrase(reference: DriftReference) -> str:
    """How sentences name the reference: models are not trained on sessions."""
    return "the reference" if reference.session_ids else "the training data"


def _too_few(
    reference: DriftReference,
    columns: Columns,
    why: str,
    not_judged: tuple[NotCompared, ...] = (),
) -> DriftReport:
    return DriftReport(
        reference=reference.name,
        rows=len(columns),
        verdict=DriftVerdict.TOO_FEW_SAMPLES,
        sentence=f"Too few samples: {why}.",
        not_judged=not_judged,
    )


def _verdict(drifts: Sequence[QuantityDrift]) -> DriftVerdict:
    changes = {one.change for one in drifts} - {Change.NONE}
    if not changes:
        return DriftVerdict.NO_DRIFT
    return DriftVerdict.LESS_VARIED if changes == {Change.LESS_VARIED} else DriftVerdict.DRIFT


def _sentence(verdict: DriftVerdict, drifts: Sequence[QuantityDrift], reference_name: str) -> str:
    if verdict is DriftVerdict.NO_DRIFT:
        compared = f"{len(drifts)} quantities" if len(drifts) > 1 else "one quantity"
        return f"No drift: of {compared} compared, none differs significantly."
    moved = [one for one in drifts if one.alarm]
    if verdict is DriftVerdict.LESS_VARIED:
        return f"No drift: {_less_varied(moved, reference_name)}"
    new = [one for one in moved if one.change is not Change.LESS_VARIED]
    rest = [one for one in moved if one.change is Change.LESS_VARIED]
    # Every alarm of the table is named in the headline.
    narrower = _less_varied(rest, reference_name) if rest else ""
    return f"Drift found: {_names(new)}. {narrower[:1].upper()}{narrower[1:]}".rstrip()


def _less_varied(drifts: Sequence[QuantityDrift], reference_name: str) -> str:
    """Quantities that lie within the reference and vary less: "head turn varies less than …"."""
    vary, stay = ("varies", "stays") if len(drifts) == 1 else ("vary", "stay")
    return f"{_names(drifts)} {vary} less than in {reference_name}, and {stay} within its range."


def _left_out(not_judged: Sequence[NotCompared]) -> str:
    """The quantities that were not compared, as they must not pass for unchanged."""
    return f" Not compared: {_names(not_judged)}." if not_judged else ""


def _names(named: Sequence[QuantityDrift | NotCompared]) -> str:
    return listed([QUANTITY_TEXT[one.quantity].name.lower() for one in named])
