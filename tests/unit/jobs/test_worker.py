"""What the worker reports of a job that failed; its life is tested with the runs."""

from __future__ import annotations

import errno
import json
import pickle
import signal
from datetime import UTC, datetime

import numpy as np
import pytest

from core import jobs
from core.domain import RunStatus
from core.domain.errors import PlanError, UnclearColumns, UnmappedLabels
from core.jobs import worker
from core.jobs.run_folder.folder import create
from core.jobs.worker import JOBS, main

_RAISED: list[BaseException] = []


def raise_it(_plan, _context):
    """The job of these tests: raises what was put there."""
    raise _RAISED[-1]


@pytest.fixture
def outcome(settings, monkeypatch):
    """The Finished event of a job that raises this."""
    monkeypatch.setenv("MIEN_DATA_DIR", str(settings.data_dir))
    before = signal.getsignal(signal.SIGTERM)

    def outcome_of(error):
        _RAISED.append(error)
        now = datetime.now(UTC)
        folder = create(settings.runs_dir, "raise", {}, now=now, rng=np.random.default_rng())
        code = main(str(folder.path), {"raise": f"{__name__}:raise_it"})
        run = jobs.read_run(settings.runs_dir, folder.id, now=datetime.now(UTC))
        assert (run.status, code) == (RunStatus.FAILED, 1)
        return run.finished

    yield outcome_of
    signal.signal(signal.SIGTERM, before)


def test_unknown_labels_are_in_the_result(outcome):
    labels = ("contempt", 'a "b", ü', "\n")
    finished = outcome(UnmappedLabels("Unknown.", advice="Say what they are.", labels=labels))
    assert tuple(json.loads(finished.result["labels"])) == labels
    assert (finished.error, finished.advice) == ("Unknown.", "Say what they are.")


def test_ambiguous_columns_are_in_the_result_with_their_first_rows(outcome):
    columns, rows = ("a", 'b "c"'), (("1", "ü"),)
    finished = outcome(UnclearColumns("Unclear.", advice="Choose.", columns=columns, rows=rows))
    assert json.loads(finished.result["table"]) == {"columns": ["a", 'b "c"'], "rows": [["1", "ü"]]}
    again = pickle.loads(pickle.dumps(UnclearColumns("x", columns=columns, rows=rows)))
    assert (again.columns, again.rows) == (columns, rows)


def test_an_expected_error_is_reported_without_a_result(outcome):
    finished = outcome(PlanError("It asks for the moon.", advice="Ask for less."))
    assert (finished.error, finished.advice, finished.result) == (
        "It asks for the moon.",
        "Ask for less.",
        {},
    )


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (OSError(errno.ENOSPC, "x"), "The disk is full."),
        (MemoryError(), "The memory is full."),
        (OSError(errno.EIO, "x"), "Something unexpected happened (OSError"),
        (KeyError("x"), "Something unexpected happened (KeyError"),
    ],
)
def test_whatever_happens_is_reported_with_advice(outcome, error, message):
    finished = outcome(error)
    assert finished.error.startswith(message)
    assert finished.advice


@pytest.mark.parametrize("kind", sorted(JOBS))
def test_every_kind_of_run_has_its_function(kind):
    from importlib.util import find_spec

    assert find_spec(JOBS[kind].split(":")[0]) is not None


@pytest.mark.parametrize(
    ("words", "takes_slot"), [((), True), (("--no-slot",), False), (("--no-turn",), False)]
)
def test_a_worker_takes_no_slot_where_its_parent_has_one_also_a_parent_of_an_earlier_version(
    monkeypatch, words, takes_slot
):
    given = []
    monkeypatch.setattr(
        worker, "main", lambda folder, jobs, *, takes_slot: given.append(takes_slot) or 0
    )
    assert worker.command([*words, "run"]) == 0
    assert given == [takes_slot]
