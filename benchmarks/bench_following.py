"""Following a training: the page of a run of 300 epochs, and the lists of fifty runs beside it.

The journal is complete, as a worker writes it: 500 batches per epoch, 20 MB.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import numpy as np

from benchmarks.bench_data import add_pictures
from benchmarks.measuring import Row, own_folder, row
from benchmarks.visiting import PAGE_BAR, REPEATS, answer_s, visitor, warm_s
from core.domain import (
    BatchDone,
    CheckpointSaved,
    EpochEnded,
    Finished,
    ResourcesUsed,
    RunStatus,
    SamplesSeen,
    Started,
)
from core.jobs import Journal, Lease, RunFolder
from core.jobs.run_folder import create
from core.settings import Settings
from core.training import TrainingPlan
from pages.parts.shell.navigation import TRAIN_MODEL
from pages.parts.train import sections

EPOCHS, BATCHES, OTHER_RUNS, OTHER_EPOCHS = 300, 500, 50, 60
RESOURCES_EVERY = 10  # batches
SHOWN = 12
REFRESH_BAR = "at most 0.3 s"


def measure() -> list[Row]:
    """Seconds of a page, warm unless noted."""
    with own_folder() as settings:
        add_pictures(settings)
        for _ in range(OTHER_RUNS):
            journal = _write_events(_new_run(settings), OTHER_EPOCHS, batches=1, of=OTHER_EPOCHS)
            journal.append(Finished(RunStatus.CANCELLED))
        with _under_way(settings) as journal:
            return [*_run(journal), *_lists()]


def _run(journal: Journal) -> list[Row]:
    """First load of the page, and its reruns with new events, every two seconds."""
    who, name = visitor(), f"a training, {EPOCHS - 1} of {EPOCHS} epochs"
    who.run()
    who.switch_page(TRAIN_MODEL.path)
    first = answer_s(who)  # the running run is shown
    if not str(who.metric[0].value).endswith(f" of {EPOCHS}"):
        raise RuntimeError("the page shows another run")
    refreshed = []
    for number in range(REPEATS):
        for batch in range(4):
            journal.append(BatchDone(EPOCHS, 4 * number + batch + 1, BATCHES, 0.5))
        refreshed.append(answer_s(who))
    return [
        row(f"{name}: first", first),
        row(f"{name}: refreshed", statistics.median(refreshed), bar=REFRESH_BAR),
    ]


def _lists() -> list[Row]:
    who, rows = visitor(), []
    who.run().switch_page(TRAIN_MODEL.path).run()
    for section in (sections.NEW, sections.ALL, sections.SWEEPS):
        who.button_group[0].select(section).run()
        name = f"Train a model, {section}, {OTHER_RUNS + 1} runs: warm"
        rows.append(row(name, warm_s(who), bar=PAGE_BAR))
    return rows


@contextmanager
def _under_way(settings: Settings) -> Iterator[Journal]:
    """While inside, a worker seems to run its last epoch."""
    folder = _new_run(settings)
    journal = _write_events(folder, EPOCHS - 1, batches=BATCHES, of=EPOCHS)
    lease = Lease(folder.lease)
    lease.take()
    try:
        yield journal
    finally:
        lease.release()


def _new_run(settings: Settings) -> RunFolder:
    plan = TrainingPlan("compact-residual", dataset="bench").to_json()
    rng = np.random.default_rng()
    return create(settings.runs_dir, "train", plan, now=_now() - timedelta(hours=9), rng=rng)


def _write_events(folder: RunFolder, epochs: int, *, batches: int, of: int) -> Journal:
    """Write a worker's events of so many epochs."""
    rng = np.random.default_rng(3)
    positions = rng.choice(3589, SHOWN, replace=False).tolist()
    journal = Journal(folder.events, clock=_now)
    journal.append(Started(1))
    for epoch in range(1, epochs + 1):
        for batch in range(1, batches + 1):
            journal.append(BatchDone(epoch, batch, batches, 2 / epoch))
            if batch % RESOURCES_EVERY == 0:
                journal.append(ResourcesUsed(1.0, 900 + rng.random()))
        scores = rng.dirichlet(np.ones(7), SHOWN).round(4).tolist()
        journal.append(EpochEnded(epoch, of, _figures(epoch)))
        journal.append(SamplesSeen(epoch, positions, scores))
        journal.append(CheckpointSaved(epoch))
    return journal


def _figures(epoch: int) -> dict[str, float]:
    return {
        "loss": 2 / epoch,
        "learning_rate": 3e-3 / epoch,
        "seconds": 100.0,
        "cpu_s": 99.0,
        "pictures_per_s": 287.0,
        "val_accuracy": 0.7 - 0.5 / epoch,
    }


def _now() -> datetime:
    return datetime.now(UTC)
