"""An installation with a tiny dataset, and jobs done by a worker in this process."""

from __future__ import annotations

import json
import signal
from datetime import UTC, datetime

import numpy as np
import pytest

from core import jobs
from core.datasets import DatasetSource
from core.datasets.catalogue.catalogue import add
from core.datasets.catalogue.plan import OpenPlan
from core.domain import LogMessage
from core.jobs.run_folder.folder import create
from core.jobs.run_folder.journal import read_events
from core.jobs.worker import main
from tests.datasets_on_disk import make_pictures, write_csv


@pytest.fixture(scope="session")
def csv_file(tmp_path_factory):
    """Pictures of FER2013's shape, some of them repeated."""
    pictures = make_pictures(size_px=24)
    for copied, original in ((5, 3), (100, 4)):
        object.__setattr__(pictures[copied], "pixels", pictures[original].pixels)
    return write_csv(tmp_path_factory.mktemp("files") / "fer2013.csv", pictures)


@pytest.fixture
def dataset(settings, csv_file):
    """In the catalogue under the name faces."""
    source = DatasetSource(str(csv_file))
    return add(settings.datasets_dir, "faces", source, settings.datasets_cache_dir)


class Worker:
    """Runs jobs to their end as `core.jobs.worker` does, in this process."""

    def __init__(self, settings):
        self.settings = settings

    def create(self, kind, plan):
        now = datetime.now(UTC)
        return create(self.settings.runs_dir, kind, plan, now=now, rng=np.random.default_rng())

    def finish(self, folder):
        main(str(folder.path))
        return jobs.read_run(self.settings.runs_dir, folder.id, now=datetime.now(UTC))

    def do(self, kind, plan):
        return self.finish(self.create(kind, plan))

    def messages(self, run_id):
        events, _ = read_events(self.settings.runs_dir / run_id / "events.jsonl")
        return [event.sentence for event in events if isinstance(event, LogMessage)]

    def open(self, name, path, **how):
        return self.do("open_dataset", OpenPlan(name, DatasetSource(str(path), **how)).to_json())

    def labels(self, run):
        return json.loads(run.finished.result["labels"])


@pytest.fixture
def worker(settings, monkeypatch):
    monkeypatch.setenv("MIEN_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("MIEN_MODELS_DIR", str(settings.models_dir))
    before = signal.getsignal(signal.SIGTERM)
    yield Worker(settings)
    signal.signal(signal.SIGTERM, before)
