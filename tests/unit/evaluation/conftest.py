"""An installation with the shipped model and a tiny dataset, and evaluations done in it."""

from __future__ import annotations

import shutil
import signal
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from core import jobs
from core.datasets import DatasetSource
from core.datasets.catalogue.catalogue import add
from core.domain import LogMessage
from core.jobs.run_folder.folder import create
from core.jobs.run_folder.journal import read_events
from core.jobs.worker import main
from core.models import load_card
from core.models.registry import write_card
from core.settings import PROJECT_DIR
from tests.datasets_on_disk import make_pictures, write_csv


@pytest.fixture(scope="session")
def csv_file(tmp_path_factory):
    """Pictures of FER2013's shape: 84 to learn from, 14 to choose and 14 to judge by.

    The first PublicTest picture repeats a Training one, the first PrivateTest one a PublicTest one.
    """
    pictures = make_pictures(size_px=24)
    for copied, original in ((84, 3), (98, 90)):
        object.__setattr__(pictures[copied], "pixels", pictures[original].pixels)
    return write_csv(tmp_path_factory.mktemp("files") / "fer2013.csv", pictures)


@pytest.fixture
def faces(settings, csv_file):
    """In the catalogue under the name faces."""
    source = DatasetSource(str(csv_file))
    return add(settings.datasets_dir, "faces", source, settings.datasets_cache_dir)


@pytest.fixture
def compact(settings):
    """The shipped model, without its evaluations."""
    shelf = PROJECT_DIR / "models" / "compact-1"
    target = settings.models_dir / "compact-1"
    shutil.copytree(shelf, target, ignore=shutil.ignore_patterns("evaluations"))
    return load_card(settings.models_dir, "compact-1")


@pytest.fixture
def second(settings, compact):
    """The same model under another name, less sure of everything."""
    target = settings.models_dir / "second"
    shutil.copytree(settings.models_dir / "compact-1", target)
    card = replace(compact, name="second", temperature=2.0)
    write_card(target, card)
    return card


class Evaluator:
    """Does evaluations to their end as `core.jobs.worker` does, in this process."""

    def __init__(self, settings):
        self._settings = settings

    def do(self, **plan):
        told = {"models": ["compact-1"], "dataset": "faces", "threads": 1, **plan}
        now, rng = datetime.now(UTC), np.random.default_rng()
        folder = create(self._settings.runs_dir, "evaluate", told, now=now, rng=rng)
        main(str(folder.path))
        return jobs.read_run(self._settings.runs_dir, folder.id, now=datetime.now(UTC))

    def messages(self, run):
        events, _ = read_events(self._settings.runs_dir / run.id / "events.jsonl")
        return [event.sentence for event in events if isinstance(event, LogMessage)]


@pytest.fixture
def evaluator(settings, monkeypatch):
    monkeypatch.setenv("MIEN_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("MIEN_MODELS_DIR", str(settings.models_dir))
    before = signal.getsignal(signal.SIGTERM)
    yield Evaluator(settings)
    signal.signal(signal.SIGTERM, before)
