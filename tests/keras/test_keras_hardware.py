"""What a run reports about its hardware."""

from __future__ import annotations

import pytest
import tensorflow as tf

from core.training.fit.keras_hardware import describe_gpus

pytestmark = pytest.mark.keras


@pytest.mark.parametrize(
    ("found", "said"), [(0, "No GPU found."), (1, "1 GPU found."), (2, "2 GPUs found.")]
)
def test_a_run_reports_whether_there_is_a_gpu(monkeypatch, found, said):
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: [kind] * found)
    assert describe_gpus() == said
