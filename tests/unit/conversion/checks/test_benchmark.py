from __future__ import annotations

import numpy as np

from core.conversion.checks.benchmark import MANY, measure, versions_of
from core.conversion.formats import Runtime
from tests.make import make_card

CARD = make_card()
PIXELS = np.zeros((5, 48, 48), np.uint8)


class SlowModel:
    """Takes 2 ms a picture by its own clock; every tenth call ten times as long."""

    def __init__(self):
        self.now_s, self.batch_sizes = 0.0, []

    def load(self):
        self.now_s += 0.030
        return self

    def predict(self, batch):
        self.batch_sizes.append(len(batch))
        self.now_s += 0.002 * len(batch) * (10 if len(self.batch_sizes) % 10 == 0 else 1)
        return np.zeros((len(batch), 7), np.float32)

    def clock(self):
        return self.now_s


def test_latencies_are_clock_times_in_milliseconds():
    model = SlowModel()
    speed = measure(model.load, PIXELS, CARD, clock=model.clock)
    assert speed.load_ms == 32.0  # opening, and the first answer
    assert speed.one.median_ms == 2.0
    assert speed.one.p95_ms == 20.0
    assert speed.many.median_ms == 2.0 * MANY
    assert set(model.batch_sizes) == {1, MANY}


def test_a_slow_network_is_measured_on_few_calls():
    model = SlowModel()
    model.predict = lambda batch: setattr(model, "now_s", model.now_s + 1.0)
    before = model.now_s
    measure(model.load, PIXELS, CARD, clock=model.clock)
    assert model.now_s - before < 60


def test_few_faces_are_repeated_to_fill_a_batch():
    model = SlowModel()
    measure(model.load, PIXELS[:1], CARD, clock=model.clock)
    assert MANY in model.batch_sizes


def test_the_machine_is_named():
    model = SlowModel()
    speed = measure(model.load, PIXELS, CARD, clock=model.clock)
    assert "core" in speed.machine
    assert speed.load_average >= -1


def test_packages_are_pinned_to_the_installed_versions():
    assert all("==" in one for runtime in Runtime for one in versions_of(runtime))
    assert [one.split("==")[0] for one in versions_of(Runtime.ONNX)] == ["onnxruntime", "numpy"]
