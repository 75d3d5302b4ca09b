"""Keras callbacks and reports of a run: batches, epochs and sample pictures."""

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
from core.training.inputs.samples import SamplePictures

REPORT_EVERY_S = 0.5


class ReportBatches(keras.callbacks.Callback):
    """Reports batches and loss, at most twice a second; stops on request or when training diverges.

    Args:
        report: receives a BatchDone.
        stop_requested: checked after each batch.
        clock: monotonic seconds.

    Attributes:
        interrupted: whether a stop was requested before the epoch's last batch.
    """

    def __init__(
        self,
        report: Callable[[BatchDone], None],
        stop_requested: Callable[[], bool],
        clock: Callable[[], float],
    ) -> None:
        super().__init__()
        self._report = report
        self._stop_requested = stop_requested
        self._clock = clock
        self._epoch = 0
        self._reported_at = -math.inf
        self.interrupted = False

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:  # noqa: ARG002 - Keras' signature
        """Store which epoch the batches belong to."""
        self._epoch = epoch

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Report, and check the loss and for a stop request.

        Raises:
            RunDiverged: the loss is not finite.
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
            self.interrupted = batch + 1 < batches
        if self._clock() - self._reported_at >= REPORT_EVERY_S:
            self._reported_at = self._clock()
            self._report(BatchDone(self._epoch + 1, batch + 1, batches, loss))


class RunReporter:
    """Reports a run's progress to its journal and to TensorBoard.

    Args:
        context: of the run.
        validation: the validation split, from which the sample pictures are taken.
        seed: selects them.
        epochs_done: by the checkpoint.
        batches: in an epoch.
    """

    def __init__(
        self,
        context: JobContext,
        validation: PictureSet,
        *,
        seed: int,
        epochs_done: int,
        batches: int,
    ) -> None:
        self._report = context.journal.append
        self._samples = SamplePictures(validation, seed=seed)
        self._scalars = Scalars(
            context.folder, epochs_done=epochs_done, batches=batches, clock=time.monotonic
        )

    def batch(self, done: BatchDone) -> None:
        """Report the progress of an epoch."""
        self._report(done)
        self._scalars.batch(done)

    def epoch(self, ended: EpochEnded, logits: NDArray[np.float64]) -> None:
        """Report an epoch that ended.

        Args:
            logits: float64 `(n, k)`: the network's outputs for the validation split.
        Raises:
            RunDiverged: an output is not finite.
        """
        self._report(ended)
        self._report(self._samples.predictions(ended.epoch, logits))
        self._scalars.epoch(ended)
