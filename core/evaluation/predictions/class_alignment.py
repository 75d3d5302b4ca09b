"""Aligns the classes that models predict with those of a dataset."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.datasets.labels import apply_map, maps_for
from core.domain import Dataset, LabelMap, LabelScheme
from core.domain.errors import LabelSchemeMismatch
from core.domain.merging import EXCLUDED, class_indices
from core.evaluation.metrics.arrays import Floats

_LEAST = float(np.finfo(np.float64).eps)
"""Lower bound of scores before a logarithm, as in scikit-learn."""


@dataclass(frozen=True, eq=False)
class ClassAlignment:
    """A dataset and models under the same classes.

    Attributes:
        dataset: its labels are class numbers of `scheme`.
        scheme: the evaluated classes.
        class_of_output: model -> int64 `(m,)`: the class of each output, or `EXCLUDED`.
        notes: sentences about the alignment.
    """

    dataset: Dataset
    scheme: LabelScheme
    class_of_output: Mapping[str, NDArray[np.int64]]
    notes: tuple[str, ...]


def align_classes(
    dataset: Dataset, schemes: Mapping[str, LabelScheme], schemes_dir: Path, classes: str
) -> ClassAlignment:
    """Bring a dataset and models under the same classes.

    Without a mapping the model must predict every class of the dataset; predictions of a class that
    the dataset lacks count as errors.

    Args:
        schemes: model -> the classes it predicts.
        classes: name of a mapping; empty for none.
    Raises:
        LabelSchemeMismatch: they do not fit; the advice names the mappings with which they would.
    """
    label_map = _map_named(classes, dataset, schemes, schemes_dir) if classes else None
    found = _align(dataset, schemes, label_map)
    if found is not None:
        return found
    fitting = [
        name
        for name, one in _maps(dataset, schemes, schemes_dir).items()
        if _align(dataset, schemes, one) is not None
    ]
    raise LabelSchemeMismatch(
        f"{_predicts(schemes)}; {dataset.name} has {', '.join(dataset.scheme.labels)}"
        + (f", and {classes!r} does not bring them together." if classes else "."),
        advice=f"Evaluate with a mapping: {', '.join(fitting)}."
        if fitting
        else f"Make a mapping of {dataset.name} to classes that {' and '.join(schemes)} can "
        f"predict, on the page Explore data{_left_out(dataset, schemes)}.",
    )


def _left_out(dataset: Dataset, schemes: Mapping[str, LabelScheme]) -> str:
    """Command line options that leave out the classes that no model predicts."""
    known = {label for scheme in schemes.values() for label in scheme.labels}
    unknown = [label for label in dataset.scheme.labels if label not in known]
    if not unknown or len(unknown) == len(dataset.scheme):
        return ""
    options = " ".join(f"--map {shlex.quote(label)}=" for label in unknown[:4])
    return (
        ", or map the classes that no model predicts, or leave them out: python -m core evaluate "
        f"... {options}"
    )


def as_logits(scores: Floats) -> Floats:
    """Logits whose softmax is these scores."""
    return np.asarray(np.log(np.maximum(scores, _LEAST)))


def _align(
    dataset: Dataset, schemes: Mapping[str, LabelScheme], label_map: LabelMap | None
) -> ClassAlignment | None:
    evaluated = dataset.scheme
    if label_map is not None and evaluated.labels != label_map.target.labels:
        if not set(evaluated.labels) <= {source for source, _ in label_map.pairs}:
            return None
        dataset = apply_map(dataset, label_map)
        evaluated = label_map.target
    first = next(iter(schemes.values()))
    if set(evaluated.labels) <= set(first.labels) and evaluated.labels != first.labels:
        # The dataset has fewer classes, or the same in another order.
        dataset = apply_map(
            dataset, LabelMap(first.name, first, tuple((one, one) for one in evaluated.labels))
        )
        evaluated = first
    outputs = {
        model: _class_of_output(scheme, evaluated, label_map) for model, scheme in schemes.items()
    }
    aligned = {model: found for model, found in outputs.items() if found is not None}
    if len(aligned) < len(outputs):
        return None
    notes = _notes(dataset, evaluated, schemes, aligned)
    return ClassAlignment(dataset, evaluated, aligned, notes)


def _class_of_output(
    scheme: LabelScheme, evaluated: LabelScheme, label_map: LabelMap | None
) -> NDArray[np.int64] | None:
    if set(scheme.labels) == set(evaluated.labels):
        return np.array([evaluated.index(label) for label in scheme.labels])
    if label_map is None or label_map.target.labels != evaluated.labels:
        return None
    return class_indices(scheme.labels, label_map)


def _notes(
    dataset: Dataset,
    evaluated: LabelScheme,
    schemes: Mapping[str, LabelScheme],
    class_of_output: Mapping[str, NDArray[np.int64]],
) -> tuple[str, ...]:
    notes = []
    for model, found in class_of_output.items():
        left_out = [
            label
            for label, number in zip(schemes[model].labels, found, strict=True)
            if number == EXCLUDED
        ]
        if left_out:
            notes.append(
                f"{model} predicts {', '.join(left_out)} too; the scores of these are "
                "redistributed over the evaluated classes in proportion."
            )
    counts = np.bincount(dataset.pictures.labels[dataset.pictures.labels >= 0])
    present = np.flatnonzero(counts)
    absent = [label for at, label in enumerate(evaluated.labels) if at not in present]
    if absent and len(present):
        notes.append(
            f"{dataset.name} has no picture of {', '.join(absent)}; such predictions count as "
            "errors."
        )
    return tuple(notes)


def _maps(
    dataset: Dataset, schemes: Mapping[str, LabelScheme], schemes_dir: Path
) -> dict[str, LabelMap]:
    found: dict[str, LabelMap] = {}
    for scheme in (*schemes.values(), dataset.scheme):
        found |= maps_for(schemes_dir, scheme)
    return found


def _map_named(
    name: str, dataset: Dataset, schemes: Mapping[str, LabelScheme], schemes_dir: Path
) -> LabelMap:
    found = _maps(dataset, schemes, schemes_dir)
    if name not in found:
        raise LabelSchemeMismatch(
            f"There is no mapping {name[:60]!r} for the classes of {dataset.name} or of the model.",
            advice=f"There are: {', '.join(found) or 'none'}.",
        )
    return found[name]


def _predicts(schemes: Mapping[str, LabelScheme]) -> str:
    """The classes that each model predicts; models with the same classes together."""
    by_labels: dict[tuple[str, ...], list[str]] = {}
    for model, scheme in schemes.items():
        by_labels.setdefault(scheme.labels, []).append(model)
    sentences = [
        (
            f"{' and '.join(models)} {'predicts' if len(models) == 1 else 'predict'} "
            f"{', '.join(labels)}"
        )
        for labels, models in by_labels.items()
    ]
    return "; ".join(sentences)
