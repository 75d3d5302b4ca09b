"""What a run reports: batches and epochs to its journal, TensorBoard and sample pictures."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from core.domain import BatchDone, EpochEnded, PictureSet
from core.domain.errors import RunDiverged
from core.jobs import JobContext
from core.training.fit.keras_tensorboard import Scalars
from core.training.inputs.samples import Samples

SAY_EVERY_S = 0.5


class ReportBatches(keras.callbacks.Callback):
    """Tells batches and loss, at most twice a second; stops when asked; refuses a lost cause.

    Args:
        tell: receives a BatchDone.
        stop_requested: looked at once a batch.
        clock: monotonic seconds.

    Attributes:
        cut_short: whether the epoch ended before its last batch, because somebody asked.
    """

    def __init__(
        self,
        tell: Callable[[BatchDone], None],
        stop_requested: Callable[[], bool],
        clock: Callable[[], float],
    ) -> None:
        super().__init__()
        self._tell = tell
        self._stop_requested = stop_requested
        self._clock = clock
        self._epoch = 0
        self._told_at = -math.inf
        self.cut_short = False

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:  # noqa: ARG002 - Keras' signature
        """Remember which epoch the batches belong to."""
        self._epoch = epoch

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Tell, look for a request to stop, and look at the loss.

        Raises:
            RunDiverged: the loss is no number any more; going on would only burn time.
        """
        loss = float((logs or {}).get("loss", 0.0))
        if not math.isfinite(loss):
            raise RunDiverged(
                f"The loss became {loss} in epoch {self._epoch + 1}, batch {batch + 1}.",
                advice="Start a new run with a lower learning rate: this one would fail again.",
            )
        batches = self.params["steps"] or batch + 1
        if self._stop_requested():
            self.model.stop_training = True
            self.cut_short = batch + 1 < batches
        if self._clock() - self._told_at >= SAY_EVERY_S:
            self._told_at = self._clock()
            self._tell(BatchDone(self._epoch + 1, batch + 1, batches, loss))


class Showing:
    """One run's tellers, side by side.

    Args:
        place: of the run.
        chooses: the choosing split; some of its pictures are shown.
        seed: chooses which.
        epochs_done: by the checkpoint.
        batches: in an epoch.
    """

    def __init__(
        self, place: JobContext, chooses: PictureSet, *, seed: int, epochs_done: int, batches: int
    ) -> None:
        self._tell = place.journal.append
        self._samples = Samples(chooses, seed=seed)
        self._scalars = Scalars(
            place.folder, epochs_done=epochs_done, batches=batches, clock=time.monotonic
        )

    def batch(self, done: BatchDone) -> None:
        """Tell how far an epoch is."""
        self._tell(done)
        self._scalars.batch(done)

    def epoch(self, ended: EpochEnded, logits: NDArray[np.float64]) -> None:
        """Tell what became of an epoch.

        Args:
            logits: float64 `(n, k)`: what its network says of the choosing split.
        Raises:
            RunDiverged: an answer is no number any more.
        """
        self._tell(ended)
        self._tell(self._samples.seen(ended.epoch, logits))
        self._scalars.epoch(ended)
