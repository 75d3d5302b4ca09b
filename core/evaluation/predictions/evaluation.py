"""One evaluation as it is stored beside its model: model, dataset and options."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from core.domain import LabelScheme


@dataclass(frozen=True)
class Evaluation:
    """One model, or an ensemble, evaluated on one dataset.

    The field names are keys of stored files, so they stay as they are.

    Attributes:
        model: name of the registered model; of an ensemble, the first.
        slug: the folder's name; letters, digits and hyphens.
        dataset: its display name.
        content_hash: of the dataset's content.
        source: how to open the dataset again: the plan of the run.
        scheme: the evaluated classes, in the order of the stored logits.
        views: test-time augmentation: `one`, `flip` or `ten-crop`.
        temperature: divides the logits.
        not_sure_below: top scores under this count as "not sure".
        judges: the test split, whose metrics represent the model.
        made_at: UTC, ISO 8601.
        notes: sentences about this evaluation for its readers.
        learned, chose: training split, and validation split, which selected epoch, temperature and
            threshold; empty where the dataset is not the one the model was trained on.
        together: name of the ensemble; empty for one model.
        files: file name -> sha256, in hexadecimal.
    """

    model: str
    slug: str
    dataset: str
    content_hash: str
    source: dict[str, Any]
    scheme: LabelScheme
    views: str
    temperature: float
    not_sure_below: float
    judges: str
    made_at: str
    notes: tuple[str, ...] = ()
    learned: str = ""
    chose: str = ""
    together: str = ""
    files: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Name of the model or the ensemble."""
        return self.together or self.model


def usual_first(found: Sequence[Evaluation], scheme: LabelScheme) -> list[Evaluation]:
    """Evaluations in the order in which one is the default of a model.

    First those under the model's own classes, of it alone, with one view per picture, on the
    dataset it was trained on; among equals the order stays. A newer one with other classes or on
    another dataset does not come before these.

    Args:
        found: newest first, as `list_evaluations` returns them.
        scheme: the model's classes.
    """
    return sorted(
        found,
        key=lambda one: (
            one.scheme.labels != scheme.labels,
            bool(one.together),
            one.views != "one",
            not one.chose,
        ),
    )
