"""What stands in no file of an imported model: settled by asking it about labelled faces."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.conversion.importing.drawn_faces import drawn_faces
from core.conversion.importing.inspection import Guess
from core.conversion.importing.label_file import ORDERS, checked, meaning_of
from core.conversion.importing.measure import (
    CLEAR_Z,
    Candidate,
    InputMeasurement,
    LabelledFaces,
    Trial,
    measure_input,
    settled_by_drawn,
    settled_interpolation,
    settled_scaling,
)
from core.conversion.importing.plan import ImportPlan
from core.datasets.catalogue import open_requested_dataset
from core.domain import UNLABELLED, Interpolation, Scaling
from core.domain.counted import counted
from core.domain.errors import EmptySplit, PlanError
from core.models.runtimes import DescribedEngine
from core.storage.settings import Settings

MOST_PICTURES = 1500
"""More tell nothing more: with them a hundredth of accuracy between two scalings is clear."""

FEWEST_PICTURES = 50
_LARGE_PX = 96
_MOST_LARGE = 400  # networks for large pictures take a hundred times as long for each
_DRAWN_OF_EACH = 20
_SEED = 7


@dataclass(frozen=True)
class Settled:
    """How a model is read.

    Attributes:
        guess: how pictures are given to it.
        labels: in the order of its numbers.
        order_told: how their order was found out; empty where it was said.
    """

    guess: Guess
    labels: tuple[str, ...]
    order_told: str = ""


@dataclass(frozen=True)
class _AskedFor:
    """Pictures of a dataset, as `core.datasets.catalogue.request` wants to be asked."""

    data: str
    dataset: str
    corrections: str = ""
    classes: str = ""
    seed: int = _SEED


@dataclass(frozen=True)
class _Asks:
    """A model that is asked about faces, until somebody stops it."""

    engine: DescribedEngine
    plan: ImportPlan
    go_on: Callable[[], None]

    def about(
        self,
        faces: LabelledFaces,
        guess: Guess,
        orders: Sequence[tuple[str, ...]],
        scalings: Sequence[Scaling],
    ) -> InputMeasurement:
        """Every order with every scaling."""
        candidates = [
            Candidate(scaling, order, guess.input.interpolation)
            for order in orders
            for scaling in scalings
        ]
        return measure_input(self.engine, guess.input, candidates, faces, go_on=self.go_on)


def settle(
    engine: DescribedEngine,
    guess: Guess,
    plan: ImportPlan,
    settings: Settings,
    *,
    go_on: Callable[[], None],
) -> Settled:
    """Scaling, interpolation and the order of labels, measured as far as nobody said them.

    Args:
        guess: what the file gives away.
        go_on: called between steps; may raise to stop.
    Raises:
        PlanError: the order of the labels is not known and cannot be measured, or there are too
            few labelled pictures.
        DatasetError: the pictures cannot be opened.
    """
    orders = _orders(engine, plan)
    asks = _Asks(engine, plan, go_on)
    if not plan.has_pictures:
        return Settled(_by_drawn_faces(asks, guess, orders), orders[0])
    is_open = not plan.scaling or len(orders) > 1
    if not is_open and plan.interpolation:
        return Settled(guess, orders[0])
    faces = labelled_faces(plan, settings, guess.input.size_px)
    settled = _by_photos(asks, guess, orders, faces) if is_open else Settled(guess, orders[0])
    if plan.interpolation:
        return settled
    return replace(settled, guess=_enlarged(asks, settled, faces))


def labelled_faces(plan: ImportPlan, settings: Settings, size_px: int) -> LabelledFaces:
    """Some pictures of the split that chooses: the one that judges is kept for judging.

    Raises:
        PlanError: too few of them have a label.
        DatasetError: they cannot be opened.
    """
    dataset = open_requested_dataset(_AskedFor(plan.data, plan.dataset), settings)
    pictures, source = dataset.pictures, dataset.name
    try:
        split = dataset.required_protocol.validation
        pictures, source = dataset[split], f"{split} of {dataset.name}"
    except EmptySplit:  # too few to be divided: all of them are looked at
        pass
    with_label = np.flatnonzero(np.asarray(pictures.labels) != UNLABELLED)
    if len(with_label) < FEWEST_PICTURES:
        raise PlanError(
            f"{source} has {counted(len(with_label), 'labelled picture')}, and "
            f"{FEWEST_PICTURES} are needed.",
            advice="Choose another dataset, or none.",
        )
    most = MOST_PICTURES if size_px <= _LARGE_PX else _MOST_LARGE
    rng = np.random.default_rng(_SEED)
    chosen = np.sort(rng.permutation(with_label)[:most])
    some = pictures.take(chosen)
    labels = tuple(dataset.scheme.labels[number] for number in some.labels)
    return LabelledFaces(np.asarray(some.pixels), labels, source)


def _orders(engine: DescribedEngine, plan: ImportPlan) -> list[tuple[str, ...]]:
    if plan.labels:
        return [checked(plan.labels)]
    numbers = engine.signature.answers
    fitting = [labels for labels in ORDERS.values() if numbers in {None, len(labels)}]
    if not fitting:
        raise PlanError(
            f"The model has {numbers} outputs, and their classes are not known.",
            advice="Give its labels, in their order.",
        )
    return fitting


def _by_drawn_faces(asks: _Asks, guess: Guess, orders: list[tuple[str, ...]]) -> Guess:
    if len(orders) > 1:
        raise PlanError(
            "The class order of the model is not known, and synthetic faces cannot determine it.",
            advice="Give the labels, or labelled pictures to detect their order.",
        )
    if asks.plan.scaling:
        return guess
    drawn = drawn_faces(of_each=_DRAWN_OF_EACH)
    faces = LabelledFaces(drawn.pixels, drawn.drawn_as, "synthetic faces")
    if len(set(meaning_of(orders[0]).scheme.labels) & set(faces.labels)) < 2:
        return guess  # synthetic faces show nothing that it has labels for
    found = asks.about(faces, guess, orders, [Scaling.UNIT, Scaling.BYTES])
    scaling = settled_by_drawn(found, guess.input.scaling)
    if scaling is guess.input.scaling:
        return guess
    best, other = found.trials
    told = (
        f"Scaling measured as {scaling}: of {found.faces} synthetic faces it classifies "
        f"{_percent(best)} correctly, and {_percent(other)} with {other.candidate.scaling}. "
        "Labelled pictures are more reliable."
    )
    return guess.with_scaling(scaling, told)


def _by_photos(
    asks: _Asks, guess: Guess, orders: list[tuple[str, ...]], faces: LabelledFaces
) -> Settled:
    plan = asks.plan
    scalings = [guess.input.scaling] if plan.scaling else list(Scaling)
    found = asks.about(faces, guess, orders, scalings)
    if len({one.candidate.labels for one in found.undecided()}) > 1:
        raise PlanError(
            f"The class order of the model cannot be determined from {_about(found)}: no order "
            "is significantly better than chance.",
            advice="Give the labels in their order.",
        )
    labels = found.best.candidate.labels
    told = f"Class order measured on {_about(found)}: {', '.join(labels)}."
    order_told = told if len(orders) > 1 else ""
    if plan.scaling:
        return Settled(guess, labels, order_told)
    scaling = settled_scaling(found, guess.input.scaling)
    told = _told("Scaling", scaling, found, lambda one: one.scaling)
    return Settled(guess.with_scaling(scaling, told), labels, order_told)


def _enlarged(asks: _Asks, settled: Settled, faces: LabelledFaces) -> Guess:
    """By which interpolation smaller faces are enlarged, where these pictures can tell."""
    guess = settled.guess
    if faces.pixels.shape[1] >= guess.input.size_px:
        told = f"{guess.interpolation_told} No picture of {faces.source} needed upsampling."
        return guess.with_interpolation(guess.input.interpolation, told)
    candidates = [Candidate(guess.input.scaling, settled.labels, one) for one in Interpolation]
    found = measure_input(asks.engine, guess.input, candidates, faces, go_on=asks.go_on)
    taken = settled_interpolation(found)
    told = _told("Interpolation", taken, found, lambda one: one.interpolation)
    return guess.with_interpolation(taken, told)


def _told(
    what: str, taken: str, found: InputMeasurement, choice: Callable[[Candidate], str]
) -> str:
    """What was measured of one choice, with its figures; or that it could not be told.

    Args:
        what: was chosen.
        choice: of a candidate.
    """
    best_of: dict[str, Trial] = {}
    for trial in found.trials:
        best_of.setdefault(choice(trial.candidate), trial)
    likely = [one for one in best_of.values() if one.behind < CLEAR_Z]
    if len(likely) == 1:
        best, second = list(best_of.values())[:2]
        return (
            f"{what} measured as {taken}: {_percent(best)} of {_about(found)} are classified "
            f"correctly, and {_percent(second)} with the next best, {choice(second.candidate)}."
        )
    figures = ", ".join(f"{choice(one.candidate)} {_percent(one)}" for one in likely)
    return (
        f"{what} taken as {taken}, not significantly different from others on "
        f"{_about(found)}: {figures}."
    )


def _about(found: InputMeasurement) -> str:
    return f"{counted(found.faces, 'picture')} of {found.source}"


def _percent(trial: Trial) -> str:
    return f"{100 * trial.accuracy:.1f} %"
