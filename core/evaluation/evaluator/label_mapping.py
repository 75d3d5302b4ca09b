"""Opens the dataset of an evaluation with the label mapping of its plan."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.datasets.catalogue import label_map_in_use, open_dataset, open_requested_dataset
from core.datasets.labels import ORIGINAL_LABELS, apply_map
from core.datasets.readers import DatasetSource
from core.domain import FER7, SCHEMES, Dataset, LabelMap, LabelScheme
from core.domain.errors import DatasetError, LabelSchemeMismatch
from core.domain.wording import nfc
from core.evaluation.evaluator.plan import EvaluationPlan
from core.settings import Settings

Pairs = Sequence[tuple[str, str]]


def open_mapped(
    plan: EvaluationPlan, schemes: Mapping[str, LabelScheme], settings: Settings
) -> Dataset:
    """The dataset of a plan, with its labels mapped as `plan.label_map` says.

    Files outside the catalogue are read with the mapping; of a dataset of the catalogue, classes
    are mapped, and those without an entry stay.

    Args:
        schemes: model -> the classes it predicts.
    Raises:
        DatasetError: the dataset is missing or unreadable, or lacks a mapped label.
        UnmappedLabels: some label stands for no class.
        LabelSchemeMismatch: a label is mapped to a class that no model predicts.
    """
    # A mapping of classes applies to FER2013's seven, whether a model predicts them or not.
    schemes = {**schemes, **({FER7.name: FER7} if plan.classes else {})}
    _expect_classes(plan.label_map, schemes)
    if plan.data:
        return _from_files(plan, schemes, settings)
    dataset = open_requested_dataset(replace(plan, classes=""), settings)
    if not plan.label_map:
        return dataset
    _expect_labels(plan.label_map, dataset.scheme.labels, dataset.name)
    return apply_map(dataset, _label_map(dataset, plan.label_map, schemes))


def mapping_sentence(pairs: Pairs) -> str:
    """The label mapping in one sentence; empty without any."""
    parts = [f"{label} is {f'mapped to {to}' if to else 'left out'}" for label, to in pairs]
    return f"Label mapping: {', '.join(parts)}." if parts else ""


def _from_files(
    plan: EvaluationPlan, schemes: Mapping[str, LabelScheme], settings: Settings
) -> Dataset:
    # Common words for expressions are recognised; other label schemes are read as written.
    is_known = any(SCHEMES.get(scheme.name) == scheme for scheme in schemes.values())
    source = DatasetSource(
        plan.data,
        scheme="" if is_known else ORIGINAL_LABELS,
        label_map=plan.label_map,
        seed=plan.seed,
    )
    dataset = open_dataset(source, settings.datasets_cache_dir)
    if plan.label_map:
        in_use = label_map_in_use(source, settings.datasets_cache_dir)
        written = () if in_use is None else tuple(label for label, _ in in_use.pairs)
        _expect_labels(plan.label_map, written, dataset.name)
    return dataset


def _label_map(dataset: Dataset, pairs: Pairs, schemes: Mapping[str, LabelScheme]) -> LabelMap:
    """A mapping of every class, to the classes of the first model that has all targets."""
    given = {nfc(label): to for label, to in pairs}
    target_of = {label: given.get(nfc(label), label) for label in dataset.scheme.labels}
    targets = {to for to in target_of.values() if to}
    for scheme in schemes.values():
        if targets <= set(scheme.labels):
            return LabelMap(
                "as asked", scheme, tuple((label, to or None) for label, to in target_of.items())
            )
    known = {label for scheme in schemes.values() for label in scheme.labels}
    left = [label for label, to in target_of.items() if to and to not in known] or sorted(targets)
    options = " ".join(f"--map {shlex.quote(label)}=" for label in left[:4])
    raise LabelSchemeMismatch(
        f"{_listed(left)} of {dataset.name} {'is no class' if len(left) == 1 else 'are no classes'}"
        f" of {' and '.join(schemes)}.",
        advice=f"Map each to a class, or leave its pictures out: {options}",
    )


def _expect_classes(pairs: Pairs, schemes: Mapping[str, LabelScheme]) -> None:
    known = list(dict.fromkeys(label for scheme in schemes.values() for label in scheme.labels))
    unknown = [to for _, to in pairs if to and to not in known]
    if unknown:
        raise LabelSchemeMismatch(
            f"{_listed(unknown)} {'is no class' if len(unknown) == 1 else 'are no classes'} of "
            f"{' and '.join(schemes)}.",
            advice=f"Choose from: {', '.join(known)}; or nothing, to leave the pictures out.",
        )


def _expect_labels(pairs: Pairs, labels: Sequence[str], name: str) -> None:
    known = {nfc(label) for label in labels}
    unknown = [label for label, _ in pairs if nfc(label) not in known]
    if unknown:
        shown = ", ".join(labels[:20]) + (", ..." if len(labels) > 20 else "")
        raise DatasetError(
            f"{name} has no label {_listed(unknown)}.",
            advice=f"Its labels are: {shown or 'none at all'}.",
        )


def _listed(labels: Sequence[str]) -> str:
    return ", ".join(repr(label[:30]) for label in labels[:6])
