"""A model that can be converted without TensorFlow, and jobs done by a worker in this process."""

from __future__ import annotations

import signal
from datetime import UTC, datetime

import numpy as np
import pytest

from core import jobs
from core.jobs.run_folder.folder import create
from core.jobs.worker import main
from tests.convertible import shelve_linear


@pytest.fixture
def card(settings):
    """Of a model imported as ONNX."""
    return shelve_linear(settings.models_dir)


class Worker:
    """Runs jobs to their end as `core.jobs.worker` does, in this process."""

    def __init__(self, settings):
        self.settings = settings

    def create(self, plan):
        now = datetime.now(UTC)
        runs_dir = self.settings.runs_dir
        return create(runs_dir, "convert", plan.to_json(), now=now, rng=np.random.default_rng())

    def finish(self, folder):
        main(str(folder.path))
        return jobs.read_run(self.settings.runs_dir, folder.id, now=datetime.now(UTC))

    def do(self, plan):
        return self.finish(self.create(plan))


@pytest.fixture
def worker(settings, monkeypatch):
    monkeypatch.setenv("MIEN_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("MIEN_MODELS_DIR", str(settings.models_dir))
    before = signal.getsignal(signal.SIGTERM)
    yield Worker(settings)
    signal.signal(signal.SIGTERM, before)
