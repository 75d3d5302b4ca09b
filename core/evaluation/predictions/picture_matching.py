"""The pictures that several models judged, in one order: only on those can they be paired."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.domain.errors import LabelSchemeMismatch
from core.evaluation.predictions.predictions import SplitPredictions

_PICTURE = ["digest", "label", "copy"]


def matched(answers: Sequence[SplitPredictions]) -> tuple[SplitPredictions, ...]:
    """Each model's answers on the pictures that all judged under the same label, in one order.

    Raises:
        LabelSchemeMismatch: their classes differ, or stand in another order.
    """
    places = places_in_common(answers)
    return tuple(_taken(one, at) for one, at in zip(answers, places, strict=True))


def places_in_common(answers: Sequence[SplitPredictions]) -> tuple[NDArray[np.int64], ...]:
    """Where each model's answers about the pictures stand that all judged under the same label.

    A picture that a split holds twice is paired with its copies in their order. What one model did
    not see, or saw under another label, is left out for all.

    Raises:
        LabelSchemeMismatch: their classes differ, or stand in another order.
    """
    for one in answers[1:]:
        if one.classes != answers[0].classes:
            raise LabelSchemeMismatch(
                f"One model predicts {', '.join(answers[0].classes)}; another "
                f"{', '.join(one.classes)}.",
                advice="Compare models with the same classes.",
            )
    tables = [_places(one, str(at)) for at, one in enumerate(answers)]
    both = reduce(lambda one, other: one.merge(other, on=_PICTURE, how="inner"), tables)
    return tuple(both[str(at)].to_numpy(dtype=np.int64) for at in range(len(answers)))


def _places(answers: SplitPredictions, column: str) -> pd.DataFrame:
    table = pd.DataFrame({"digest": answers.digests, "label": answers.labels})
    table["copy"] = table.groupby(["digest", "label"]).cumcount()
    table[column] = np.arange(len(table))
    return table


def _taken(answers: SplitPredictions, places: NDArray[np.int64]) -> SplitPredictions:
    return SplitPredictions(
        answers.digests[places], answers.labels[places], answers.logits[places], answers.classes
    )
