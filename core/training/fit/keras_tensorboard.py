"""A run's figures as TensorBoard reads them, in the run's folder."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import tensorflow as tf

from core.domain import BatchDone, EpochEnded

TENSORBOARD_DIR = "tensorboard"
"""In a run's folder."""

WRITE_EVERY_S = 2.0
TRAINING, VALIDATION = "training", "validation"
"""Two runs to TensorBoard, so that it draws both curves of a figure into one chart."""
EPOCH_TAGS: Mapping[str, Mapping[str, str]] = {
    TRAINING: {
        "accuracy_learns": "epoch/accuracy",
        "loss_learns": "epoch/loss",
        "loss": "epoch/loss of changed pictures",
        "learning_rate": "epoch/learning rate",
        "pictures_per_s": "epoch/pictures per second",
    },
    VALIDATION: {"accuracy_chooses": "epoch/accuracy", "loss_chooses": "epoch/loss"},
}
"""Folder -> figure of an epoch -> tag, drawn over the epochs done."""

_BATCH_TAG = "batch/loss"
_EVENT_FILES = "**/*tfevents*"

_log = logging.getLogger(__name__)


class Scalars:
    """Writes a run's figures; a run that is taken up again goes on with the same numbers.

    Whatever was written after the checkpoint is deleted at the beginning, because it is about to be
    computed again: each step is there once. A disk that refuses ends the writing, not the run.

    Args:
        folder: the run's own; the files lie in a folder inside.
        epochs_done: by the checkpoint; 0 for a new beginning.
        batches: in an epoch; a batch's step counts over all epochs.
        clock: monotonic seconds.
    """

    def __init__(
        self, folder: Path, *, epochs_done: int, batches: int, clock: Callable[[], float]
    ) -> None:
        logs = folder / TENSORBOARD_DIR
        self._writers = _writers_after(logs, epochs=epochs_done, steps=epochs_done * batches)
        self._clock = clock
        self._written_at = -math.inf
        self._last = BatchDone(0, 0, batches, 0.0)

    def batch(self, done: BatchDone) -> None:
        """Write the mean loss of the batches since the last one written, now and then."""
        if done.loss is None or self._clock() - self._written_at < WRITE_EVERY_S:
            return
        self._written_at = self._clock()
        step = (done.epoch - 1) * done.batches + done.batch
        self._write(TRAINING, {_BATCH_TAG: _loss_between(self._last, done)}, step)
        self._last = done

    def epoch(self, ended: EpochEnded) -> None:
        """Write the figures of an epoch."""
        for curve, tags in EPOCH_TAGS.items():
            drawn = {tag: ended.metrics[key] for key, tag in tags.items() if key in ended.metrics}
            self._write(curve, drawn, ended.epoch)

    def _write(self, curve: str, figures: Mapping[str, float], step: int) -> None:
        if curve not in self._writers or not figures:
            return
        try:
            with self._writers[curve].as_default():
                for tag, value in figures.items():
                    tf.summary.scalar(tag, value, step=step)
            self._writers[curve].flush()  # so that it is seen at once
        except tf.errors.OpError:
            _log.exception("no more figures for TensorBoard")
            self._writers = {}


def _writers_after(logs: Path, *, epochs: int, steps: int) -> dict[str, Any]:
    """A writer a curve for what comes after a checkpoint; none if the disk refuses."""
    try:
        _forget_after(logs, epochs=epochs, steps=steps)
        return {curve: tf.summary.create_file_writer(str(logs / curve)) for curve in EPOCH_TAGS}
    except (OSError, tf.errors.OpError):
        _log.exception("no figures for TensorBoard")
        return {}


def _loss_between(before: BatchDone, now: BatchDone) -> float:
    """Mean loss of the batches after `before`: each tells the mean since its epoch began."""
    if before.epoch != now.epoch or before.loss is None or now.loss is None:
        return float(now.loss or 0.0)
    total = now.loss * now.batch - before.loss * before.batch
    return total / max(1, now.batch - before.batch)


def _forget_after(logs: Path, *, epochs: int, steps: int) -> None:
    """Rewrite event files without what lies ahead of a checkpoint."""
    for path in sorted(logs.glob(_EVENT_FILES)):
        kept = [record for record in _records(path) if _is_before(record, epochs, steps)]
        beside = path.parent / "rewritten.new"
        with tf.io.TFRecordWriter(str(beside)) as writer:
            for record in kept:
                writer.write(record)
        beside.replace(path)


def _records(path: Path) -> Iterator[bytes]:
    """Whole records; a last one that was cut short when the process was killed is left out."""
    read = iter(tf.data.TFRecordDataset(str(path)))
    while True:
        try:
            yield next(read).numpy()
        except (StopIteration, tf.errors.DataLossError):
            return


def _is_before(record: bytes, epochs: int, steps: int) -> bool:
    event = tf.compat.v1.Event.FromString(record)
    return all(
        event.step <= (steps if value.tag == _BATCH_TAG else epochs)
        for value in event.summary.value
    )
