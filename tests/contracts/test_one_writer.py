"""Whatever reads a file and writes it again does so under its lock, or says here why not."""

from __future__ import annotations

import ast

import pytest

from core.settings import PROJECT_DIR
from tests.contracts.sources import nodes_of

WRITE = {"write_atomic", "atomic_file", "atomic_folder", "write_text", "write_bytes"}
WRITE |= {"write_card", "write_page", "save_corrections"}
READ = {"read_text", "read_bytes", "parse_json", "load_card", "load_corrections"}
LOCK = "file_lock"

NOTHING_IS_KEPT = {
    "core/vision/assets.py": "set-up puts the same files there, whoever runs it",
    "core/vision/browser_assets.py": "set-up builds the same files there, whoever runs it",
    "core/conversion/importing/keras_legacy.py": "it writes into a temporary folder of its own",
    "core/evaluation/predictions/predictions.py": "written once, before they are on the shelf",
    "core/datasets/face_extraction/picture_export.py": "pictures are exported to a free place",
    "core/training/fit/keras_checkpoint.py": "the worker that holds the lease writes its states",
    "core/training/monitoring/model_attachments.py": "it writes into a temporary folder of its own",
    "core/policy/policy_file.py": "a choice takes the place of the one before, whole",
    "core/training/sweeps/summary.py": "the sweep's own run writes the whole summary",
    "core/training/remote/bundle.py": "a manifest is written once, into an archive",
    "core/training/remote/file_transfer.py": "one process brings files of a run from Ray",
    "core/training/monitoring/preview.py": "a preview is made once, in its run",
    "core/conversion/checks/check_formats.py": "a row is written once, in its run",
    "core/datasets/audit/audit_job.py": "a part is written once, in its run",
    "core/datasets/report/report_folder.py": "a report is written once, in its run",
    "core/validation/measuring/kept_figures.py": "figures are named by the content of their clip",
    "core/datasets/catalogue/decoded_cache.py": "a copy is named by its content",
}
"""Modules that read and write and need no lock: path -> why."""


def _calls(path):
    called = set()
    for node in nodes_of(path):
        if isinstance(node, ast.Call):
            name = node.func
            called.add(name.attr if isinstance(name, ast.Attribute) else getattr(name, "id", ""))
    return called


CALLS = {
    path.relative_to(PROJECT_DIR).as_posix(): _calls(path)
    for room in ("core", "pages")
    for path in sorted((PROJECT_DIR / room).rglob("*.py"))
}
BOTH = {path for path, called in CALLS.items() if called & WRITE and called & READ}


@pytest.mark.parametrize("path", sorted(BOTH))
def test_who_reads_and_writes_a_file_locks_it_or_says_why_not(path):
    assert (LOCK in CALLS[path]) != (path in NOTHING_IS_KEPT), (
        f"Read, change and write {path} under core.storage.file_lock, or say in this file why not."
    )


def test_only_modules_that_read_and_write_are_excused():
    assert set(NOTHING_IS_KEPT) <= BOTH


@pytest.mark.parametrize("room", ["conversion", "datasets", "evaluation", "jobs", "models"])
def test_every_room_that_keeps_what_several_change_has_a_lock(room):
    """Or the walk above would find nothing."""
    assert any(LOCK in called for path, called in CALLS.items() if path.startswith(f"core/{room}/"))
