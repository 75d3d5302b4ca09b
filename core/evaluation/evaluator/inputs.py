"""The inputs of an evaluation: models and pictures, under the same classes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from core.domain import Dataset, ModelCard, SplitProtocol, TrainingData
from core.domain.errors import EmptySplit, PlanError
from core.evaluation.evaluator.label_mapping import mapping_sentence, open_mapped
from core.evaluation.evaluator.plan import EvaluationPlan
from core.evaluation.predictions.class_alignment import ClassAlignment, align_classes
from core.models import load_card
from core.settings import Settings

ALL_PICTURES = "All pictures"
"""Name of the split that holds a whole dataset."""


@dataclass(frozen=True, eq=False)
class EvaluationInputs:
    """Models and pictures of an evaluation.

    Attributes:
        plan: of the evaluation.
        cards: of the models, in the plan's order.
        opened: the dataset with its corrections, before classes are aligned.
        alignment: the dataset and the models under the same classes.
        splits: to evaluate on.
    """

    plan: EvaluationPlan
    cards: tuple[ModelCard, ...]
    opened: Dataset
    alignment: ClassAlignment
    splits: tuple[str, ...]

    @property
    def dataset(self) -> Dataset:
        """The dataset under the evaluated classes."""
        return self.alignment.dataset

    @property
    def notes(self) -> tuple[str, ...]:
        """Remarks about the pictures and their classes."""
        all_pictures = (
            f"{self.opened.name} comes without splits and no model here was trained on it: all of "
            "its pictures are used. Name splits (--split) to use fewer."
        )
        last = (all_pictures,) if self.splits == (ALL_PICTURES,) else ()
        mapping = filter(None, [mapping_sentence(self.plan.label_map)])
        return (*mapping, *self.dataset.notes, *self.alignment.notes, *last)

    @property
    def is_own(self) -> bool:
        """Whether a model was trained on this dataset, judging by its content or its name."""
        return bool(self._training_data)

    @property
    def training_split(self) -> str:
        """The split that a model was trained on; empty where that is none of these, or unknown."""
        return self._shared_protocol.train if self._shared_protocol is not None else ""

    @property
    def validation_split(self) -> str:
        """The split that selected epoch and temperature; empty where that is none of these."""
        return self._shared_protocol.validation if self._shared_protocol is not None else ""

    @property
    def has_other_split(self) -> bool:
        """Whether a model was trained on this dataset with another division into splits."""
        return self.is_own and self._shared_protocol is None

    @property
    def _shared_protocol(self) -> SplitProtocol | None:
        """The split protocol, where every model trained on this dataset used it.

        None too where the training data of a model is unknown: it may have used another one.
        """
        protocol = self.opened.protocol
        if protocol is None or not self.is_own or any(card.data is None for card in self.cards):
            return None
        same = all(one.protocol == protocol for one in self._training_data)
        return protocol if same else None

    @property
    def _training_data(self) -> tuple[TrainingData, ...]:
        """Training data of each model that was trained on this dataset."""
        hashes = (self.opened.content_hash, self.dataset.content_hash)
        return tuple(
            card.data
            for card in self.cards
            if card.data is not None and card.data.is_of(self.opened.name, hashes)
        )


def open_inputs(plan: EvaluationPlan, settings: Settings) -> EvaluationInputs:
    """Open the models and the dataset of a plan, and align their classes.

    Raises:
        ModelError: a model is unknown, or predicts other classes than the dataset has.
        DatasetError: the dataset is missing or unreadable, or a split is empty.
        PlanError: it has no split of a requested name.
    """
    cards = tuple(load_card(settings.models_dir, name) for name in plan.models)
    schemes = {card.name: card.scheme for card in cards}
    opened = open_mapped(plan, schemes, settings)
    alignment = align_classes(opened, schemes, settings.schemes_dir, plan.classes)
    inputs = EvaluationInputs(plan, cards, opened, alignment, ())
    if opened.has_generated_split and not plan.splits and not inputs.is_own:
        alignment = replace(alignment, dataset=_without_splits(alignment.dataset))
    return replace(inputs, alignment=alignment, splits=_splits(plan, alignment.dataset))


def _without_splits(dataset: Dataset) -> Dataset:
    """The dataset with all pictures in one split, for models that were not trained on it."""
    split_of = np.zeros(len(dataset), dtype=np.int64)
    return replace(dataset, split_names=(ALL_PICTURES,), split_of=split_of, protocol=None)


def _splits(plan: EvaluationPlan, dataset: Dataset) -> tuple[str, ...]:
    """The requested splits in the dataset's order; without a request all but the training split."""
    unknown = [name for name in plan.splits if name not in dataset.split_names]
    if unknown:
        raise PlanError(
            f"{dataset.name} has no split {unknown[0][:40]!r}.",
            advice=f"It has: {', '.join(dataset.split_names)}.",
        )
    train = dataset.protocol.train if dataset.protocol is not None else ""
    requested = plan.splits or [name for name in dataset.split_names if name != train]
    sizes = dataset.sizes
    empty = [name for name in plan.splits if not sizes[name]]
    if empty or not any(sizes[name] for name in requested):
        raise EmptySplit(
            f"{empty[0] if empty else dataset.name} has no pictures to evaluate on.",
            advice="Choose a split that has some, or classes that leave some in.",
        )
    return tuple(name for name in dataset.split_names if name in requested and sizes[name])
