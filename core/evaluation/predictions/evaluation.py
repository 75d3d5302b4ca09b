"""One evaluation as it is kept beside its model: who was judged, on what, and how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from core.domain import LabelScheme


@dataclass(frozen=True)
class Evaluation:
    """One model judged on one dataset.

    Attributes:
        model: its name on the shelf.
        slug: the folder's name; letters, digits and hyphens.
        dataset: name for people.
        content_hash: of the dataset's content.
        source: how to open the dataset again, as the plan of the run gave it.
        scheme: the classes that were judged, in the order of the kept logits.
        views: how each picture was looked at: `one`, `flip` or `ten-crop`.
        temperature: divides the logits.
        not_sure_below: top scores under this count as "not sure".
        judges: the split whose figures stand for the model.
        made_at: UTC, ISO 8601.
        notes: sentences about this evaluation a reader must know.
        learned, chose: splits that the model learned from, or that chose its epoch, temperature and
            threshold; empty where the dataset is not the one it was trained on.
        together: what several models that answered as one are called; empty for one model.
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
        """Who was judged, in words."""
        return self.together or self.model


def usual_first(found: Sequence[Evaluation], scheme: LabelScheme) -> list[Evaluation]:
    """Evaluations in the order in which one stands for a model where nobody chose.

    First those under the model's own classes, of it alone, with one look at each picture, on the
    dataset it was made with; among equals the order stays. A later one of other classes or on
    other pictures does not take the place of these by being newer.

    Args:
        found: newest first, as `list_evaluations` answers.
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
