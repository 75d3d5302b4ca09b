"""What corrections change, for the screen: a confirmation, and the label of each picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.datasets.labels.corrections import Correction, Merge, Relabel, changed_by, named_in
from core.domain import UNLABELLED, Dataset
from core.domain.counted import counted

EXCLUDED = "excluded"
"""Instead of a label: the picture is left out."""


def confirmation(published: Dataset, steps: Sequence[Correction]) -> str:
    """What corrections did, in sentences: "3 pictures relabelled as sad."

    Args:
        published: the dataset without corrections.
        steps: the corrections that were made together.
    """
    kept = 0
    told = []
    for step in steps:
        if isinstance(step, Merge):
            told.append(f"{step.label} merged into {step.into}.")
            continue
        changed = int(changed_by(published, step).sum())
        kept += int(named_in(published, step).sum()) - changed
        done = f"relabelled as {step.label}" if isinstance(step, Relabel) else EXCLUDED
        told.append(f"{counted(changed, 'picture')} {done}.")
    if kept:
        told.append(
            f"{counted(kept, 'picture')} of the test split "
            f"{'stays as it is' if kept == 1 else 'stay as they are'}."
        )
    return " ".join(told)


def corrected_labels(
    published: Dataset, corrected: Dataset, positions: NDArray[np.int64]
) -> list[str]:
    """The label of each picture after the corrections, `EXCLUDED`, or "" where it is unchanged.

    Args:
        published: the dataset without corrections.
        corrected: the same with them.
        positions: int64, shape `(n,)`: which pictures of the published dataset.
    """
    names = published.pictures.names[positions].tolist()
    before = _label_words(published, positions)
    wanted = set(names)
    kept = [at for at, name in enumerate(corrected.pictures.names.tolist()) if name in wanted]
    there = np.array(kept, dtype=np.int64)
    after = dict(
        zip(corrected.pictures.names[there].tolist(), _label_words(corrected, there), strict=True)
    )
    # A picture without a name cannot be corrected.
    now = [after.get(name, EXCLUDED) if name else "" for name in names]
    return ["" if new == old else new for new, old in zip(now, before, strict=True)]


def _label_words(dataset: Dataset, positions: NDArray[np.int64]) -> list[str]:
    words = {UNLABELLED: "", **dict(enumerate(dataset.scheme.labels))}
    return [words[int(label)] for label in dataset.pictures.labels[positions]]
