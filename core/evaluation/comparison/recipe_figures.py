"""Recorded metrics of a training whose model was not kept."""

from __future__ import annotations

from dataclasses import dataclass

from core.domain import Interval
from core.domain.intervals import share_interval
from core.evaluation.comparison.claims import implied_share


@dataclass(frozen=True)
class RecipeFigures:
    """Metrics on FER2013's PrivateTest of one finished training of an unchanged recipe.

    Attributes:
        accuracy: a fraction.
        weights: parameters of the network.
        pictures: evaluated; 0 where not recorded.
        area: under the ROC curve of `label`; None unless there are two classes.
        label: the class of precision and recall; empty unless there are two classes.
        precision, recall: of that class, fractions.
    """

    accuracy: Interval
    weights: int
    pictures: int = 0
    area: Interval | None = None
    label: str = ""
    precision: float = 0.0
    recall: float = 0.0

    def figure(self, name: str, label: str = "") -> Interval | None:
        """A metric by its name in claims.toml; None where it was not recorded."""
        if name == "accuracy":
            return self.accuracy
        if not label or label != self.label:
            return None
        if name == "auc":
            return self.area
        return self._class_metric(name) if name in {"precision", "recall"} else None

    def _class_metric(self, name: str) -> Interval | None:
        """Precision or recall with its Wilson interval.

        The class's number of pictures was not recorded; it follows from accuracy, precision and
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
        around = share_interval(hits, of)
        return Interval(value, around.low, around.high)
