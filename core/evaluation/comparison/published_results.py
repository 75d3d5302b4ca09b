"""Published accuracies on FER2013, their credibility, and our models among them.

A published figure is one number without its interval: at 3,589 pictures that is about 1.45 points
to either side. Ours is compared by its own interval, so a figure inside it is a tie.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from core.domain import FER7, Interval, LabelScheme
from core.domain.counted import tenths, times

PRIVATE_TEST = "PrivateTest"
HUMAN_AGREEMENT = Interval(0.65, 0.60, 0.70)
"""Accuracy of people on FER2013's labels (Goodfellow et al. 2013)."""

# Pictures per class of FER2013's PrivateTest, in the order of FER7.
_PRIVATE_TEST_COUNTS = (491, 55, 528, 879, 594, 416, 626)
_MAX_WITHOUT_PRETRAINING = 0.74


class Mark(StrEnum):
    """Credibility of a published figure."""

    HELD_OUT = "test kept apart"
    NOT_STATED = "not stated"
    CHOSEN_ON_TEST = "selected on the test"
    POSSIBLE_LEAK = "possible leak"
    NOT_CREDIBLE = "not credible"


RULES: Mapping[Mark, str] = MappingProxyType(
    {
        Mark.NOT_CREDIBLE: "Others could not reproduce it.",
        Mark.CHOSEN_ON_TEST: (
            "The test pictures were used to choose the epoch or the model, so the figure is "
            "optimistic."
        ),
        Mark.POSSIBLE_LEAK: "Above 74 % without pretraining, and nothing shows that the test "
        "pictures were unseen.",
        Mark.HELD_OUT: "The authors state that the test pictures were used only at the end.",
        Mark.NOT_STATED: "How the epoch or the model was chosen is not stated.",
    }
)
"""Mark -> its rule; the first that applies counts."""


class Placing(StrEnum):
    """Our accuracy compared with a published figure."""

    BETTER = "ours is better"
    TIED = "tied"
    BELOW = "ours is below"


@dataclass(frozen=True)
class PublishedModel:
    """One published model.

    Attributes:
        name: under which it is known.
        accuracy: on PrivateTest, in [0, 1].
        note: source and remarks.
        weights: approximate number of trainable parameters; None where not reported.
        or_more: whether `weights` is a lower bound.
        networks: how many are averaged.
        pretrained_on: dataset of its pretraining; empty without any.
        test_chose: whether PrivateTest selected the epoch or the model; None where not stated.
        could_be_repeated: False where reproductions failed.
    """

    name: str
    accuracy: float
    note: str
    weights: int | None = None
    or_more: bool = False
    networks: int = 1
    pretrained_on: str = ""
    test_chose: bool | None = None
    could_be_repeated: bool = True

    @property
    def mark(self) -> Mark:
        """By the rules, in their order."""
        if not self.could_be_repeated:
            return Mark.NOT_CREDIBLE
        if self.test_chose:
            return Mark.CHOSEN_ON_TEST
        if self.accuracy > _MAX_WITHOUT_PRETRAINING and not self.pretrained_on:
            return Mark.POSSIBLE_LEAK
        return Mark.NOT_STATED if self.test_chose is None else Mark.HELD_OUT


@dataclass(frozen=True)
class OwnFigure:
    """Accuracy of one of our models on PrivateTest.

    Attributes:
        name: of the model, and its views per picture if more than one.
        accuracy: measured, with its interval.
        weights: trainable parameters; None where unknown.
        views: per picture.
    """

    name: str
    accuracy: Interval
    weights: int | None
    views: int = 1


@dataclass(frozen=True)
class PublishedRow:
    """One row of the table, published or ours.

    Attributes:
        name, weights, or_more, note: as in `PublishedModel`.
        accuracy: in [0, 1].
        interval: 95 %; None for what was published without one.
        mark: None for ours.
        placing: our compared model relative to it; None for ours.
    """

    name: str
    accuracy: float
    weights: int | None
    or_more: bool
    note: str
    interval: Interval | None
    mark: Mark | None
    placing: Placing | None

    @property
    def is_ours(self) -> bool:
        """Whether it was measured here."""
        return self.interval is not None


@lru_cache(maxsize=1)
def published_models() -> tuple[PublishedModel, ...]:
    """All models of published_results.toml."""
    path = Path(__file__).with_name("published_results.toml")
    read = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(PublishedModel(**one) for one in read["model"])


def with_own_results(
    compared: OwnFigure, others: Sequence[OwnFigure] = ()
) -> tuple[PublishedRow, ...]:
    """The table with our figures sorted in, least accurate first.

    Args:
        compared: the model whose interval decides what is tied.
        others: more of ours, listed but not compared.
    """
    lines = [_published(one, compared.accuracy) for one in published_models()]
    lines += [_own(one) for one in (compared, *others)]
    return tuple(sorted(lines, key=lambda line: (line.accuracy, line.is_ours, line.name)))


def without_own_results() -> tuple[PublishedRow, ...]:
    """The published models alone, least accurate first."""
    return tuple(sorted((_published(one) for one in published_models()), key=lambda x: x.accuracy))


def placing_of(published: float, ours: Interval) -> Placing:
    """Our accuracy compared with a published figure; one inside our interval is a tie."""
    if published < ours.low:
        return Placing.BETTER
    return Placing.BELOW if published > ours.high else Placing.TIED


def is_private_test(scheme: LabelScheme, labels: NDArray[np.int64]) -> bool:
    """Whether these labels have the class counts of FER2013's PrivateTest.

    Args:
        scheme: of the labels.
        labels: int64, shape `(n,)`, class numbers.
    """
    counts = tuple(np.bincount(labels, minlength=len(scheme)).tolist())
    return scheme == FER7 and counts == _PRIVATE_TEST_COUNTS


def summary(lines: Sequence[PublishedRow], compared: OwnFigure) -> str:
    """The table in one sentence."""
    believable = [line for line in lines if line.mark in {Mark.HELD_OUT, Mark.NOT_STATED}]
    better = [line for line in believable if line.placing is Placing.BELOW]
    share = tenths(compared.accuracy.value)
    others = f"{len(believable)} credible published figures"
    counts = {
        words: sum(line.placing is placing for line in believable)
        for words, placing in (
            ("better than", Placing.BETTER),
            ("tied with", Placing.TIED),
            ("below", Placing.BELOW),
        )
    }
    places = ", ".join(f"{words} {count}" for words, count in counts.items() if count)
    sentence = f"{compared.name} reaches {share}: of {others} it is {places}."
    known = [line.weights for line in better if line.weights]
    if compared.weights and known and len(known) == len(better):
        more = min(known) / compared.weights
        if more >= 2:
            sentence += f" Those above it have at least {times(more, 0)} its weights."
    return sentence


def _published(one: PublishedModel, ours: Interval | None = None) -> PublishedRow:
    notes = [one.note]
    if one.pretrained_on:
        notes.append(f"Pretrained on {one.pretrained_on}.")
    if one.networks > 1:
        notes.append(f"Ensemble of {one.networks} networks.")
    placing = None if ours is None else placing_of(one.accuracy, ours)
    return PublishedRow(
        one.name, one.accuracy, one.weights, one.or_more, " ".join(notes), None, one.mark, placing
    )


def _own(one: OwnFigure) -> PublishedRow:
    note = "Measured here, " + (
        "one view per picture." if one.views == 1 else f"{one.views} views per picture."
    )
    return PublishedRow(
        one.name, one.accuracy.value, one.weights, False, note, one.accuracy, None, None
    )
