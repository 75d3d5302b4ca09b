"""From files to a dataset: read or taken from the cache, labels mapped, divided."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.datasets.catalogue.cache_sources import note_path
from core.datasets.catalogue.decoded_cache import (
    RawDataset,
    cache_key,
    open_cached,
    read_into_cache,
)
from core.datasets.labels.ferplus_labels import with_majority_labels
from core.datasets.labels.label_names import label_map_for, numbers_as_in_fer2013
from core.datasets.readers.archive import open_tree
from core.datasets.readers.expressiveness import fitted_levels, published_levels
from core.datasets.readers.name_patterns import FoundPeople, people_in
from core.datasets.readers.picture_folder import Cut, not_read
from core.datasets.readers.source import FER_PLUS, DatasetSource
from core.datasets.splits.split import Undivided, divide_apart, split_pictures
from core.domain import EXPRESSIVENESS3, UNLABELLED, Dataset, LabelMap, PictureSet
from core.domain.counted import counted
from core.domain.dataset import content_hash
from core.domain.wording import nfc
from core.storage.corrupt_data import printable

NAMED_FORMATS = frozenset({"pictures", "list"})
"""Whose pictures bear names that people gave them."""


def open_dataset(
    source: DatasetSource,
    cache_dir: Path,
    *,
    frozen: Mapping[str, str] | None = None,
    tell: Callable[[int], None] = lambda _: None,
    cut: Cut | None = None,
) -> Dataset:
    """Open a dataset; the first time it is read and kept decoded in the cache.

    Args:
        cache_dir: where decoded datasets are kept.
        frozen: name of a picture -> split, from an earlier opening.
        tell: told how many pictures are read; may raise to stop.
        cut: finds the face, where the source wants it aligned; needed the first time only.
    Raises:
        UnknownDataset, UnreadableDataset: nothing there, no known format, or damaged.
        UnmappedLabels: labels that no scheme knows.
        OSError: the cache cannot be written.
    """
    tree = open_tree(Path(source.path), lambda: tell(0))
    raw = open_cached(cache_dir, cache_key(tree, source))
    if raw is None:
        raw = read_into_cache(tree, source, cache_dir, tell=tell, cut=cut)
    note_path(cache_dir / raw.key, source.path)
    named = source if source.name else replace(source, name=printable(Path(source.path).stem))
    dataset = to_dataset(raw, named, frozen=frozen)
    passed_over = not_read(tree) if raw.format in NAMED_FORMATS else ()
    return replace(dataset, notes=(*tree.notes, *passed_over, *dataset.notes))


def to_dataset(
    raw: RawDataset, source: DatasetSource, *, frozen: Mapping[str, str] | None = None
) -> Dataset:
    """Labels become classes, and the pictures are divided.

    Raises:
        UnmappedLabels: labels that no scheme knows.
    """
    if source.scheme == FER_PLUS:
        voted, label_map = with_majority_labels(raw, source)
        return as_dataset(voted, source, label_map, frozen=frozen)
    written = [label for label in raw.written if label]
    if not written and np.isfinite(raw.measured).any():
        return _levelled(raw, source, frozen)
    return as_dataset(raw, source, _label_map(raw, source, written), frozen=frozen)


def label_map_in_use(source: DatasetSource, cache_dir: Path) -> LabelMap | None:
    """Which class each label of a dataset became; None where it is not read yet, or has none.

    Raises:
        UnknownDataset, UnreadableDataset: its files are gone or damaged.
        UnmappedLabels: labels that no scheme knows.
    """
    raw = open_cached(cache_dir, cache_key(open_tree(Path(source.path)), source))
    written = [] if raw is None else [label for label in raw.written if label]
    if raw is None or not written or source.scheme == FER_PLUS:
        return None
    return _label_map(raw, source, written)


def _label_map(raw: RawDataset, source: DatasetSource, written: Sequence[str]) -> LabelMap:
    known = source.reading == 0 or numbers_as_in_fer2013(raw.format, written)
    return label_map_for(source, written, numbers_known=known)


def _levelled(raw: RawDataset, source: DatasetSource, frozen: Mapping[str, str] | None) -> Dataset:
    """Levels from scores. The published cuts divide people fairly; tertiles are fitted after."""
    levels = published_levels(raw.measured)
    coded = replace(
        raw, labels=levels.labels + 1, written=("", *EXPRESSIVENESS3.labels)
    )  # unlabelled comes first
    known = LabelMap(
        source.name, EXPRESSIVENESS3, tuple((one, one) for one in EXPRESSIVENESS3.labels)
    )
    dataset = as_dataset(coded, source, known, frozen=frozen)
    if source.levels == "tertiles":
        levels = fitted_levels(dataset)
        pictures = replace(dataset.pictures, labels=levels.labels)
        dataset = replace(dataset, pictures=pictures, content_hash=content_hash(pictures))
    return replace(dataset, notes=(levels.note, *dataset.notes))


def as_dataset(
    raw: RawDataset,
    source: DatasetSource,
    mapped: LabelMap,
    *,
    frozen: Mapping[str, str] | None = None,
) -> Dataset:
    """The same with the label map given; pictures whose label is left out are left out."""
    classes, kept = _classes(raw, mapped)
    people = _people(raw, source)
    subjects = raw.subjects if people is None else people.people
    pictures = PictureSet(raw.pixels, classes, raw.names, subjects, raw.measured)
    splits, positions = raw.splits, np.flatnonzero(kept)
    notes = (*_told(raw, kept, mapped), *_mapped_in_vain(raw, source))
    if not kept.all():
        pictures, splits = pictures.take(positions), splits[positions]
    undivided = Undivided(
        pictures.labels, splits, raw.split_names, pictures.names, pictures.subjects
    )
    if people is None:
        division = split_pictures(undivided, seed=source.seed, frozen=frozen)
    else:
        notes = (*notes, people.note)
        sequences = people.sequences[positions]
        division = divide_apart(undivided, sequences, seed=source.seed, frozen=frozen)
    return Dataset(
        name=source.name,
        scheme=mapped.target,
        pictures=pictures,
        split_names=division.names,
        split_of=division.split_of,
        protocol=division.protocol,
        content_hash=content_hash(pictures),
        notes=(*notes, *division.notes),
        has_generated_split=division.made,
    )


def _classes(raw: RawDataset, mapped: LabelMap) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Class of each picture, and whether it stays."""
    class_of, stays = [], []
    for written in raw.written:
        label = mapped[written] if written else ""
        class_of.append(mapped.target.index(label) if label else UNLABELLED)
        stays.append(label is not None)
    return np.array(class_of, np.int64)[raw.labels], np.array(stays, np.bool_)[raw.labels]


def _people(raw: RawDataset, source: DatasetSource) -> FoundPeople | None:
    """Who is shown, by the names of picture files, where nothing else says it."""
    if raw.format not in NAMED_FORMATS or (raw.subjects != "").any():
        return None
    return people_in(raw.names, source.people)


def _mapped_in_vain(raw: RawDataset, source: DatasetSource) -> tuple[str, ...]:
    """That a label was said to be a class and no file has it: mostly a slip in typing."""
    known = {nfc(label) for label in raw.written}
    unknown = [repr(one[:30]) for one, _ in source.label_map if nfc(one) not in known]
    if not unknown:
        return ()
    return (f"No picture is labelled {', '.join(unknown[:6])}, so mapping that has no effect.",)


def _told(raw: RawDataset, kept: NDArray[np.bool_], mapped: LabelMap) -> tuple[str, ...]:
    notes = [*raw.notes]
    if raw.left_out:
        shown = ", ".join(raw.left_out[:5])
        more = f" and {len(raw.left_out) - 5} more" if len(raw.left_out) > 5 else ""
        notes.append(f"{counted(len(raw.left_out), 'picture')} could not be read: {shown}{more}.")
    if not kept.all():
        gone = ", ".join(label for label, to in mapped.pairs if to is None)
        notes.append(
            f"{counted(int((~kept).sum()), 'picture was', 'pictures were')} excluded, labelled "
            f"{gone}."
        )
    return tuple(notes)
