"""What one evaluation looks at: models and pictures, under the same classes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from core.domain import Dataset, ModelCard, SplitProtocol, TrainingData
from core.domain.errors import EmptySplit, PlanError
from core.evaluation.evaluator.plan import EvaluationPlan
from core.evaluation.predictions.class_alignment import ClassAlignment, align_classes
from core.evaluation.predictions.said_labels import in_words, open_as_predicted
from core.models import load_card
from core.storage.settings import Settings

WHOLE = "All pictures"
"""The split of a dataset that is judged whole."""


@dataclass(frozen=True, eq=False)
class Case:
    """What an evaluation looks at.

    Attributes:
        plan: what was asked.
        cards: of the models, in the plan's order.
        opened: the dataset as its files and corrections have it.
        meeting: the dataset and the models under the same classes.
        splits: that are judged.
    """

    plan: EvaluationPlan
    cards: tuple[ModelCard, ...]
    opened: Dataset
    meeting: ClassAlignment
    splits: tuple[str, ...]

    @property
    def dataset(self) -> Dataset:
        """Under the judged classes."""
        return self.meeting.dataset

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know of the pictures and their classes."""
        whole = (
            f"{self.opened.name} comes without splits and no model here was trained on it: all of "
            "its pictures are used. Name splits (--split) to use fewer."
        )
        told = (whole,) if self.splits == (WHOLE,) else ()
        said = filter(None, [in_words(self.plan.label_map)])
        return (*said, *self.dataset.notes, *self.meeting.notes, *told)

    @property
    def is_own(self) -> bool:
        """Whether a model was trained with this dataset: by its content, or by its name."""
        return bool(self._learned_here)

    @property
    def learned(self) -> str:
        """The split that a model learned from; empty where that is none of these, or not known."""
        return self._trained_with.train if self._trained_with is not None else ""

    @property
    def chose(self) -> str:
        """The split that chose epoch and temperature; empty where that is none of these."""
        return self._trained_with.validation if self._trained_with is not None else ""

    @property
    def is_divided_otherwise(self) -> bool:
        """Whether a model was trained with these pictures, divided in another way."""
        return self.is_own and self._trained_with is None

    @property
    def _trained_with(self) -> SplitProtocol | None:
        """The division, where every model that learned from this dataset learned with it.

        A model of which nobody knows what it learned from may have learned with another one.
        """
        protocol = self.opened.protocol
        if protocol is None or not self.is_own or any(card.data is None for card in self.cards):
            return None
        same = all(one.protocol == protocol for one in self._learned_here)
        return protocol if same else None

    @property
    def _learned_here(self) -> tuple[TrainingData, ...]:
        """What each model learned from that was trained with this dataset."""
        hashes = (self.opened.content_hash, self.dataset.content_hash)
        return tuple(
            card.data
            for card in self.cards
            if card.data is not None and card.data.is_of(self.opened.name, hashes)
        )


def open_case(plan: EvaluationPlan, settings: Settings) -> Case:
    """Open what a plan names, and bring it together.

    Raises:
        ModelError: a model is unknown, or names other classes than the dataset.
        DatasetError: the dataset is gone or unreadable, or a split is empty.
        PlanError: it has no split of some name.
    """
    cards = tuple(load_card(settings.models_dir, name) for name in plan.models)
    named = {card.name: card.scheme for card in cards}
    opened = open_as_predicted(plan, named, settings)
    meeting = align_classes(opened, named, settings.schemes_dir, plan.classes)
    case = Case(plan, cards, opened, meeting, ())
    if opened.divided_here and not plan.splits and not case.is_own:
        meeting = replace(meeting, dataset=_undivided(meeting.dataset))
    return replace(case, meeting=meeting, splits=_splits(plan, meeting.dataset))


def _undivided(dataset: Dataset) -> Dataset:
    """All pictures as one split: a set that nobody learned from has no reason to be divided."""
    split_of = np.zeros(len(dataset), dtype=np.int64)
    return replace(dataset, split_names=(WHOLE,), split_of=split_of, protocol=None)


def _splits(plan: EvaluationPlan, dataset: Dataset) -> tuple[str, ...]:
    """Those that were asked for, in the dataset's order; else all that are not learned from."""
    unknown = [name for name in plan.splits if name not in dataset.split_names]
    if unknown:
        raise PlanError(
            f"{dataset.name} has no split {unknown[0][:40]!r}.",
            advice=f"It has: {', '.join(dataset.split_names)}.",
        )
    learns = dataset.protocol.train if dataset.protocol is not None else ""
    wanted = plan.splits or [name for name in dataset.split_names if name != learns]
    sizes = dataset.sizes
    empty = [name for name in plan.splits if not sizes[name]]
    if empty or not any(sizes[name] for name in wanted):
        raise EmptySplit(
            f"{empty[0] if empty else dataset.name} has no pictures to evaluate on.",
            advice="Choose a split that has some, or classes that leave some in.",
        )
    return tuple(name for name in dataset.split_names if name in wanted and sizes[name])
