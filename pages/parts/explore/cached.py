"""Cached datasets, audits and reports, shared by all visitors, with their lifetimes.

The results are read-only by convention.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from pathlib import Path

import numpy as np
import streamlit as st

from core.datasets import DatasetSource
from core.datasets.audit import Audit, load_audit
from core.datasets.catalogue import (
    SOURCE_FILE,
    DatasetEntry,
    entries,
    entry,
    label_map_in_use,
    open_entry,
)
from core.datasets.labels import (
    Correction,
    Corrections,
    apply_corrections,
    apply_map,
    change_corrections,
    corrections,
    load_corrections,
    load_version,
    mapping_table,
    maps_for,
)
from core.datasets.readers import NAME as DEMO_NAME
from core.datasets.readers import extracted_faces_folder, write_demo
from core.datasets.report import WrittenReport, read_report, report_dir
from core.domain import Dataset, LabelMap
from core.domain.dataset import order_hash
from core.storage.atomic import modified_ns
from pages.parts.shell import cached

AS_IN_THE_FILES = ""
"""As the name of a mapping: no mapping."""

AS_IN_THE_FILES_TEXT = "As in the files"
"""What stands in lists for no mapping; a mapping cannot have this name."""

_DEMO_SEED = 7


@dataclass(frozen=True)
class DatasetView:
    """A dataset with a class mapping and corrections.

    Attributes:
        name: in the catalogue.
        classes: name of a mapping; `AS_IN_THE_FILES` for none.
        corrected: key of the corrections that are applied; empty for none.
    """

    name: str
    classes: str = AS_IN_THE_FILES
    corrected: str = ""


def datasets() -> list[DatasetEntry]:
    """All datasets of the catalogue, sorted by name."""
    return entries(cached.settings().datasets_dir)


def folder_of(name: str) -> Path:
    """A dataset's folder in the catalogue."""
    return cached.settings().datasets_dir / name


def faces_folder(name: str) -> Path | None:
    """The folder of a dataset's faces, if they were extracted from videos here; else None."""
    settings = cached.settings()
    return extracted_faces_folder(
        entry(settings.datasets_dir, name).source.path, settings.faces_dir
    )


def dataset(view: DatasetView) -> Dataset:
    """A dataset under a view.

    Raises:
        DatasetError, LabelSchemeMismatch: its files changed, or the mapping does not fit.
    """
    return _dataset(view, version_of(view))


def version_of(view: DatasetView) -> tuple[int | None, ...]:
    """A cache key that changes with the dataset, its mapping, or when its files were read again."""
    schemes = sorted(cached.settings().schemes_dir.glob("*")) if view.classes else []
    folder = folder_of(view.name)
    return (
        modified_ns(folder / SOURCE_FILE),
        # Audits and reports read the files, which may have changed.
        modified_ns(folder / "audit"),
        modified_ns(report_dir(folder, view.classes) / "summary.json"),
        *(modified_ns(path) for path in schemes),
    )


# FER2013 takes 83 MB, mapped from disk unless pictures are left out.
@st.cache_resource(max_entries=3, show_spinner="Opening the dataset …")
def _dataset(view: DatasetView, version: tuple[int | None, ...]) -> Dataset:  # noqa: ARG001 - part of the key
    settings = cached.settings()
    opened = open_entry(settings.datasets_dir, view.name, settings.datasets_cache_dir)
    if view.corrected:
        # The requested version: another tab may have changed the corrections since.
        opened = apply_corrections(opened, load_version(folder_of(view.name), view.corrected))
    if view.classes:
        opened = apply_map(opened, maps_of(DatasetView(view.name))[view.classes])
    return opened


def mapping_rows(name: str) -> list[dict[str, str]]:
    """Rows of original label and class; empty where nothing was renamed."""
    return _mapping_rows(name, version_of(DatasetView(name)))


@st.cache_data(max_entries=8, show_spinner=False)
def _mapping_rows(name: str, version: tuple[int | None, ...]) -> list[dict[str, str]]:  # noqa: ARG001 - part of the key
    settings = cached.settings()
    source = entry(settings.datasets_dir, name).source
    label_map = label_map_in_use(source, settings.datasets_cache_dir)
    return [] if label_map is None else mapping_table(label_map)


@st.cache_data(max_entries=8, show_spinner=False)
def _order(name: str, content_hash: str) -> str:  # noqa: ARG001 - part of the key
    return order_hash(dataset(DatasetView(name)).pictures)


def order_of(name: str) -> str:
    """A hash of the order of a dataset's pictures, to which an audit refers."""
    return _order(name, dataset(DatasetView(name)).content_hash)


def maps_of(view: DatasetView) -> dict[str, LabelMap]:
    """The mappings that fit a dataset, by name."""
    settings = cached.settings()
    return maps_for(settings.schemes_dir, dataset(DatasetView(view.name)).scheme)


def corrections_of(name: str) -> Corrections:
    """The corrections of a dataset.

    Raises:
        UnreadableDataset: the list is damaged.
    """
    return load_corrections(folder_of(name))


def correct(name: str, *steps: Correction) -> str:
    """Add corrections to those of a dataset: all of them, or none where it raises.

    Returns:
        The key of the corrections.
    Raises:
        LabelSchemeMismatch: a correction does not apply to the dataset.
        DatasetError: it cannot be saved.
    """
    published = dataset(DatasetView(name))

    def with_steps(current: Corrections) -> Corrections:
        corrected = reduce(Corrections.with_step, steps, current)
        apply_corrections(published, corrected)
        return corrected

    return change_corrections(folder_of(name), with_steps).key


def undo_correction(name: str, *, expected_key: str, steps: int = 1) -> None:
    """Undo the last corrections of those with this key.

    Args:
        steps: how many.
    Raises:
        DatasetError: the corrections have changed since, or cannot be saved.
    """
    corrections.undo_correction(folder_of(name), expected_key=expected_key, steps=steps)


def audit_of(name: str) -> Audit | None:
    """The last audit; None if there was none.

    Raises:
        UnreadableDataset: it is damaged.
    """
    return _audit(str(folder_of(name)), modified_ns(folder_of(name) / "audit"))


@st.cache_resource(max_entries=3, show_spinner=False)
def _audit(folder: str, changed_at: int | None) -> Audit | None:  # noqa: ARG001 - part of the key
    return load_audit(Path(folder))


def report_of(view: DatasetView) -> WrittenReport | None:
    """The last report on a dataset under these classes; None if there was none.

    Raises:
        UnreadableDataset: it is damaged.
    """
    folder = report_dir(folder_of(view.name), view.classes)
    return _report(str(folder), modified_ns(folder / "summary.json"))


@st.cache_resource(max_entries=3, show_spinner=False)
def _report(folder: str, changed_at: int | None) -> WrittenReport | None:  # noqa: ARG001
    return read_report(Path(folder))


def demo_source() -> tuple[str, DatasetSource]:
    """Name and source of the synthetic demo dataset, which is written to disk."""
    folder = cached.settings().data_dir / "demo"
    path = write_demo(folder, np.random.default_rng(_DEMO_SEED))
    return DEMO_NAME, DatasetSource(str(path))
