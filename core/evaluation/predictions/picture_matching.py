"""Matches predictions of several models picture by picture, for paired comparisons."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.domain.errors import LabelSchemeMismatch
from core.evaluation.predictions.predictions import SplitPredictions

if TYPE_CHECKING:
    import pandas as pd

_PICTURE = ["digest", "label", "copy"]


def match_predictions(answers: Sequence[SplitPredictions]) -> tuple[SplitPredictions, ...]:
    """Each model's predictions on the common pictures, in one order.

    Raises:
        LabelSchemeMismatch: their classes differ, or stand in another order.
    """
    positions = common_positions(answers)
    return tuple(_selected(one, at) for one, at in zip(answers, positions, strict=True))


def common_positions(answers: Sequence[SplitPredictions]) -> tuple[NDArray[np.int64], ...]:
    """Positions, in each model's predictions, of pictures that all saw under the same label.

    Several copies of a picture are paired in their order. A picture that one model did not see, or
    saw under another label, is left out for all.

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
    tables = [_picture_keys(one, str(at)) for at, one in enumerate(answers)]
    both = reduce(lambda one, other: one.merge(other, on=_PICTURE, how="inner"), tables)
    return tuple(both[str(at)].to_numpy(dtype=np.int64) for at in range(len(answers)))


def _picture_keys(answers: SplitPredictions, column: str) -> pd.DataFrame:
    import pandas as pd

    table = pd.DataFrame({"digest": answers.digests, "label": answers.labels})
    table["copy"] = table.groupby(["digest", "label"]).cumcount()
    table[column] = np.arange(len(table))
    return table


def _selected(answers: SplitPredictions, positions: NDArray[np.int64]) -> SplitPredictions:
    return SplitPredictions(
        answers.digests[positions],
        answers.labels[positions],
        answers.logits[positions],
        answers.classes,
    )
