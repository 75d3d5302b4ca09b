"""From files to a dataset: read or taken from the cache, labels mapped, split."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.datasets.catalogue.cache_sources import record_path
from core.datasets.catalogue.decoded_cache import (
    DecodedDataset,
    cache_key,
    open_cached,
    read_into_cache,
)
from core.datasets.labels.ferplus_labels import with_majority_labels
from core.datasets.labels.label_names import label_map_for, numbers_as_in_fer2013
from core.datasets.readers.archive import open_tree
from core.datasets.readers.expressiveness import fitted_levels, published_levels
from core.datasets.readers.name_patterns import PeopleFromNames, people_from_names
from core.datasets.readers.picture_folder import CropFunction, unread_files_note
from core.datasets.readers.source import FER_PLUS, DatasetSource
from core.datasets.splits.split import SplitInput, split_by_person_or_sequence, split_pictures
from core.domain import EXPRESSIVENESS3, UNLABELLED, Dataset, LabelMap, PictureSet
from core.domain.counted import counted
from core.domain.dataset import content_hash
from core.domain.wording import nfc
from core.storage.corrupt_data import printable

NAMED_FORMATS = frozenset({"pictures", "list"})
"""Formats whose pictures have meaningful file names."""


def open_dataset(
    source: DatasetSource,
    cache_dir: Path,
    *,
    frozen: Mapping[str, str] | None = None,
    on_progress: Callable[[int], None] = lambda _: None,
    crop: CropFunction | None = None,
) -> Dataset:
    """Open a dataset; the first time it is read and cached decoded.

    Args:
        cache_dir: of decoded datasets.
        frozen: name of a picture -> split, from when it was added.
        on_progress: called with the number of pictures read; may raise to stop.
        crop: detects and aligns the face, where the source asks for it; needed the first time only.
    Raises:
        UnknownDataset, UnreadableDataset: nothing there, no known format, or damaged.
        UnmappedLabels: labels that no scheme knows.
        OSError: the cache cannot be written.
    """
    tree = open_tree(Path(source.path), lambda: on_progress(0))
    raw = open_cached(cache_dir, cache_key(tree, source))
    if raw is None:
        raw = read_into_cache(tree, source, cache_dir, on_progress=on_progress, crop=crop)
    record_path(cache_dir / raw.key, source.path)
    named = source if source.name else replace(source, name=printable(Path(source.path).stem))
    dataset = to_dataset(raw, named, frozen=frozen)
    unread = unread_files_note(tree) if raw.format in NAMED_FORMATS else ()
    return replace(dataset, notes=(*tree.notes, *unread, *dataset.notes))


def to_dataset(
    raw: DecodedDataset, source: DatasetSource, *, frozen: Mapping[str, str] | None = None
) -> Dataset:
    """Map labels to classes and split the pictures.

    Raises:
        UnmappedLabels: labels that no scheme knows.
    """
    if source.scheme == FER_PLUS:
        relabelled, label_map = with_majority_labels(raw, source)
        return build_dataset(relabelled, source, label_map, frozen=frozen)
    written = [label for label in raw.written if label]
    if not written and np.isfinite(raw.measured).any():
        return _with_score_levels(raw, source, frozen)
    return build_dataset(raw, source, _label_map(raw, source, written), frozen=frozen)


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


def _label_map(raw: DecodedDataset, source: DatasetSource, written: Sequence[str]) -> LabelMap:
    known = source.reading == 0 or numbers_as_in_fer2013(raw.format, written)
    return label_map_for(source, written, numbers_known=known)


def _with_score_levels(
    raw: DecodedDataset, source: DatasetSource, frozen: Mapping[str, str] | None
) -> Dataset:
    """Labels from scores. Splits are stratified by the published thresholds; tertiles come after,
    as they are fitted on the training split.
    """
    levels = published_levels(raw.measured)
    coded = replace(
        raw, labels=levels.labels + 1, written=("", *EXPRESSIVENESS3.labels)
    )  # unlabelled comes first
    label_map = LabelMap(
        source.name, EXPRESSIVENESS3, tuple((one, one) for one in EXPRESSIVENESS3.labels)
    )
    dataset = build_dataset(coded, source, label_map, frozen=frozen)
    if source.levels == "tertiles":
        levels = fitted_levels(dataset)
        pictures = replace(dataset.pictures, labels=levels.labels)
        dataset = replace(dataset, pictures=pictures, content_hash=content_hash(pictures))
    return replace(dataset, notes=(levels.note, *dataset.notes))


def build_dataset(
    raw: DecodedDataset,
    source: DatasetSource,
    label_map: LabelMap,
    *,
    frozen: Mapping[str, str] | None = None,
) -> Dataset:
    """A dataset under a label map; pictures whose label it excludes are left out."""
    classes, included = _classes(raw, label_map)
    people = _people(raw, source)
    subjects = raw.subjects if people is None else people.people
    pictures = PictureSet(raw.pixels, classes, raw.names, subjects, raw.measured)
    splits, positions = raw.splits, np.flatnonzero(included)
    notes = (*_exclusion_notes(raw, included, label_map), *_unused_mapping_note(raw, source))
    if not included.all():
        pictures, splits = pictures.take(positions), splits[positions]
    pictures_to_split = SplitInput(
        pictures.labels, splits, raw.split_names, pictures.names, pictures.subjects
    )
    if people is None:
        split = split_pictures(pictures_to_split, seed=source.seed, frozen=frozen)
    else:
        notes = (*notes, people.note)
        sequences = people.sequences[positions]
        split = split_by_person_or_sequence(
            pictures_to_split, sequences, seed=source.seed, frozen=frozen
        )
    return Dataset(
        name=source.name,
        scheme=label_map.target,
        pictures=pictures,
        split_names=split.names,
        split_of=split.split_of,
        protocol=split.protocol,
        content_hash=content_hash(pictures),
        notes=(*notes, *split.notes),
        has_generated_split=split.is_new,
    )


def _classes(
    raw: DecodedDataset, label_map: LabelMap
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Class of each picture, and whether it is included."""
    class_of, stays = [], []
    for written in raw.written:
        label = label_map[written] if written else ""
        class_of.append(label_map.target.index(label) if label else UNLABELLED)
        stays.append(label is not None)
    return np.array(class_of, np.int64)[raw.labels], np.array(stays, np.bool_)[raw.labels]


def _people(raw: DecodedDataset, source: DatasetSource) -> PeopleFromNames | None:
    """Person IDs from the names of picture files, where the dataset has no others."""
    if raw.format not in NAMED_FORMATS or (raw.subjects != "").any():
        return None
    return people_from_names(raw.names, source.people)


def _unused_mapping_note(raw: DecodedDataset, source: DatasetSource) -> tuple[str, ...]:
    """A note on mapped labels that no file has, which are mostly typing errors."""
    known = {nfc(label) for label in raw.written}
    unknown = [repr(one[:30]) for one, _ in source.label_map if nfc(one) not in known]
    if not unknown:
        return ()
    return (f"No picture is labelled {', '.join(unknown[:6])}, so mapping that has no effect.",)


def _exclusion_notes(
    raw: DecodedDataset, included: NDArray[np.bool_], label_map: LabelMap
) -> tuple[str, ...]:
    notes = [*raw.notes]
    if raw.left_out:
        shown = ", ".join(raw.left_out[:5])
        more = f" and {len(raw.left_out) - 5} more" if len(raw.left_out) > 5 else ""
        notes.append(f"{counted(len(raw.left_out), 'picture')} could not be read: {shown}{more}.")
    if not included.all():
        excluded = ", ".join(label for label, to in label_map.pairs if to is None)
        notes.append(
            f"{counted(int((~included).sum()), 'picture was', 'pictures were')} excluded, labelled "
            f"{excluded}."
        )
    return tuple(notes)
