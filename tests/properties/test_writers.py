"""Whoever changes the same thing at the same moment, in whatever process: nothing is lost."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from multiprocessing.pool import Pool
from multiprocessing.synchronize import Barrier
from pathlib import Path

import numpy as np
import pytest

from core.conversion.formats import FORMATS
from core.conversion.publish import publish
from core.datasets.catalogue.cache_sources import paths_of, record_path
from core.datasets.labels.class_mapping import make_map, save_map
from core.datasets.labels.corrections import (
    Corrections,
    Exclude,
    change_corrections,
    load_corrections,
)
from core.domain import ONNX_FILE
from core.domain.errors import DatasetError, ModelError, PlanError
from core.drift import save_reference
from core.evaluation.predictions.evaluation_store import (
    add_parts,
    load_evaluation,
    read_part,
    write_evaluation,
)
from core.evaluation.predictions.predictions import ANSWERS_FILE
from core.jobs import RunFolder, annotate
from core.jobs.run_folder.folder import create
from core.jobs.run_folder.notes import read_notes
from core.models import add_reports, attach, load_card, save, verify
from core.models.converted_formats import read_formats
from core.recordings.run_sessions import RunSession, run_sessions, save_run_session
from core.settings import Settings
from tests.convertible import make_row
from tests.drift_columns import make_reference
from tests.evaluations_on_disk import make_evaluation
from tests.make import make_card, make_report
from tests.processes import plain_main

WRITERS, CHANGES = 4, 12
NAMES = [f"n{writer}-{change}" for writer in range(WRITERS) for change in range(CHANGES)]
CARD, EVALUATION = make_card("m"), make_evaluation(slug="faces")
BEGAN_AT = datetime(2026, 11, 21, tzinfo=UTC)


@dataclass(frozen=True)
class Kind:
    """Something that several add to.

    Attributes:
        begin: makes what is added to, in an empty folder.
        add: adds one name.
        read: every name that is there.
    """

    begin: Callable[[Path], object]
    add: Callable[[Path, str], object]
    read: Callable[[Path], set[str]]


def _correct(folder: Path, name: str) -> Corrections:
    return change_corrections(folder, lambda now: now.with_step(Exclude((name,), "x")))


def _report(folder: Path, name: str) -> None:
    add_reports(folder, "m", [replace(make_report(), dataset=name)])


def _attach(folder: Path, name: str) -> None:
    (folder / name).write_text(name, encoding="utf-8")
    attach(folder, CARD, {name: folder / name})


def _files(folder: Path) -> set[str]:
    card = load_card(folder, "m")
    verify(folder, card)
    return set(card.files)


def _settings(folder: Path) -> Settings:
    return Settings(folder / "data", folder, database_url="")


def _plan(folder: Path) -> RunFolder:
    return RunFolder(next((folder / "runs").glob("[!.]*")))


def _begin_run(folder: Path) -> None:
    create(folder / "runs", "train", {}, now=BEGAN_AT, rng=np.random.default_rng(1))


KINDS = {
    "parts of an evaluation": Kind(
        lambda folder: write_evaluation(folder, EVALUATION, {ANSWERS_FILE: b""}),
        lambda folder, name: add_parts(folder, EVALUATION, {name: name.encode()}),
        lambda folder: set(load_evaluation(folder, "m", "faces").files) - {ANSWERS_FILE},
    ),
    "corrections": Kind(
        lambda _: None,
        _correct,
        lambda folder: {one.names[0] for one in load_corrections(folder).steps},
    ),
    "reports on a card": Kind(
        lambda folder: save(folder, CARD, {}),
        _report,
        lambda folder: {one.dataset for one in load_card(folder, "m").reports} - {""},
    ),
    "files of a card": Kind(lambda folder: save(folder, CARD, {}), _attach, _files),
    "sessions of a run": Kind(
        lambda _: None,
        lambda folder, name: save_run_session(folder, RunSession(name, name, is_done=True)),
        lambda folder: {one.session for one in run_sessions(folder)},
    ),
    "places of a copy": Kind(
        lambda _: None,
        lambda folder, name: record_path(folder, str(folder / name)),
        lambda folder: {path.name for path in paths_of(folder)},
    ),
    "entries of a plan": Kind(
        _begin_run,
        lambda folder, name: _plan(folder).amend_plan(**{name: 1}),
        lambda folder: set(_plan(folder).read_plan()[1]),
    ),
}


def _in_a_worker(barrier: Barrier) -> None:
    globals()["together"] = barrier


def _add_all(kind: str, folder: Path, writer: int) -> None:
    globals()["together"].wait()
    for name in NAMES[writer * CHANGES : (writer + 1) * CHANGES]:
        KINDS[kind].add(folder, name)


@pytest.fixture(scope="module")
def writers() -> Iterator[Pool]:
    """Processes that begin at the same moment; each takes one of as many tasks."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(WRITERS)
    with plain_main():
        pool = context.Pool(WRITERS, initializer=_in_a_worker, initargs=(barrier,))
    with pool:
        yield pool


@pytest.mark.parametrize("kind", KINDS)
def test_what_several_processes_add_at_once_is_all_there(writers, tmp_path, kind):
    folder = tmp_path / "here"
    folder.mkdir()
    KINDS[kind].begin(folder)
    writers.starmap(_add_all, [(kind, folder, one) for one in range(WRITERS)], chunksize=1)
    assert KINDS[kind].read(folder) == set(NAMES)
    assert not list(tmp_path.rglob(".*"))  # neither locks nor halves


def _publish_own(folder: Path, writer: int) -> None:
    card = load_card(folder, "m")
    globals()["together"].wait()
    for name in list(FORMATS)[writer::WRITERS]:
        row = make_row(name, file="", refusal="No.", source_sha256=card.files[ONNX_FILE])
        publish(_settings(folder), card, [row], folder)


def test_formats_that_several_processes_publish_at_once_are_all_there(writers, tmp_path):
    (tmp_path / "network").write_bytes(b"network")
    card = save(tmp_path, CARD, {ONNX_FILE: tmp_path / "network"})
    writers.starmap(_publish_own, [(tmp_path, one) for one in range(WRITERS)], chunksize=1)
    assert {one.name for one in read_formats(tmp_path, card)} == set(FORMATS)


def _save_model(folder: Path, writer: int) -> None:
    save(folder, CARD, {})


def _save_map(folder: Path, writer: int) -> None:
    name = ("My two", "my two", "My-two", "my-Two")[writer]
    save_map(folder / "schemes", make_map(name, {"happy": "a", "sad": "b"}))


def _save_reference(folder: Path, writer: int) -> None:
    save_reference(folder, make_reference(name="spring"))


SAVE: dict[str, Callable[[Path, int], None]] = {
    "model": _save_model,
    "mapping": _save_map,
    "reference": _save_reference,
}


def _is_refused(what: str, folder: Path, writer: int) -> bool:
    globals()["together"].wait()
    try:
        SAVE[what](folder, writer)
    except (ModelError, DatasetError, PlanError):
        return True
    return False


@pytest.mark.parametrize("what", SAVE)
def test_of_several_who_give_a_name_at_once_one_gets_it_and_the_others_hear_why(
    writers, tmp_path, what
):
    for round_ in range(5):
        folder = tmp_path / str(round_)
        folder.mkdir()
        asked = [(what, folder, one) for one in range(WRITERS)]
        assert sorted(writers.starmap(_is_refused, asked, chunksize=1)) == [False, True, True, True]


def _write_anew(folder: Path, writer: int) -> None:
    globals()["together"].wait()
    for _ in range(CHANGES):
        write_evaluation(folder, EVALUATION, {ANSWERS_FILE: str(writer).encode() * 1000})


def test_several_processes_that_make_the_same_evaluation_anew_all_end_well(writers, tmp_path):
    writers.starmap(_write_anew, [(tmp_path, one) for one in range(WRITERS)], chunksize=1)
    found = load_evaluation(tmp_path, "m", "faces")
    assert len(read_part(tmp_path, found, ANSWERS_FILE)) == 1000


def _tag_or_note(runs_dir: Path, run: str, writer: int) -> int:
    """How often what was written was undone by somebody who wrote another thing."""
    globals()["together"].wait()
    if writer > 1:
        return 0
    lost = 0
    for number in range(4 * CHANGES):
        if writer == 0:
            annotate(runs_dir, run, note=str(number))
            lost += read_notes(RunFolder(runs_dir / run)).note != str(number)
        else:
            annotate(runs_dir, run, tags=[str(number)])
            lost += read_notes(RunFolder(runs_dir / run)).tags != (str(number),)
    return lost


def test_a_note_and_tags_that_are_written_at_once_both_stay(writers, tmp_path):
    _begin_run(tmp_path)
    asked = [(tmp_path / "runs", _plan(tmp_path).id, one) for one in range(WRITERS)]
    assert sum(writers.starmap(_tag_or_note, asked, chunksize=1)) == 0


def _read_or_add(folder: Path, writer: int) -> int:
    """Parts that were read while others were added, each whole."""
    globals()["together"].wait()
    if writer > 0:
        for name in NAMES[writer * CHANGES : (writer + 1) * CHANGES]:
            add_parts(folder, EVALUATION, {"shared.json": name.encode() * 1000})
        return 0
    read = 0
    for _ in range(20 * CHANGES):
        part = read_part(folder, load_evaluation(folder, "m", "faces"), "shared.json")
        assert len(part) in {4000, 5000}
        read += 1
    return read


def test_a_part_that_is_read_while_it_is_replaced_is_the_one_before_or_the_one_after(
    writers, tmp_path
):
    write_evaluation(tmp_path, EVALUATION, {"shared.json": b"0000" * 1000})
    asked = [(tmp_path, one) for one in range(WRITERS)]
    assert sum(writers.starmap(_read_or_add, asked, chunksize=1)) == 20 * CHANGES
