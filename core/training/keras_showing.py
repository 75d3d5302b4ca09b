"""What a run tells while it learns: to its journal, to TensorBoard, and in sample pictures."""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray

from core.domain import BatchDone, EpochEnded, PictureSet
from core.jobs import JobPlace
from core.training.keras_scalars import Scalars
from core.training.samples import Samples


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
        self, place: JobPlace, chooses: PictureSet, *, seed: int, epochs_done: int, batches: int
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
