"""The journal survives whatever happens to its end."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain import (
    BatchDone,
    CheckpointSaved,
    DataReady,
    EpochEnded,
    Finished,
    LogMessage,
    RunStatus,
    Started,
)
from core.jobs import Journal, read_events

NUMBERS = st.integers(0, 1000)
FIGURES = st.dictionaries(st.text(max_size=5), st.floats(allow_nan=False, allow_infinity=False))
EVENTS = st.one_of(
    st.builds(Started, NUMBERS, st.dictionaries(st.text(max_size=5), st.text(max_size=5))),
    st.builds(DataReady, st.dictionaries(st.text(max_size=5), NUMBERS)),
    st.builds(BatchDone, NUMBERS, NUMBERS, NUMBERS),
    st.builds(EpochEnded, NUMBERS, NUMBERS, FIGURES),
    st.builds(CheckpointSaved, NUMBERS),
    st.builds(LogMessage, st.text(max_size=30)),
    st.builds(
        Finished,
        st.sampled_from([RunStatus.COMPLETED, RunStatus.FAILED]),
        st.text(max_size=9),
        st.text(max_size=9),
    ),
)


def _journal(folder, events):
    path = Path(folder) / "events.jsonl"
    journal = Journal(path, clock=lambda: datetime(2026, 11, 21, tzinfo=UTC))
    for event in events:
        journal.append(event)
    return path


@given(st.lists(EVENTS, max_size=8))
def test_what_was_appended_is_read_in_order(events):
    with TemporaryDirectory() as folder:
        path = _journal(folder, events)
        assert read_events(path)[0] == events


@given(st.lists(EVENTS, min_size=1, max_size=6), st.floats(0, 1))
def test_any_beginning_of_the_file_reads_as_a_beginning_of_the_events(events, share):
    with TemporaryDirectory() as folder:
        path = _journal(folder, events)
        whole = path.read_bytes()
        path.write_bytes(whole[: int(len(whole) * share)])
        read, cursor = read_events(path)
        assert read == events[: len(read)]
        path.write_bytes(whole)
        assert read + read_events(path, since=cursor)[0] == events


@given(st.lists(EVENTS, max_size=4), st.lists(EVENTS, max_size=4), st.integers(2, 40))
def test_a_line_cut_by_a_crash_costs_only_itself(before, after, cut):
    with TemporaryDirectory() as folder:
        path = _journal(folder, [*before, LogMessage("cut")])
        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) - min(cut, 40)])
        _journal(folder, after)
        assert read_events(path)[0] == before + after


def test_a_line_of_a_newer_mien_is_passed_over(tmp_path):
    path = _journal(tmp_path, [LogMessage("one")])
    with path.open("a") as file:
        file.write('{"kind": "Telepathy", "at": "", "strength": 9}\n[1]\n{"kind": "Said"}\n')
    _journal(tmp_path, [LogMessage("two")])
    assert read_events(path)[0] == [LogMessage("one"), LogMessage("two")]


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_none_is_refused_and_leaves_no_line(tmp_path, value):
    path = _journal(tmp_path, [LogMessage("one")])
    with pytest.raises(ValueError, match="JSON"):
        _journal(tmp_path, [EpochEnded(1, 1, {"loss": value})])
    assert read_events(path)[0] == [LogMessage("one")]
