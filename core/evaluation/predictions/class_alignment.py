"""How the classes that a model names and those of a dataset meet, or why they do not."""

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
from core.domain.merging import LEFT_OUT, places_under
from core.evaluation.metrics.basics import Floats

_LEAST = float(np.finfo(np.float64).eps)
"""Where only scores are known: scikit-learn's bound, the precision of the numbers."""


@dataclass(frozen=True, eq=False)
class ClassAlignment:
    """A dataset and models under the classes they share.

    Attributes:
        dataset: its labels are numbers of `scheme`.
        scheme: what is judged.
        places: model -> int64 `(m,)`: which class each of its outputs counts for, or `LEFT_OUT`.
        notes: sentences about what was done.
    """

    dataset: Dataset
    scheme: LabelScheme
    places: Mapping[str, NDArray[np.int64]]
    notes: tuple[str, ...]


def align_classes(
    dataset: Dataset, named: Mapping[str, LabelScheme], schemes_dir: Path, classes: str
) -> ClassAlignment:
    """Bring a dataset and models under the same classes.

    Without a mapping they meet where the model names every class of the dataset; a class that only
    the model names stays, and saying it is wrong.

    Args:
        named: model -> the classes it names.
        classes: name of a mapping; empty for none.
    Raises:
        LabelSchemeMismatch: they do not meet; the advice names the mappings with which they would.
    """
    label_map = _map_named(classes, dataset, named, schemes_dir) if classes else None
    found = _meeting(dataset, named, label_map)
    if found is not None:
        return found
    fitting = [
        name
        for name, one in _maps(dataset, named, schemes_dir).items()
        if _meeting(dataset, named, one) is not None
    ]
    raise LabelSchemeMismatch(
        f"{_told(named)}; {dataset.name} has {', '.join(dataset.scheme.labels)}"
        + (f", and {classes!r} does not bring them together." if classes else "."),
        advice=f"Evaluate with a mapping: {', '.join(fitting)}."
        if fitting
        else f"Make a mapping of {dataset.name} to classes that {' and '.join(named)} can predict, "
        f"on the page Explore data{_left_out(dataset, named)}.",
    )


def _left_out(dataset: Dataset, named: Mapping[str, LabelScheme]) -> str:
    """How the classes that no model names are left out by the command."""
    known = {label for scheme in named.values() for label in scheme.labels}
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


def _meeting(
    dataset: Dataset, named: Mapping[str, LabelScheme], label_map: LabelMap | None
) -> ClassAlignment | None:
    judged = dataset.scheme
    if label_map is not None and judged.labels != label_map.target.labels:
        if not set(judged.labels) <= {source for source, _ in label_map.pairs}:
            return None
        dataset = apply_map(dataset, label_map)
        judged = label_map.target
    first = next(iter(named.values()))
    if set(judged.labels) <= set(first.labels) and judged.labels != first.labels:
        # By their names: the dataset has fewer classes, or counts them in another order.
        dataset = apply_map(
            dataset, LabelMap(first.name, first, tuple((one, one) for one in judged.labels))
        )
        judged = first
    places = {model: _places(scheme, judged, label_map) for model, scheme in named.items()}
    sound = {model: found for model, found in places.items() if found is not None}
    if len(sound) < len(places):
        return None
    return ClassAlignment(dataset, judged, sound, _notes(dataset, judged, named, sound))


def _places(
    scheme: LabelScheme, judged: LabelScheme, label_map: LabelMap | None
) -> NDArray[np.int64] | None:
    if set(scheme.labels) == set(judged.labels):
        return np.array([judged.index(label) for label in scheme.labels])
    if label_map is None or label_map.target.labels != judged.labels:
        return None
    return places_under(scheme.labels, label_map)


def _notes(
    dataset: Dataset,
    judged: LabelScheme,
    named: Mapping[str, LabelScheme],
    places: Mapping[str, NDArray[np.int64]],
) -> tuple[str, ...]:
    notes = []
    for model, found in places.items():
        gone = [
            label
            for label, place in zip(named[model].labels, found, strict=True)
            if place == LEFT_OUT
        ]
        if gone:
            notes.append(
                f"{model} predicts {', '.join(gone)} too; the scores of these are redistributed "
                "over the evaluated classes in proportion."
            )
    counts = np.bincount(dataset.pictures.labels[dataset.pictures.labels >= 0])
    present = np.flatnonzero(counts)
    absent = [label for at, label in enumerate(judged.labels) if at not in present]
    if absent and len(present):
        notes.append(
            f"{dataset.name} has no picture of {', '.join(absent)}; such predictions count as "
            "errors."
        )
    return tuple(notes)


def _maps(
    dataset: Dataset, named: Mapping[str, LabelScheme], schemes_dir: Path
) -> dict[str, LabelMap]:
    found: dict[str, LabelMap] = {}
    for scheme in (*named.values(), dataset.scheme):
        found |= maps_for(schemes_dir, scheme)
    return found


def _map_named(
    name: str, dataset: Dataset, named: Mapping[str, LabelScheme], schemes_dir: Path
) -> LabelMap:
    found = _maps(dataset, named, schemes_dir)
    if name not in found:
        raise LabelSchemeMismatch(
            f"There is no mapping {name[:60]!r} for the classes of {dataset.name} or of the model.",
            advice=f"There are: {', '.join(found) or 'none'}.",
        )
    return found[name]


def _told(named: Mapping[str, LabelScheme]) -> str:
    """What each model names; those with the same classes once."""
    by_labels: dict[tuple[str, ...], list[str]] = {}
    for model, scheme in named.items():
        by_labels.setdefault(scheme.labels, []).append(model)
    told = [
        (
            f"{' and '.join(models)} {'predicts' if len(models) == 1 else 'predict'} "
            f"{', '.join(labels)}"
        )
        for labels, models in by_labels.items()
    ]
    return "; ".join(told)
