"""Opens the pictures and the models of an evaluation again, for further measurements."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.datasets.labels import map_named
from core.domain import UNLABELLED, LabelScheme
from core.domain.counted import tenths
from core.domain.errors import EmptySplit, LabelSchemeMismatch, ModelError, PlanError
from core.domain.merging import class_indices
from core.evaluation.evaluator.ensemble import Ensemble, EnsembleMember
from core.evaluation.predictions.evaluation import Evaluation
from core.evaluation.predictions.evaluation_store import load_predictions
from core.evaluation.predictions.picture_lookup import FoundPictures, find_pictures
from core.evaluation.predictions.predictions import SplitPredictions
from core.models import load_card, load_predictor
from core.models.runtimes import resized
from core.settings import Settings

SAME_MODEL_AGREEMENT = 0.99
"""Share of equal predictions from which a model counts as the one that was evaluated."""


@dataclass(frozen=True, eq=False)
class ReopenedEvaluation:
    """A split of an evaluation with its pictures.

    Attributes:
        evaluation: the evaluation.
        split: its name.
        answers: the stored predictions.
        found: the pictures in a dataset of this machine.
    """

    evaluation: Evaluation
    split: str
    answers: SplitPredictions
    found: FoundPictures

    @property
    def usable(self) -> NDArray[np.int64]:
        """Positions, among the evaluated pictures, of those that were found and have a label."""
        return np.flatnonzero(self.found.here & (self.answers.labels != UNLABELLED))

    def sample(self, most: int, *, seed: int) -> NDArray[np.int64]:
        """A random sample of the usable positions, in ascending order; all if fewer than `most`."""
        rng = np.random.default_rng(seed)
        return np.sort(rng.permutation(self.usable)[:most])


def reopen_evaluation(evaluation: Evaluation, split: str, settings: Settings) -> ReopenedEvaluation:
    """Find the pictures of a split of an evaluation.

    Args:
        split: empty for the test split.
    Raises:
        PlanError: it was not evaluated on such a split.
        DamagedModel: the predictions cannot be read.
        UnknownDataset: its pictures are not on this machine.
        EmptySplit: none of the pictures found has a label.
    """
    answers = load_predictions(settings.models_dir, evaluation)
    name = split or evaluation.judges
    if name not in answers:
        raise PlanError(
            f"{evaluation.model} was not evaluated on a split {name[:40]!r}.",
            advice=f"It was evaluated on: {', '.join(answers)}.",
        )
    if len(answers[name].labels) == 0:
        raise EmptySplit(f"{name} has no pictures.", advice="Choose a split that has some.")
    found = find_pictures(evaluation, answers[name].digests, settings)
    reopened = ReopenedEvaluation(evaluation, name, answers[name], found)
    if not len(reopened.usable):
        raise EmptySplit(
            f"No picture of {name} that is here has a label.", advice="Choose another split."
        )
    return reopened


def ensemble_of(evaluation: Evaluation, settings: Settings, *, threads: int) -> Ensemble:
    """The models of an evaluation with the same views and classes.

    Raises:
        ModelError: a model is missing or damaged, or predicts other classes now.
    """
    models = tuple(evaluation.source.get("models") or (evaluation.model,))
    members = []
    for name in models:
        card = load_card(settings.models_dir, name)
        members.append(
            EnsembleMember(
                load_predictor(settings.models_dir, card, threads=threads),
                _class_of_output(card.scheme, evaluation, settings),
            )
        )
    return Ensemble(members, evaluation.views, len(evaluation.scheme))


def at_model_size(pixels: NDArray[np.uint8], ensemble: Ensemble) -> NDArray[np.uint8]:
    """Pictures reduced to the model's input size, so that corruptions have its resolution.

    Smaller ones stay as they are, and so do those that are cropped before inference.
    """
    size_px = max(member.model.card.input.size_px for member in ensemble.members)
    if ensemble.views == "ten-crop" or pixels.shape[1] <= size_px:
        return pixels
    return resized(pixels, size_px)


def expect_same_model(
    predicted: NDArray[np.int64], reopened: ReopenedEvaluation, chosen: NDArray[np.int64]
) -> None:
    """Check that the model predicts as when it was evaluated.

    Args:
        predicted: int64, shape `(m,)`: its predictions on the chosen pictures now.
        chosen: their positions among the evaluated ones.
    Raises:
        ModelError: too many predictions differ.
    """
    before = reopened.answers.logits[chosen].argmax(axis=1)
    same = float((predicted == before).mean())
    # One picture may always differ: another processor sums in another order.
    if same < SAME_MODEL_AGREEMENT and int((predicted != before).sum()) > 1:
        raise ModelError(
            f"{reopened.evaluation.model} predicts another class than when it was evaluated on "
            f"{tenths(1 - same)} of the pictures: the model has changed.",
            advice="Evaluate it again first.",
        )


def _class_of_output(
    scheme: LabelScheme, evaluation: Evaluation, settings: Settings
) -> NDArray[np.int64]:
    evaluated = evaluation.scheme
    if set(scheme.labels) == set(evaluated.labels):
        return np.array([evaluated.index(label) for label in scheme.labels])
    mapping = str(evaluation.source.get("classes") or "")
    found = class_indices(scheme.labels, map_named(settings.schemes_dir, scheme, mapping))
    if found is None:
        raise LabelSchemeMismatch(
            f"The mapping {mapping!r} does not map {scheme.name} to the evaluated classes.",
            advice="Evaluate the model again.",
        )
    return found
