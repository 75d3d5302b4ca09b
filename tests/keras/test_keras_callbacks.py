"""What a run reports within an epoch."""

from __future__ import annotations

import pytest

from core.domain import BatchDone
from core.domain.errors import RunDiverged
from core.training.fit.keras_callbacks import ReportBatches

pytestmark = pytest.mark.keras


def watched(*, now_s: list[float]) -> tuple[ReportBatches, list[BatchDone]]:
    """A reporter in the third epoch of four batches, and its reports."""
    reported: list[BatchDone] = []
    reporter = ReportBatches(reported.append, lambda: False, lambda: now_s[0])
    reporter.set_params({"steps": 4})
    reporter.on_epoch_begin(2)
    return reporter, reported


def test_batches_are_reported_with_their_loss_at_most_twice_a_second() -> None:
    now_s = [0.0]
    reporter, reported = watched(now_s=now_s)
    for batch, (at_s, loss) in enumerate([(0.0, 0.9), (0.3, 0.8), (0.6, 0.7)]):
        now_s[0] = at_s
        reporter.on_train_batch_end(batch, {"loss": loss})
    assert reported == [BatchDone(3, 1, 4, 0.9), BatchDone(3, 3, 4, 0.7)]


def test_a_loss_that_is_not_finite_ends_the_run() -> None:
    reporter, _ = watched(now_s=[0.0])
    with pytest.raises(RunDiverged, match="epoch 3, batch 2"):
        reporter.on_train_batch_end(1, {"loss": float("nan")})
