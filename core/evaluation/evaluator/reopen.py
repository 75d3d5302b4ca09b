"""The pictures and the model of an evaluation, brought together once more to ask further."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.datasets.labels import map_named
from core.domain import UNLABELLED, LabelScheme
from core.domain.errors import EmptySplit, LabelSchemeMismatch, ModelError, PlanError
from core.domain.merging import places_under
from core.evaluation.evaluator.ensemble import Ensemble, EnsembleMember
from core.evaluation.predictions.evaluation import Evaluation
from core.evaluation.predictions.evaluation_store import load_predictions
from core.evaluation.predictions.picture_lookup import FoundPictures, find_pictures
from core.evaluation.predictions.predictions import SplitPredictions
from core.models import load_card, load_predictor
from core.models.runtimes import resized
from core.storage.settings import Settings

SAME_ENOUGH = 0.99
"""Share of the pictures that a model must name as it did, to count as the one that was judged."""


@dataclass(frozen=True, eq=False)
class ReopenedEvaluation:
    """A split of an evaluation whose pictures are here.

    Attributes:
        evaluation: the evaluation.
        split: its name.
        answers: what was said of its pictures then.
        found: where they are.
    """

    evaluation: Evaluation
    split: str
    answers: SplitPredictions
    found: FoundPictures

    @property
    def usable(self) -> NDArray[np.int64]:
        """Positions, among the judged pictures, of those that are here and carry a label."""
        return np.flatnonzero(self.found.here & (self.answers.labels != UNLABELLED))

    def draw(self, most: int, *, seed: int) -> NDArray[np.int64]:
        """So many of them by chance, in their order; fewer where there are fewer."""
        rng = np.random.default_rng(seed)
        return np.sort(rng.permutation(self.usable)[:most])


def predict_again(evaluation: Evaluation, split: str, settings: Settings) -> ReopenedEvaluation:
    """Find the pictures of a split.

    Args:
        split: empty for the one that judges.
    Raises:
        PlanError: no such split was judged.
        DamagedModel: the answers cannot be read.
        UnknownDataset: its pictures are not on this machine.
        EmptySplit: none of those that are here carries a label.
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
    again = ReopenedEvaluation(evaluation, name, answers[name], found)
    if not len(again.usable):
        raise EmptySplit(
            f"No picture of {name} that is here has a label.", advice="Choose another split."
        )
    return again


def ensemble_of(evaluation: Evaluation, settings: Settings, *, threads: int) -> Ensemble:
    """Whoever answered then, asked in the same manner: same models, same views, same classes.

    Raises:
        ModelError: a model is gone or damaged, or names other classes by now.
    """
    models = tuple(evaluation.source.get("models") or (evaluation.model,))
    voices = []
    for name in models:
        card = load_card(settings.models_dir, name)
        voices.append(
            EnsembleMember(
                load_predictor(settings.models_dir, card, threads=threads),
                _places(card.scheme, evaluation, settings),
            )
        )
    return Ensemble(voices, evaluation.views, len(evaluation.scheme))


def as_read(pixels: NDArray[np.uint8], panel: Ensemble) -> NDArray[np.uint8]:
    """Pictures no larger than a model reads them: one pixel of noise is then one of its own.

    Smaller ones stay as they are, and so do those that are cut into crops before.
    """
    size_px = max(voice.model.card.input.size_px for voice in panel.voices)
    if panel.views == "ten-crop" or pixels.shape[1] <= size_px:
        return pixels
    return resized(pixels, size_px)


def expect_same(
    said: NDArray[np.int64], again: ReopenedEvaluation, chosen: NDArray[np.int64]
) -> None:
    """Whether this is the model that was judged.

    Args:
        said: int64, shape `(m,)`: what it names the chosen pictures now.
        chosen: their positions among the judged ones.
    Raises:
        ModelError: it answers otherwise.
    """
    before = again.answers.logits[chosen].argmax(axis=1)
    same = float((said == before).mean())
    # One picture may always fall to the other side: another processor adds in another order.
    if same < SAME_ENOUGH and int((said != before).sum()) > 1:
        raise ModelError(
            f"{again.evaluation.model} predicts another class than when it was evaluated on "
            f"{(1 - same) * 100:.1f} % of the pictures: the model has changed.",
            advice="Evaluate it again first.",
        )


def _places(scheme: LabelScheme, evaluation: Evaluation, settings: Settings) -> NDArray[np.int64]:
    judged = evaluation.scheme
    if set(scheme.labels) == set(judged.labels):
        return np.array([judged.index(label) for label in scheme.labels])
    mapping = str(evaluation.source.get("classes") or "")
    found = places_under(scheme.labels, map_named(settings.schemes_dir, scheme, mapping))
    if found is None:
        raise LabelSchemeMismatch(
            f"The mapping {mapping!r} does not map {scheme.name} to the evaluated classes.",
            advice="Evaluate the model again.",
        )
    return found
