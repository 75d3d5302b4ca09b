from __future__ import annotations

import pytest

from core.domain import (
    BatchDone,
    DataReady,
    EpochEnded,
    Finished,
    LogMessage,
    PartDone,
    Progress,
    RunStatus,
)
from core.jobs.progress import AT_FIRST, progress_after


def _progress(*events):
    progress = AT_FIRST
    for event in events:
        progress = progress_after(event, progress, epochs=0)
    return progress


def test_a_run_without_events_is_starting():
    assert _progress() == Progress(0.0, "Starting.")


@pytest.mark.parametrize(
    ("event", "fraction", "sentence"),
    [
        (PartDone(1, 5, "Light", 0.0), 0.0, "Light: 0 %."),
        (PartDone(1, 5, "Light", 0.5), 0.1, "Light: 50 %."),
        (PartDone(3, 5, "Faces", 0.25), 0.45, "Faces: 25 %."),
        (PartDone(5, 5, "Votes", 1.0), 1.0, "Votes: 100 %."),
    ],
)
def test_parts_count_alike(event, fraction, sentence):
    assert _progress(event) == Progress(pytest.approx(fraction), sentence)


def test_parts_only_go_forward():
    events = [PartDone(part, 3, "x", share) for part in (1, 2, 3) for share in (0.0, 0.5, 0.9)]
    with_events = [_progress(*events[: count + 1]).fraction for count in range(len(events))]
    assert with_events == sorted(with_events)


def test_a_sentence_in_between_keeps_the_fraction():
    assert _progress(PartDone(2, 4, "x", 0.0), LogMessage("A note.")) == Progress(0.25, "A note.")
    assert _progress(DataReady({"Training": 1200})).sentence == "Data read: 1,200 Training"


@pytest.mark.parametrize(
    "event",
    [
        *(PartDone(1, 0, "x", 0.5), PartDone(9, 2, "x", 0.5), PartDone(-3, 2, "x", 0.0)),
        *(EpochEnded(1, 0, {}), BatchDone(1, 5, 0)),
    ],
)
def test_figures_that_make_no_sense_give_a_fraction_all_the_same(event):
    assert 0.0 <= _progress(event).fraction <= 1.0


def test_the_last_word_is_the_sentence():
    failed = Finished(RunStatus.FAILED, error="It broke.")
    assert _progress(PartDone(1, 2, "x", 0.0), failed).sentence == "It broke."
