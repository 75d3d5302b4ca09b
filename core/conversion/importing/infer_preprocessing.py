"""Infers an imported model's preprocessing and class order from labelled faces."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.conversion.importing.input_measurement import (
    SIGNIFICANT_Z,
    CandidateResult,
    InputCandidate,
    InputMeasurement,
    LabelledFaces,
    choose_interpolation,
    choose_scaling,
    choose_scaling_by_synthetic_faces,
    measure_input,
)
from core.conversion.importing.inspection import InputGuess
from core.conversion.importing.label_file import ORDERS, checked, output_labels
from core.conversion.importing.plan import ImportPlan
from core.conversion.importing.synthetic_faces import synthetic_faces
from core.datasets.catalogue import open_requested_dataset
from core.domain import UNLABELLED, Interpolation, Scaling
from core.domain.counted import counted, tenths
from core.domain.errors import EmptySplit, PlanError
from core.models.runtimes import DescribedEngine
from core.settings import Settings

MAX_PICTURES = 1500
"""Enough that a difference of 0.01 in accuracy between two scalings is significant."""

MIN_PICTURES = 50
_LARGE_PX = 96
_MAX_LARGE_PICTURES = 400  # networks for large pictures are about a hundred times slower
_SYNTHETIC_PER_CLASS = 20
_SEED = 7


@dataclass(frozen=True)
class InferredPreprocessing:
    """A model's preprocessing and class order.

    Attributes:
        guess: how pictures are preprocessed for it.
        labels: in the order of its outputs.
        order_note: how their order was inferred; empty where it was given.
    """

    guess: InputGuess
    labels: tuple[str, ...]
    order_note: str = ""


@dataclass(frozen=True)
class _DatasetRequest:
    """A dataset to open, in the form of `core.datasets.catalogue.request`."""

    data: str
    dataset: str
    corrections: str = ""
    classes: str = ""
    seed: int = _SEED


@dataclass(frozen=True)
class _Measurer:
    """Measures a model's input candidates until the run is cancelled."""

    engine: DescribedEngine
    plan: ImportPlan
    check_cancelled: Callable[[], None]

    def measure(
        self,
        faces: LabelledFaces,
        guess: InputGuess,
        orders: Sequence[tuple[str, ...]],
        scalings: Sequence[Scaling],
    ) -> InputMeasurement:
        """Measure every order with every scaling."""
        candidates = [
            InputCandidate(scaling, order, guess.input.interpolation)
            for order in orders
            for scaling in scalings
        ]
        return measure_input(
            self.engine, guess.input, candidates, faces, check_cancelled=self.check_cancelled
        )


def infer_preprocessing(
    engine: DescribedEngine,
    guess: InputGuess,
    plan: ImportPlan,
    settings: Settings,
    *,
    check_cancelled: Callable[[], None],
) -> InferredPreprocessing:
    """Scaling, interpolation and class order, measured as far as the plan does not give them.

    Args:
        guess: what the model's file shows.
        check_cancelled: called between steps; may raise to stop.
    Raises:
        PlanError: the class order is not known and cannot be measured, or there are too
            few labelled pictures.
        DatasetError: the pictures cannot be opened.
    """
    orders = _orders(engine, plan)
    measurer = _Measurer(engine, plan, check_cancelled)
    if not plan.has_pictures:
        return InferredPreprocessing(_by_synthetic_faces(measurer, guess, orders), orders[0])
    is_open = not plan.scaling or len(orders) > 1
    if not is_open and plan.interpolation:
        return InferredPreprocessing(guess, orders[0])
    faces = labelled_faces(plan, settings, guess.input.size_px)
    inferred = (
        _by_labelled_pictures(measurer, guess, orders, faces)
        if is_open
        else InferredPreprocessing(guess, orders[0])
    )
    if plan.interpolation:
        return inferred
    return replace(inferred, guess=_with_measured_interpolation(measurer, inferred, faces))


def labelled_faces(plan: ImportPlan, settings: Settings, size_px: int) -> LabelledFaces:
    """A sample of the validation split: the test split stays unused for the evaluation.

    Raises:
        PlanError: too few of them have a label.
        DatasetError: they cannot be opened.
    """
    dataset = open_requested_dataset(_DatasetRequest(plan.data, plan.dataset), settings)
    pictures, source = dataset.pictures, dataset.name
    try:
        split = dataset.required_protocol.validation
        pictures, source = dataset[split], f"{split} of {dataset.name}"
    except EmptySplit:  # too few to be split: all of them are used
        pass
    with_label = np.flatnonzero(np.asarray(pictures.labels) != UNLABELLED)
    if len(with_label) < MIN_PICTURES:
        raise PlanError(
            f"{source} has {counted(len(with_label), 'with_shown_labels picture')}, and "
            f"{MIN_PICTURES} are needed.",
            advice="Choose another dataset, or none.",
        )
    limit = MAX_PICTURES if size_px <= _LARGE_PX else _MAX_LARGE_PICTURES
    rng = np.random.default_rng(_SEED)
    chosen = np.sort(rng.permutation(with_label)[:limit])
    sample = pictures.take(chosen)
    labels = tuple(dataset.scheme.labels[number] for number in sample.labels)
    return LabelledFaces(np.asarray(sample.pixels), labels, source)


def _orders(engine: DescribedEngine, plan: ImportPlan) -> list[tuple[str, ...]]:
    if plan.labels:
        return [checked(plan.labels)]
    count = engine.signature.outputs
    fitting = [labels for labels in ORDERS.values() if count in {None, len(labels)}]
    if not fitting:
        raise PlanError(
            f"The model has {count} outputs, and their classes are not known.",
            advice="Give its labels, in their order.",
        )
    return fitting


def _by_synthetic_faces(
    measurer: _Measurer, guess: InputGuess, orders: list[tuple[str, ...]]
) -> InputGuess:
    if len(orders) > 1:
        raise PlanError(
            "The class order of the model is not known, and synthetic faces cannot determine it.",
            advice="Give the labels, or labelled pictures to detect their order.",
        )
    if measurer.plan.scaling:
        return guess
    synthetic = synthetic_faces(per_class=_SYNTHETIC_PER_CLASS)
    faces = LabelledFaces(synthetic.pixels, synthetic.labels, "synthetic faces")
    if len(set(output_labels(orders[0]).scheme.labels) & set(faces.labels)) < 2:
        return guess  # synthetic faces show none of its classes
    found = measurer.measure(faces, guess, orders, [Scaling.UNIT, Scaling.BYTES])
    scaling = choose_scaling_by_synthetic_faces(found, guess.input.scaling)
    if scaling is guess.input.scaling:
        return guess
    best, other = found.results
    note = (
        f"Scaling measured as {scaling}: of {found.faces} synthetic faces it classifies "
        f"{_percent(best)} correctly, and {_percent(other)} with {other.candidate.scaling}. "
        "Labelled pictures are more reliable."
    )
    return guess.with_scaling(scaling, note)


def _by_labelled_pictures(
    measurer: _Measurer, guess: InputGuess, orders: list[tuple[str, ...]], faces: LabelledFaces
) -> InferredPreprocessing:
    plan = measurer.plan
    tried = [guess.input.scaling] if plan.scaling else list(Scaling)
    found = measurer.measure(faces, guess, orders, tried)
    if len({one.candidate.labels for one in found.not_significantly_worse()}) > 1:
        raise PlanError(
            f"The class order of the model cannot be determined from {_pictures(found)}: no order "
            "is significantly better than chance.",
            advice="Give the labels in their order.",
        )
    labels = found.best.candidate.labels
    note = f"Class order measured on {_pictures(found)}: {', '.join(labels)}."
    order_note = note if len(orders) > 1 else ""
    if plan.scaling:
        return InferredPreprocessing(guess, labels, order_note)
    scaling = choose_scaling(found, guess.input.scaling)
    note = _note("Scaling", scaling, found, lambda one: one.scaling)
    return InferredPreprocessing(guess.with_scaling(scaling, note), labels, order_note)


def _with_measured_interpolation(
    measurer: _Measurer, inferred: InferredPreprocessing, faces: LabelledFaces
) -> InputGuess:
    """The guess with the measured interpolation, where a picture has to be enlarged."""
    guess = inferred.guess
    if faces.pixels.shape[1] >= guess.input.size_px:
        note = f"{guess.interpolation_note} No picture of {faces.source} needed upsampling."
        return guess.with_interpolation(guess.input.interpolation, note)
    candidates = [
        InputCandidate(guess.input.scaling, inferred.labels, one) for one in Interpolation
    ]
    found = measure_input(
        measurer.engine, guess.input, candidates, faces, check_cancelled=measurer.check_cancelled
    )
    interpolation = choose_interpolation(found)
    note = _note("Interpolation", interpolation, found, lambda one: one.interpolation)
    return guess.with_interpolation(interpolation, note)


def _note(
    what: str, chosen: str, found: InputMeasurement, choice: Callable[[InputCandidate], str]
) -> str:
    """How one setting was measured, with its figures; or that no value was significantly better.

    Args:
        what: the setting.
        choice: its value in a candidate.
    """
    best_of: dict[str, CandidateResult] = {}
    for result in found.results:
        best_of.setdefault(choice(result.candidate), result)
    not_worse = [one for one in best_of.values() if one.z_behind_best < SIGNIFICANT_Z]
    if len(not_worse) == 1:
        best, second = list(best_of.values())[:2]
        return (
            f"{what} measured as {chosen}: {_percent(best)} of {_pictures(found)} are classified "
            f"correctly, and {_percent(second)} with the next best, {choice(second.candidate)}."
        )
    figures = ", ".join(f"{choice(one.candidate)} {_percent(one)}" for one in not_worse)
    return (
        f"{what} taken as {chosen}, not significantly different from others on "
        f"{_pictures(found)}: {figures}."
    )


def _pictures(found: InputMeasurement) -> str:
    return f"{counted(found.faces, 'picture')} of {found.source}"


def _percent(result: CandidateResult) -> str:
    return tenths(result.accuracy)
