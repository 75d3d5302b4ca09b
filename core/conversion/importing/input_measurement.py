"""Measures an imported model's pixel scaling, interpolation and class order on labelled faces.

A file of weights states none of them. Every candidate is evaluated on labelled faces, and the best
is taken where it is significantly better than the others. Labelled photographs distinguish all
candidates. Synthetic faces only distinguish bytes from small numbers: among scalings to small
numbers a wrong one often classifies more of them correctly than the right one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.conversion.importing.inspection import USUAL_INTERPOLATION, guess_output_kind
from core.conversion.importing.label_file import output_labels
from core.domain import Interpolation, ModelInput, Scaling
from core.domain.errors import DamagedModel
from core.evaluation.metrics import fit_temperature, log_losses
from core.models import raw_outputs
from core.models.runtimes import Engine, as_logits

SIGNIFICANT_Z = 3.0
"""Standard errors by which the best must be ahead: among some fifteen candidates chance alone puts
one that far ahead in at most one of fifty measurements."""

_BYTES = frozenset({Scaling.BYTES, Scaling.MEAN_BYTES})
_INVALID_LOG_LOSS = 1e6  # of a candidate whose outputs are not finite

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LabelledFaces:
    """Labelled faces.

    Attributes:
        pixels: uint8, shape `(n, side, side)`, grey.
        labels: one for each.
        source: where they come from, such as "PublicTest of fer2013".
    """

    pixels: NDArray[np.uint8]
    labels: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class InputCandidate:
    """One combination of preprocessing and class order.

    Attributes:
        scaling: pixel scaling.
        labels: in the order of the model's outputs.
        interpolation: for enlarging smaller faces.
    """

    scaling: Scaling
    labels: tuple[str, ...]
    interpolation: Interpolation = USUAL_INTERPOLATION

    def applied_to(self, base: ModelInput) -> ModelInput:
        """The input with this preprocessing."""
        return replace(base, scaling=self.scaling, interpolation=self.interpolation)


@dataclass(frozen=True)
class CandidateResult:
    """The result of one candidate.

    Attributes:
        candidate: the candidate.
        accuracy: in [0, 1].
        log_loss: mean, nats, at the best temperature for it.
        z_behind_best: standard errors by which the best one's log loss is lower, paired; 0 for
            the best.
    """

    candidate: InputCandidate
    accuracy: float
    log_loss: float
    z_behind_best: float


@dataclass(frozen=True)
class InputMeasurement:
    """All candidates, the best first.

    Attributes:
        results: at least one.
        faces: number of faces.
        source: where they come from.
    """

    results: tuple[CandidateResult, ...]
    faces: int
    source: str

    @property
    def best(self) -> CandidateResult:
        """The result with the lowest log loss."""
        return self.results[0]

    @property
    def is_significant(self) -> bool:
        """Whether the best is significantly better than every other."""
        return all(one.z_behind_best >= SIGNIFICANT_Z for one in self.results[1:])

    def not_significantly_worse(self) -> tuple[CandidateResult, ...]:
        """The best, and those that are not significantly worse."""
        return tuple(one for one in self.results if one.z_behind_best < SIGNIFICANT_Z)


def measure_input(
    engine: Engine,
    base: ModelInput,
    candidates: Sequence[InputCandidate],
    faces: LabelledFaces,
    *,
    check_cancelled: Callable[[], None] = lambda: None,
) -> InputMeasurement:
    """Evaluate a model on labelled faces with every candidate.

    Args:
        base: the input, apart from what the candidates set.
        candidates: at least one.
        check_cancelled: called before each distinct input; may raise to stop.
    Raises:
        DamagedModel: the model's outputs do not match a candidate's labels.
    """
    outputs: dict[ModelInput, NDArray[np.float32]] = {}
    for model_input in dict.fromkeys(one.applied_to(base) for one in candidates):
        check_cancelled()
        outputs[model_input] = raw_outputs(engine, faces.pixels, model_input)
    found = [
        (one, *_evaluated(outputs[one.applied_to(base)], one.labels, faces)) for one in candidates
    ]
    found.sort(key=lambda one: float(one[2].mean()))
    best_losses = found[0][2]
    results = tuple(
        CandidateResult(candidate, accuracy, float(losses.mean()), _z_behind(losses, best_losses))
        for candidate, accuracy, losses in found
    )
    return InputMeasurement(results, len(faces.labels), faces.source)


def choose_scaling(found: InputMeasurement, guessed: Scaling) -> Scaling:
    """The measured scaling, or the guess where it is not significantly worse."""
    not_worse = {one.candidate.scaling for one in found.not_significantly_worse()}
    return guessed if guessed in not_worse else found.best.candidate.scaling


def choose_interpolation(found: InputMeasurement) -> Interpolation:
    """The measured interpolation, or the usual one where it is not significantly worse."""
    not_worse = {one.candidate.interpolation for one in found.not_significantly_worse()}
    if USUAL_INTERPOLATION in not_worse:
        return USUAL_INTERPOLATION
    return found.best.candidate.interpolation


def choose_scaling_by_synthetic_faces(found: InputMeasurement, guessed: Scaling) -> Scaling:
    """The same on synthetic faces, which only distinguish bytes from small numbers."""
    best = found.best.candidate.scaling
    if not found.is_significant or (best in _BYTES) == (guessed in _BYTES):
        return guessed
    return best


def _evaluated(
    outputs: NDArray[np.float32], labels: tuple[str, ...], faces: LabelledFaces
) -> tuple[float, Floats]:
    """Accuracy, and the log loss of each face whose label is among the model's."""
    mapping = output_labels(labels)
    index = {label: at for at, label in enumerate(mapping.scheme.labels)}
    known = np.array([label in index for label in faces.labels])
    truth = np.array([index.get(label, 0) for label in faces.labels])[known]
    if not np.isfinite(outputs).all():
        return 0.0, np.full(len(truth), _INVALID_LOG_LOSS)
    logits = as_logits(outputs, guess_output_kind(outputs, len(labels))).astype(np.float64)
    logits = logits[:, list(mapping.outputs)] if mapping.outputs else logits
    if logits.shape[1] != len(index):
        raise DamagedModel(
            f"The model has {logits.shape[1]} outputs, and there are {len(index)} labels.",
            advice="Give one label for each output, in their order.",
        )
    logits = logits[known]
    losses = log_losses(logits / fit_temperature(logits, truth), truth)
    return float((logits.argmax(axis=1) == truth).mean()), losses


def _z_behind(losses: Floats, best: Floats) -> float:
    """Standard errors of a paired difference; infinite where it is the same for every face."""
    difference = losses - best
    mean = float(difference.mean())
    if mean <= 0:
        return 0.0
    error = float(difference.std(ddof=1)) / len(difference) ** 0.5
    return mean / error if error > 0 else float("inf")
