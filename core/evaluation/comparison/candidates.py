"""Which evaluations can stand beside one another, and what they are called there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from core.evaluation.comparison.costs import LOOKS
from core.evaluation.comparison.published_results import PRIVATE_TEST, OwnFigure, is_private_test
from core.evaluation.comparison.report import Candidate
from core.evaluation.metrics.basics import wilson_interval
from core.evaluation.predictions.evaluation import Evaluation
from core.evaluation.predictions.predictions import SplitPredictions

_LOOKED = {"one": "", "flip": " + flip", "ten-crop": " + ten crops"}


def name_of(evaluation: Evaluation) -> str:
    """What is compared: a model, or several as one, and how pictures were looked at if not once."""
    return f"{evaluation.name}{_LOOKED[evaluation.views]}"


def comparable_evaluations(
    evaluation: Evaluation, others: Iterable[Evaluation]
) -> tuple[Evaluation, ...]:
    """What can be compared with an evaluation, itself first: same pictures, labels and classes.

    Args:
        others: of all models; of two of one name the newer is taken.
    """
    found = {name_of(evaluation): evaluation}
    for one in sorted(others, key=lambda one: one.made_at, reverse=True):
        if one.scheme == evaluation.scheme and one.content_hash == evaluation.content_hash:
            found.setdefault(name_of(one), one)
    return tuple(found.values())


def candidate_of(evaluation: Evaluation, answers: SplitPredictions) -> Candidate:
    """An evaluation's answers on one split, ready to be compared."""
    return Candidate(
        name_of(evaluation), answers, evaluation.temperature, evaluation.not_sure_below
    )


def common_splits(
    answers: Sequence[Mapping[str, SplitPredictions]], *, judges: str
) -> tuple[str, ...]:
    """Splits that all of them judged, the one whose figures stand for the model first."""
    names = [name for name in answers[0] if all(name in one for one in answers)]
    return tuple(sorted(names, key=lambda name: name != judges))


def models_of(evaluation: Evaluation) -> tuple[str, ...]:
    """Names of the models that answered, as one where they are several."""
    return tuple(evaluation.source.get("models") or (evaluation.model,))


def own_figure(
    evaluation: Evaluation, answers: Mapping[str, SplitPredictions], weights: int | None
) -> OwnFigure | None:
    """A model's figure as the published ones were measured; None where it was judged on others.

    Args:
        answers: of the evaluation, by split.
        weights: of all its models together; None where they are not known.
    """
    told = answers.get(PRIVATE_TEST)
    if told is None or not is_private_test(evaluation.scheme, told.labels):
        return None
    return OwnFigure(
        name_of(evaluation),
        wilson_interval(int(told.right.sum()), len(told.labels)),
        weights,
        LOOKS[evaluation.views],
    )
