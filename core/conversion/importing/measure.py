"""How pictures are scaled and enlarged for an imported model, and its labels' order: measured.

None of it stands in a file of weights. Every candidate is asked about faces whose label is known,
and the best counts where it beats the others by more than chance. Photographs with labels tell them
all apart. Faces drawn by code tell bytes from small numbers, and no more: among small numbers the
wrong scaling often names more of them as drawn than the right one does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.conversion.importing.inspection import USUAL_INTERPOLATION, guess_answers
from core.conversion.importing.label_file import meaning_of
from core.domain import Interpolation, ModelInput, Scaling
from core.domain.errors import DamagedModel
from core.evaluation.metrics import fit_temperature, log_losses
from core.models import raw_outputs
from core.models.runtimes import Engine, as_logits

CLEAR_Z = 3.0
"""How many standard errors the best must be ahead to be called so: of some fifteen candidates
chance puts one that far ahead in one of fifty trials at most."""

_BYTES = frozenset({Scaling.BYTES, Scaling.MEAN_BYTES})
_WORST = 1e6  # the log loss of a candidate whose numbers are none

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LabelledFaces:
    """Faces whose label is known.

    Attributes:
        pixels: uint8, shape `(n, side, side)`, grey.
        labels: one for each.
        source: where they come from, such as "PublicTest of fer2013".
    """

    pixels: NDArray[np.uint8]
    labels: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class Candidate:
    """One way to read a model.

    Attributes:
        scaling: of its pictures' numbers.
        labels: in the order of its numbers.
        interpolation: of faces that are smaller than its pictures.
    """

    scaling: Scaling
    labels: tuple[str, ...]
    interpolation: Interpolation = USUAL_INTERPOLATION

    def applied_to(self, given: ModelInput) -> ModelInput:
        """An input read in this way."""
        return replace(given, scaling=self.scaling, interpolation=self.interpolation)


@dataclass(frozen=True)
class Trial:
    """What came of one candidate.

    Attributes:
        candidate: which.
        accuracy: share of faces named as they are labelled, in [0, 1].
        log_loss: mean, nats, at the temperature that suits it best.
        behind: standard errors by which the best one's log loss is lower, paired; 0 for the best.
    """

    candidate: Candidate
    accuracy: float
    log_loss: float
    behind: float


@dataclass(frozen=True)
class InputMeasurement:
    """All candidates, the best first.

    Attributes:
        trials: at least one.
        faces: how many were asked about.
        source: where they come from.
    """

    trials: tuple[Trial, ...]
    faces: int
    source: str

    @property
    def best(self) -> Trial:
        """The one with the lowest log loss."""
        return self.trials[0]

    @property
    def is_clear(self) -> bool:
        """Whether it is ahead of every other by more than chance."""
        return all(one.behind >= CLEAR_Z for one in self.trials[1:])

    def undecided(self) -> tuple[Trial, ...]:
        """The best, and those that it does not beat."""
        return tuple(one for one in self.trials if one.behind < CLEAR_Z)


def measure_input(
    engine: Engine,
    given: ModelInput,
    candidates: Sequence[Candidate],
    faces: LabelledFaces,
    *,
    go_on: Callable[[], None] = lambda: None,
) -> InputMeasurement:
    """Ask a model about faces in every way.

    Args:
        given: how pictures are prepared, what the candidates say aside.
        candidates: at least one.
        go_on: called before each way; may raise to stop.
    Raises:
        DamagedModel: no candidate gives as many numbers as it has labels.
    """
    numbers: dict[ModelInput, NDArray[np.float32]] = {}
    for wanted in dict.fromkeys(one.applied_to(given) for one in candidates):
        go_on()
        numbers[wanted] = raw_outputs(engine, faces.pixels, wanted)
    found = [
        (one, *_judged(numbers[one.applied_to(given)], one.labels, faces)) for one in candidates
    ]
    found.sort(key=lambda one: float(one[2].mean()))
    least = found[0][2]
    trials = tuple(
        Trial(candidate, accuracy, float(losses.mean()), _behind(losses, least))
        for candidate, accuracy, losses in found
    )
    return InputMeasurement(trials, len(faces.labels), faces.source)


def settled_scaling(found: InputMeasurement, guessed: Scaling) -> Scaling:
    """The scaling to take: the measured one, or the guess where that may be right as well."""
    likely = {one.candidate.scaling for one in found.undecided()}
    return guessed if guessed in likely else found.best.candidate.scaling


def settled_interpolation(found: InputMeasurement) -> Interpolation:
    """The interpolation to take: the measured one, or the usual where that may be right as well."""
    likely = {one.candidate.interpolation for one in found.undecided()}
    if USUAL_INTERPOLATION in likely:
        return USUAL_INTERPOLATION
    return found.best.candidate.interpolation


def settled_by_drawn(found: InputMeasurement, guessed: Scaling) -> Scaling:
    """The same by synthetic faces, which only tell whether bytes are read or small numbers."""
    best = found.best.candidate.scaling
    if not found.is_clear or (best in _BYTES) == (guessed in _BYTES):
        return guessed
    return best


def _judged(
    numbers: NDArray[np.float32], written: tuple[str, ...], faces: LabelledFaces
) -> tuple[float, Floats]:
    """Accuracy, and the log loss of each face whose label the model has."""
    meaning = meaning_of(written)
    place = {label: at for at, label in enumerate(meaning.scheme.labels)}
    known = np.array([label in place for label in faces.labels])
    truth = np.array([place.get(label, 0) for label in faces.labels])[known]
    if not np.isfinite(numbers).all():
        return 0.0, np.full(len(truth), _WORST)
    logits = as_logits(numbers, guess_answers(numbers, len(written))).astype(np.float64)
    logits = logits[:, list(meaning.outputs)] if meaning.outputs else logits
    if logits.shape[1] != len(place):
        raise DamagedModel(
            f"The model has {logits.shape[1]} outputs, and there are {len(place)} labels.",
            advice="Give one label for each output, in their order.",
        )
    logits = logits[known]
    losses = log_losses(logits / fit_temperature(logits, truth), truth)
    return float((logits.argmax(axis=1) == truth).mean()), losses


def _behind(losses: Floats, least: Floats) -> float:
    """Standard errors of a paired difference; endless where it is the same for every face."""
    difference = losses - least
    mean = float(difference.mean())
    if mean <= 0:
        return 0.0
    error = float(difference.std(ddof=1)) / len(difference) ** 0.5
    return mean / error if error > 0 else float("inf")
