"""What a run says while an epoch is under way."""

from __future__ import annotations

import pytest

from core.domain import BatchDone
from core.domain.errors import RunDiverged
from core.training.fit.keras_callbacks import ReportBatches

pytestmark = pytest.mark.keras


def watched(*, now_s: list[float]) -> tuple[ReportBatches, list[BatchDone]]:
    """A teller in the third epoch of four batches, and what it told."""
    told: list[BatchDone] = []
    teller = ReportBatches(told.append, lambda: False, lambda: now_s[0])
    teller.set_params({"steps": 4})
    teller.on_epoch_begin(2)
    return teller, told


def test_batches_are_told_with_their_loss_at_most_twice_a_second() -> None:
    now_s = [0.0]
    teller, told = watched(now_s=now_s)
    for batch, (at_s, loss) in enumerate([(0.0, 0.9), (0.3, 0.8), (0.6, 0.7)]):
        now_s[0] = at_s
        teller.on_train_batch_end(batch, {"loss": loss})
    assert told == [BatchDone(3, 1, 4, 0.9), BatchDone(3, 3, 4, 0.7)]


def test_a_loss_that_is_no_number_ends_the_run() -> None:
    teller, _ = watched(now_s=[0.0])
    with pytest.raises(RunDiverged, match="epoch 3, batch 2"):
        teller.on_train_batch_end(1, {"loss": float("nan")})
