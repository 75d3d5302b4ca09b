"""What a comparison of models says: each one's figures, and every two side by side."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.domain import Interval
from core.evaluation.metrics.significance import ALPHA, Difference
from core.evaluation.predictions.predictions import SplitPredictions


@dataclass(frozen=True, eq=False)
class Candidate:
    """A model, looked at in one way, with what it answered about one split.

    Attributes:
        name: as it is shown; no two of a comparison share one.
        answers: about the split.
        temperature: divides the logits.
        not_sure_below: top scores under this count as "not sure".
    """

    name: str
    answers: SplitPredictions
    temperature: float
    not_sure_below: float


@dataclass(frozen=True)
class Standing:
    """One model's figures on the pictures that all judged.

    Attributes:
        name: of the contender.
        accuracy: with its Wilson interval.
        macro_f1: with its bootstrap interval.
        ece: expected calibration error over 15 bins, with the temperature.
        log_loss: nats, with the temperature.
        overconfidence: mean top score less accuracy; above 0 it promises too much.
        answered: share of pictures whose top score reaches the "not sure" threshold.
        right_when_sure: accuracy on those; None where it is never sure.
    """

    name: str
    accuracy: Interval
    macro_f1: Interval
    ece: float
    log_loss: float
    overconfidence: float
    answered: float
    right_when_sure: Interval | None


@dataclass(frozen=True)
class ClassDifference:
    """Recall of one class: first less second.

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
        """Whether these pictures show no difference."""
        return self.recall.is_tie or self.corrected_p >= ALPHA


@dataclass(frozen=True)
class Pair:
    """Two models on the same pictures; every difference is first less second.

    Attributes:
        first, second: names of the contenders.
        accuracy: difference, interval and McNemar's test.
        corrected_p: the exact p-value, corrected for all pairs of the comparison.
        macro_f1: difference of macro-F1 with its interval (paired bootstrap).
        log_loss: difference of log loss in nats; below 0 the first is better.
        same_answer: share of pictures about which both said the same.
        kappa: the same beyond chance (Cohen 1960).
        classes: recall, class by class; without those that have no picture.
    """

    first: str
    second: str
    accuracy: Difference
    corrected_p: float
    macro_f1: Interval
    log_loss: Interval
    same_answer: float
    kappa: float
    classes: tuple[ClassDifference, ...]

    @property
    def is_tie(self) -> bool:
        """Whether these pictures show no difference in accuracy."""
        return self.accuracy.is_tie or self.corrected_p >= ALPHA

    def turned(self) -> Pair:
        """The same, asked the other way round."""
        return replace(
            self,
            first=self.second,
            second=self.first,
            accuracy=_turned(self.accuracy),
            macro_f1=_negative(self.macro_f1),
            log_loss=_negative(self.log_loss),
            classes=tuple(replace(one, recall=_turned(one.recall)) for one in self.classes),
        )


@dataclass(frozen=True)
class Comparison:
    """Several models on the same pictures.

    Attributes:
        split: its name.
        pictures: judged by all of them.
        left_out: pictures that some judged and others did not, or under another label.
        standings: best first.
        pairs: every two, the better standing first.
    """

    split: str
    pictures: int
    left_out: int
    standings: tuple[Standing, ...]
    pairs: tuple[Pair, ...]

    def pair(self, first: str, second: str) -> Pair:
        """Two of them, in the order that is asked for.

        Raises:
            KeyError: they were not compared.
        """
        for one in self.pairs:
            if (one.first, one.second) == (first, second):
                return one
            if (one.second, one.first) == (first, second):
                return one.turned()
        raise KeyError(f"{first} was not compared with {second}")

    @property
    def tied_with_best(self) -> tuple[str, ...]:
        """Names of those that these pictures cannot tell from the first, the first among them."""
        best = self.standings[0].name
        return (best, *(one.second for one in self.pairs if one.first == best and one.is_tie))


def _turned(found: Difference) -> Difference:
    test = found.test
    if test is not None:
        test = replace(test, only_first=test.only_second, only_second=test.only_first)
    return Difference(found.pictures, _negative(found.accuracy), test)


def _negative(one: Interval) -> Interval:
    return Interval(-one.value, -one.high, -one.low)
