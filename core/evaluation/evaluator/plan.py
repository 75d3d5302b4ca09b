"""The plan of an evaluation."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.datasets.catalogue import expect_one_dataset
from core.domain.errors import PlanError
from core.evaluation.evaluator.test_time_augmentation import VIEWS
from core.jobs import Plan

_NAME = re.compile(r"\w[\w .+()-]{0,59}")
_MAX_THREADS, _MAX_SEED = 1024, 2**31 - 1


@dataclass(frozen=True)
class EvaluationPlan(Plan):
    """Evaluate one model, or an ensemble, on one dataset.

    Attributes:
        models: names of registered models. Several form an ensemble: their mean calibrated scores.
        data: path of a dataset that is not in the catalogue.
        dataset: name of one in the catalogue; its frozen split is used.
        corrections: key of the version of that dataset's corrections to apply; empty for none.
        classes: name of a mapping. The dataset is evaluated under its classes, and so is the model
            where it predicts the mapping's labels; empty for the classes as they are.
        splits: to evaluate on; empty takes all but the training split, or all pictures of a dataset
            without splits that no model was trained on.
        views: test-time augmentation; a key of `test_time_augmentation.VIEWS`.
        together: name of the ensemble; empty joins its models' names.
        votes: path of FER+'s votes; empty looks beside the files.
        threads: of the processor.
        seed: of a split that has to be made, where `data` has none.
        label_map: (label, class it counts as), where the dataset's labels are other words than the
            models'; an empty class leaves the pictures out.
    """

    refusal = "This is no plan of an evaluation"

    models: tuple[str, ...]
    data: str = ""
    dataset: str = ""
    corrections: str = ""
    classes: str = ""
    splits: tuple[str, ...] = ()
    views: str = "one"
    together: str = ""
    votes: str = ""
    threads: int = 2
    seed: int = 7
    label_map: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        for name in ("models", "splits"):
            given = getattr(self, name)
            if isinstance(given, str) or not all(isinstance(one, str) for one in given):
                raise PlanError(f"{name} = {given!r} is no list of names.", advice="Give a list.")
        mapped = [label for label, _ in self.label_map]
        twice = next((label for label in mapped if mapped.count(label) > 1), None)
        if twice is not None:
            raise PlanError(f"{twice[:40]!r} is mapped twice.", advice="Map each label once.")
        self._expect_models()
        self._expect_numbers()
        expect_one_dataset(self, "An evaluation uses one dataset.")
        if len(set(self.splits)) != len(self.splits):
            raise PlanError("A split is named twice.", advice="Name each split once.")
        if self.views not in VIEWS:
            raise PlanError(
                f"There are no views {str(self.views)[:40]!r}.",
                advice=f"Choose one of: {', '.join(VIEWS)}.",
            )

    @property
    def name(self) -> str:
        """Name of the model or the ensemble."""
        return self.models[0] if len(self.models) == 1 else self.together or " + ".join(self.models)

    def _expect_models(self) -> None:
        if not self.models or len(set(self.models)) != len(self.models):
            raise PlanError(
                "An evaluation is of one model, or of an ensemble of different models.",
                advice="Name each model once.",
            )
        if self.together and not _NAME.fullmatch(self.together):
            raise PlanError(
                f"{self.together[:60]!r} cannot be the name of an ensemble.",
                advice="Use up to 60 letters, digits, blanks and dashes.",
            )
        if self.together and len(self.models) == 1:
            raise PlanError(
                f"{self.models[0]} alone has its name already.",
                advice="Name further models, or leave out the name of the ensemble.",
            )

    def _expect_numbers(self) -> None:
        for name, low, high in (("threads", 1, _MAX_THREADS), ("seed", 0, _MAX_SEED)):
            value = getattr(self, name)
            if not isinstance(value, int) or not low <= value <= high:
                raise PlanError(
                    f"{name} = {value!r} is out of range.",
                    advice=f"Choose a whole number from {low:,} to {high:,}.",
                )
