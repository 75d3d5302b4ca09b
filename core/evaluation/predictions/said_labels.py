"""Pictures to judge on whose labels are other words: somebody says what each counts as."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.datasets.catalogue import label_map_in_use, open_dataset, open_requested_dataset
from core.datasets.labels import OWN, apply_map
from core.datasets.readers import DatasetSource
from core.domain import FER7, SCHEMES, Dataset, LabelMap, LabelScheme
from core.domain.errors import DatasetError, LabelSchemeMismatch
from core.domain.wording import composed
from core.evaluation.evaluator.plan import EvaluationPlan
from core.storage.settings import Settings

Pairs = Sequence[tuple[str, str]]


def open_as_predicted(
    plan: EvaluationPlan, named: Mapping[str, LabelScheme], settings: Settings
) -> Dataset:
    """The dataset of a plan, its labels taken for what `plan.label_map` says.

    Files outside the catalogue are read with it; of a dataset of the catalogue, its classes are
    mapped, and those that nobody speaks of stay.

    Args:
        named: model -> the classes it names.
    Raises:
        DatasetError: the dataset is gone or unreadable, or has no label of some name.
        UnmappedLabels: some label stands for no class.
        LabelSchemeMismatch: a label is to count as a class that no model names.
    """
    # A mapping says what becomes of the seven, whether a model names them or not.
    named = {**named, **({FER7.name: FER7} if plan.classes else {})}
    _expect_classes(plan.label_map, named)
    if plan.data:
        return _from_files(plan, named, settings)
    dataset = open_requested_dataset(replace(plan, classes=""), settings)
    if not plan.label_map:
        return dataset
    _expect_labels(plan.label_map, dataset.scheme.labels, dataset.name)
    return apply_map(dataset, _map_of(dataset, plan.label_map, named))


def in_words(pairs: Pairs) -> str:
    """What was said, as one sentence; empty where nothing was."""
    told = [f"{label} is {f'mapped to {to}' if to else 'left out'}" for label, to in pairs]
    return f"Label mapping: {', '.join(told)}." if told else ""


def _from_files(
    plan: EvaluationPlan, named: Mapping[str, LabelScheme], settings: Settings
) -> Dataset:
    # Words that everybody uses for expressions are understood; labels of one's own are as written.
    is_known = any(SCHEMES.get(scheme.name) == scheme for scheme in named.values())
    source = DatasetSource(
        plan.data, scheme="" if is_known else OWN, label_map=plan.label_map, seed=plan.seed
    )
    dataset = open_dataset(source, settings.datasets_cache_dir)
    if plan.label_map:
        in_use = label_map_in_use(source, settings.datasets_cache_dir)
        written = () if in_use is None else tuple(label for label, _ in in_use.pairs)
        _expect_labels(plan.label_map, written, dataset.name)
    return dataset


def _map_of(dataset: Dataset, pairs: Pairs, named: Mapping[str, LabelScheme]) -> LabelMap:
    """What becomes of each class; the target is the classes of the first model that has them."""
    said = {composed(label): to for label, to in pairs}
    becomes = {label: said.get(composed(label), label) for label in dataset.scheme.labels}
    wanted = {to for to in becomes.values() if to}
    for scheme in named.values():
        if wanted <= set(scheme.labels):
            return LabelMap(
                "as asked", scheme, tuple((label, to or None) for label, to in becomes.items())
            )
    known = {label for scheme in named.values() for label in scheme.labels}
    left = [label for label, to in becomes.items() if to and to not in known] or sorted(wanted)
    options = " ".join(f"--map {shlex.quote(label)}=" for label in left[:4])
    raise LabelSchemeMismatch(
        f"{_listed(left)} of {dataset.name} {'is no class' if len(left) == 1 else 'are no classes'}"
        f" of {' and '.join(named)}.",
        advice=f"Map each to a class, or leave its pictures out: {options}",
    )


def _expect_classes(pairs: Pairs, named: Mapping[str, LabelScheme]) -> None:
    known = list(dict.fromkeys(label for scheme in named.values() for label in scheme.labels))
    unknown = [to for _, to in pairs if to and to not in known]
    if unknown:
        raise LabelSchemeMismatch(
            f"{_listed(unknown)} {'is no class' if len(unknown) == 1 else 'are no classes'} of "
            f"{' and '.join(named)}.",
            advice=f"Choose from: {', '.join(known)}; or nothing, to leave the pictures out.",
        )


def _expect_labels(pairs: Pairs, labels: Sequence[str], name: str) -> None:
    known = {composed(label) for label in labels}
    unknown = [label for label, _ in pairs if composed(label) not in known]
    if unknown:
        shown = ", ".join(labels[:20]) + (", ..." if len(labels) > 20 else "")
        raise DatasetError(
            f"{name} has no label {_listed(unknown)}.",
            advice=f"Its labels are: {shown or 'none at all'}.",
        )


def _listed(labels: Sequence[str]) -> str:
    return ", ".join(repr(label[:30]) for label in labels[:6])
