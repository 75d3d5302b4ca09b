"""Result of a comparison: the metrics of each model, and every pair of models."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.domain import Interval
from core.evaluation.metrics.significance import ALPHA, Difference
from core.evaluation.predictions.predictions import SplitPredictions


@dataclass(frozen=True, eq=False)
class ComparedModel:
    """A model or ensemble with its predictions on one split.

    Attributes:
        name: as it is shown; unique in a comparison.
        answers: its predictions on the split.
        temperature: divides the logits.
        not_sure_below: top scores under this count as "not sure".
    """

    name: str
    answers: SplitPredictions
    temperature: float
    not_sure_below: float


@dataclass(frozen=True)
class ModelMetrics:
    """One model's metrics on the common pictures.

    Attributes:
        name: of the model.
        accuracy: with its Wilson interval.
        macro_f1: with its bootstrap interval.
        ece: expected calibration error over 15 bins, with the temperature.
        log_loss: nats, with the temperature.
        overconfidence: mean top score minus accuracy; above 0 it is overconfident.
        answered: share of pictures whose top score reaches the "not sure" threshold.
        accuracy_when_answered: accuracy on those; None without any.
    """

    name: str
    accuracy: Interval
    macro_f1: Interval
    ece: float
    log_loss: float
    overconfidence: float
    answered: float
    accuracy_when_answered: Interval | None


@dataclass(frozen=True)
class ClassDifference:
    """Recall of one class: first minus second.

    Attributes:
        label: the class.
        recall: difference with its interval and test; `pictures` is the class's support.
        corrected_p: the exact p-value, corrected for all classes of the pair.
    """

    label: str
    recall: Difference
    corrected_p: float

    @property
    def is_tie(self) -> bool:
        """Whether the difference is not significant."""
        return self.recall.is_tie or self.corrected_p >= ALPHA


@dataclass(frozen=True)
class ModelPair:
    """Two models on the same pictures; every difference is first minus second.

    Attributes:
        first, second: names of the models.
        accuracy: difference, interval and McNemar's test.
        corrected_p: the exact p-value, corrected for all pairs of the comparison.
        macro_f1: difference of macro-F1 with its interval (paired bootstrap).
        log_loss: difference of log loss in nats; below 0 the first is better.
        same_prediction: share of pictures that both classify alike.
        kappa: agreement of both beyond chance (Cohen 1960).
        classes: difference in recall by class, without classes that have no picture.
    """

    first: str
    second: str
    accuracy: Difference
    corrected_p: float
    macro_f1: Interval
    log_loss: Interval
    same_prediction: float
    kappa: float
    classes: tuple[ClassDifference, ...]

    @property
    def is_tie(self) -> bool:
        """Whether the difference in accuracy is not significant."""
        return self.accuracy.is_tie or self.corrected_p >= ALPHA

    def swapped(self) -> ModelPair:
        """The same pair with first and second exchanged."""
        return replace(
            self,
            first=self.second,
            second=self.first,
            accuracy=_swapped(self.accuracy),
            macro_f1=_negative(self.macro_f1),
            log_loss=_negative(self.log_loss),
            classes=tuple(replace(one, recall=_swapped(one.recall)) for one in self.classes),
        )


@dataclass(frozen=True)
class Comparison:
    """Several models on the same pictures.

    Attributes:
        split: its name.
        pictures: evaluated with all of them.
        left_out: pictures that were not evaluated with all, or under another label.
        ranking: best first.
        pairs: every two, the better ranked first.
    """

    split: str
    pictures: int
    left_out: int
    ranking: tuple[ModelMetrics, ...]
    pairs: tuple[ModelPair, ...]

    def pair(self, first: str, second: str) -> ModelPair:
        """Two of them, in the requested order.

        Raises:
            KeyError: they were not compared.
        """
        for one in self.pairs:
            if (one.first, one.second) == (first, second):
                return one
            if (one.second, one.first) == (first, second):
                return one.swapped()
        raise KeyError(f"{first} was not compared with {second}")

    @property
    def tied_with_best(self) -> tuple[str, ...]:
        """Names of the best model and of those without a significant difference from it."""
        best = self.ranking[0].name
        return (best, *(one.second for one in self.pairs if one.first == best and one.is_tie))


def _swapped(found: Difference) -> Difference:
    test = found.test
    if test is not None:
        test = replace(test, only_first=test.only_second, only_second=test.only_first)
    return Difference(found.pictures, _negative(found.accuracy), test)


def _negative(one: Interval) -> Interval:
    return Interval(-one.value, -one.high, -one.low)
