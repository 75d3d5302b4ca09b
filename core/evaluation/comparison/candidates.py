"""Which evaluations can be compared with one another, and their names in a comparison."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from core.domain.intervals import share_interval
from core.evaluation.comparison.costs import VIEW_COUNTS
from core.evaluation.comparison.published_results import PRIVATE_TEST, OwnFigure, is_private_test
from core.evaluation.comparison.report import ComparedModel
from core.evaluation.predictions.evaluation import Evaluation
from core.evaluation.predictions.predictions import SplitPredictions

_VIEW_SUFFIXES = {"one": "", "flip": " + flip", "ten-crop": " + ten crops"}


def name_of(evaluation: Evaluation) -> str:
    """The model or ensemble, and its views per picture if more than one."""
    return f"{evaluation.name}{_VIEW_SUFFIXES[evaluation.views]}"


def comparable_evaluations(
    evaluation: Evaluation, others: Iterable[Evaluation]
) -> tuple[Evaluation, ...]:
    """Evaluations of the same pictures, labels and classes as this one, itself first.

    Args:
        others: of all models; of two with one name the newer is taken.
    """
    found = {name_of(evaluation): evaluation}
    for one in sorted(others, key=lambda one: one.made_at, reverse=True):
        if one.scheme == evaluation.scheme and one.content_hash == evaluation.content_hash:
            found.setdefault(name_of(one), one)
    return tuple(found.values())


def compared_model(evaluation: Evaluation, answers: SplitPredictions) -> ComparedModel:
    """An evaluation's predictions on one split, ready to be compared."""
    return ComparedModel(
        name_of(evaluation), answers, evaluation.temperature, evaluation.not_sure_below
    )


def common_splits(
    answers: Sequence[Mapping[str, SplitPredictions]], *, test_split: str
) -> tuple[str, ...]:
    """Splits that all were evaluated on, the test split first.

    Args:
        answers: predictions of each model, by split.
        test_split: name of the test split.
    """
    names = [name for name in answers[0] if all(name in one for one in answers)]
    return tuple(sorted(names, key=lambda name: name != test_split))


def models_of(evaluation: Evaluation) -> tuple[str, ...]:
    """Names of the evaluated models; of an ensemble, all its members."""
    return tuple(evaluation.source.get("models") or (evaluation.model,))


def own_figure(
    evaluation: Evaluation, answers: Mapping[str, SplitPredictions], weights: int | None
) -> OwnFigure | None:
    """A model's accuracy on PrivateTest as published; None where it was not evaluated on that.

    Args:
        answers: predictions of the evaluation, by split.
        weights: of all its models together; None where they are not known.
    """
    found = answers.get(PRIVATE_TEST)
    if found is None or not is_private_test(evaluation.scheme, found.labels):
        return None
    return OwnFigure(
        name_of(evaluation),
        share_interval(int(found.right.sum()), len(found.labels)),
        weights,
        VIEW_COUNTS[evaluation.views],
    )
