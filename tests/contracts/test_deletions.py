"""Every deletion asks one function whether what it deletes is ours."""

from __future__ import annotations

import ast

import pytest

from core.settings import PROJECT_DIR
from tests.contracts.sources import nodes_of

SOURCES = sorted(
    path
    for pattern in ("app.py", "core/**/*.py", "pages/**/*.py")
    for path in PROJECT_DIR.glob(pattern)
)
DOOR = "core/storage/own_files.py"
FOLDERS, FILES = {"rmtree"}, {"unlink", "rmdir", "remove", "removedirs"}
MAKES_ITS_FOLDERS = {
    "core/storage/atomic.py": "temporary folders that it made, and an upload that broke off",
}
NAMES_ITS_FILES = {
    "core/storage/atomic.py": "a temporary file that it made",
    "core/storage/file_lock.py": "the lock file that it made",
    "core/storage/migration.py": "a copy of the database that it made",
    "core/conversion/job.py": "formats in the run's own folder",
    "core/conversion/writers/keras_writers.py": "a format that it is writing",
    "core/datasets/catalogue/catalogue.py": "the folder of an upload, where it is empty",
    "core/datasets/report/report_folder.py": "a sheet of an earlier report, by its one name",
    "core/drift/reference_store.py": "a reference that its own folder lists",
    "core/jobs/control.py": "the request to stop",
    "core/jobs/job_queue.py": "entries of a queue",
    "core/training/sweeps/trial_run.py": "the request to stop",
    "core/training/remote/ray_training.py": "checkpoints by their numbers",
    "core/training/fit/keras_checkpoint.py": "checkpoints by their numbers",
    "core/training/monitoring/tensorboard.py": "the note that a server was started",
    "core/training/monitoring/tensorboard_links.py": "links that it made",
}


def _calls(path):
    for node in nodes_of(path):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id != "remove":  # of a dataset
            yield node.func.id
        elif isinstance(node.func, ast.Attribute):
            of = node.func.value
            if node.func.attr != "remove" or (isinstance(of, ast.Name) and of.id == "os"):
                yield node.func.attr


def _who(calls):
    return {str(path.relative_to(PROJECT_DIR)) for path in SOURCES if calls & set(_calls(path))}


@pytest.mark.parametrize(
    ("calls", "allowed"), [(FOLDERS, MAKES_ITS_FOLDERS), (FILES, NAMES_ITS_FILES)]
)
def test_nothing_is_deleted_but_by_the_one_that_asks(calls, allowed):
    assert _who(calls) == {DOOR, *allowed}
