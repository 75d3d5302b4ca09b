"""What people write on a run."""

from __future__ import annotations

from threading import Thread

import pytest

from core import jobs
from core.domain import Finished, RunStatus
from core.domain.errors import RunError, UnknownRun
from core.jobs.run_folder.notes import LONGEST_NOTE, LONGEST_TAG, MOST_TAGS, Notes, read_notes
from tests.unit.jobs.conftest import read_run


@pytest.fixture
def folder(with_events):
    return with_events(Finished(RunStatus.COMPLETED))


def test_a_note_and_tags_are_seen_wherever_the_run_is(folder, runs_dir):
    assert (read_run(folder).note, read_run(folder).tags) == ("", ())
    written = jobs.annotate(runs_dir, folder.id, note=" Fine.\nTwice. ", tags=["good", " a  b "])
    assert written == Notes("Fine.\nTwice.", ("good", "a b"))
    assert (read_run(folder).note, read_run(folder).tags) == ("Fine.\nTwice.", ("good", "a b"))


def test_each_is_left_alone_by_the_other_and_removed_by_nothing_in_its_place(folder, runs_dir):
    jobs.annotate(runs_dir, folder.id, note="Fine.")
    jobs.annotate(runs_dir, folder.id, tags=["x", "", " ", "x", "y"])
    assert read_notes(folder) == Notes("Fine.", ("x", "y"))
    assert jobs.annotate(runs_dir, folder.id) == Notes("Fine.", ("x", "y"))
    assert jobs.annotate(runs_dir, folder.id, note="", tags=[""]) == Notes()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"note": "x" * (LONGEST_NOTE + 1)}, "2,001 characters"),
        ({"tags": ["x" * (LONGEST_TAG + 1)]}, "41 characters"),
        ({"tags": [str(number) for number in range(MOST_TAGS + 1)]}, "21 tags"),
    ],
)
def test_what_is_too_long_is_refused_and_changes_nothing(folder, runs_dir, changes, message):
    jobs.annotate(runs_dir, folder.id, note="Fine.", tags=["x"])
    with pytest.raises(RunError, match=message):
        jobs.annotate(runs_dir, folder.id, **changes)
    assert read_notes(folder) == Notes("Fine.", ("x",))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("", Notes()),
        ("{", Notes()),
        ("[]", Notes()),
        ("[" * 100_000, Notes()),
        ("\udcff", Notes()),
        ('{"note": 3, "tags": "x"}', Notes()),
        ('{"note": "Fine.", "tags": ["x", 3, null]}', Notes("Fine.", ("x",))),
    ],
)
def test_a_damaged_file_counts_as_far_as_it_makes_sense(folder, runs_dir, written, read):
    folder.notes.write_bytes(written.encode("utf-8", errors="surrogateescape"))
    assert read_notes(folder) == read
    assert read_run(folder).tags == read.tags
    assert jobs.annotate(runs_dir, folder.id, note="New.").note == "New."


def test_half_a_character_from_a_terminal_can_be_printed_again(folder, runs_dir):
    jobs.annotate(runs_dir, folder.id, note="a\udcff", tags=["\udce9t"])
    assert read_notes(folder) == Notes("a?", ("?t",))


def test_writers_that_come_together_leave_one_whole_note_and_nothing_beside_it(folder, runs_dir):
    before = {path.name for path in folder.path.iterdir()}
    notes = [f"Note {number}. " * 50 for number in range(8)]
    threads = [
        Thread(target=jobs.annotate, args=(runs_dir, folder.id), kwargs={"note": note})
        for note in notes
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read_notes(folder).note in {note.strip() for note in notes}
    assert {path.name for path in folder.path.iterdir()} == before | {"notes.json"}


def test_a_disk_that_refuses_is_explained_and_the_note_before_it_stays(
    folder, runs_dir, monkeypatch
):
    jobs.annotate(runs_dir, folder.id, note="Fine.")

    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", refuse)
    with pytest.raises(RunError, match="No space left"):
        jobs.annotate(runs_dir, folder.id, note="New.")
    assert read_notes(folder).note == "Fine."
    assert not list(folder.path.glob(".notes*"))


def test_an_unknown_run_takes_no_note(runs_dir):
    with pytest.raises(UnknownRun):
        jobs.annotate(runs_dir, "nobody", note="x")
