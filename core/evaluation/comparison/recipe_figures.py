"""What a recipe reached where it was trained once and its model was not kept."""

from __future__ import annotations

from dataclasses import dataclass

from core.domain import Interval
from core.evaluation.comparison.claims import implied_share
from core.evaluation.metrics.basics import wilson_interval


@dataclass(frozen=True)
class RecipeFigures:
    """Figures of one finished training of a recipe as it is, on PrivateTest of FER2013.

    Attributes:
        accuracy: a fraction.
        weights: numbers in the finished network.
        pictures: that were judged; 0 where nobody noted it.
        area: under the ROC curve of `label`; None where there are not two classes.
        label: the class that precision and recall are about; empty where there are not two.
        precision, recall: of it, fractions.
    """

    accuracy: Interval
    weights: int
    pictures: int = 0
    area: Interval | None = None
    label: str = ""
    precision: float = 0.0
    recall: float = 0.0

    def figure(self, name: str, label: str = "") -> Interval | None:
        """A figure as claims.toml names it; None where it was not kept."""
        if name == "accuracy":
            return self.accuracy
        if not label or label != self.label:
            return None
        if name == "auc":
            return self.area
        return self._of_the_class(name) if name in {"precision", "recall"} else None

    def _of_the_class(self, name: str) -> Interval | None:
        """Precision or recall with its Wilson interval.

        How many pictures are of the class was not kept; it follows from accuracy, precision and
        recall together, to within a few pictures.
        """
        if not self.pictures or min(self.precision, self.recall) <= 0.5:
            return None
        share = implied_share(self.accuracy.value, self.precision, self.recall).value
        of_class = round(share * self.pictures)
        hits = round(self.recall * of_class)
        if name == "recall":
            value, of = self.recall, of_class
        else:
            value, of = self.precision, round(hits / self.precision)
        if not 0 < hits <= of:
            return None
        around = wilson_interval(hits, of)
        return Interval(value, around.low, around.high)
