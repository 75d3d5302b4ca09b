"""Writes a run's figures as TensorBoard event files in the run's folder."""

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
        "train_accuracy": "epoch/accuracy",
        "train_loss": "epoch/loss",
        "loss": "epoch/loss of changed pictures",
        "learning_rate": "epoch/learning rate",
        "pictures_per_s": "epoch/pictures per second",
    },
    VALIDATION: {"val_accuracy": "epoch/accuracy", "val_loss": "epoch/loss"},
}
"""Folder -> figure of an epoch -> tag, drawn over the epochs done."""

_BATCH_TAG = "batch/loss"
_EVENT_FILES = "**/*tfevents*"

_log = logging.getLogger(__name__)


class Scalars:
    """Writes a run's figures; a resumed run continues the same curves.

    Whatever was written after the checkpoint is deleted first, because it will be computed again:
    each step is there once. A write error ends the writing, not the run.

    Args:
        folder: the run's own; the files lie in a folder inside.
        epochs_done: by the checkpoint; 0 without one.
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
        """Write the mean loss of the batches since the last write, every `WRITE_EVERY_S`."""
        if done.loss is None or self._clock() - self._written_at < WRITE_EVERY_S:
            return
        self._written_at = self._clock()
        step = (done.epoch - 1) * done.batches + done.batch
        self._write(TRAINING, {_BATCH_TAG: _loss_between(self._last, done)}, step)
        self._last = done

    def epoch(self, ended: EpochEnded) -> None:
        """Write the figures of an epoch."""
        for curve, tags in EPOCH_TAGS.items():
            figures = {tag: ended.metrics[key] for key, tag in tags.items() if key in ended.metrics}
            self._write(curve, figures, ended.epoch)

    def _write(self, curve: str, figures: Mapping[str, float], step: int) -> None:
        if curve not in self._writers or not figures:
            return
        try:
            with self._writers[curve].as_default():
                for tag, value in figures.items():
                    tf.summary.scalar(tag, value, step=step)
            self._writers[curve].flush()  # TensorBoard reads it at once
        except tf.errors.OpError:
            _log.exception("no more figures for TensorBoard")
            self._writers = {}


def _writers_after(logs: Path, *, epochs: int, steps: int) -> dict[str, Any]:
    """One writer for each curve, after the checkpoint; none if they cannot be opened."""
    try:
        _truncate_after(logs, epochs=epochs, steps=steps)
        return {curve: tf.summary.create_file_writer(str(logs / curve)) for curve in EPOCH_TAGS}
    except (OSError, tf.errors.OpError):
        _log.exception("no figures for TensorBoard")
        return {}


def _loss_between(before: BatchDone, now: BatchDone) -> float:
    """Mean loss of the batches after `before`; each holds the mean since its epoch started."""
    if before.epoch != now.epoch or before.loss is None or now.loss is None:
        return float(now.loss or 0.0)
    total = now.loss * now.batch - before.loss * before.batch
    return total / max(1, now.batch - before.batch)


def _truncate_after(logs: Path, *, epochs: int, steps: int) -> None:
    """Rewrite event files without what was written after a checkpoint."""
    for path in sorted(logs.glob(_EVENT_FILES)):
        records = [record for record in _records(path) if _is_before(record, epochs, steps)]
        rewritten = path.parent / "rewritten.new"
        with tf.io.TFRecordWriter(str(rewritten)) as writer:
            for record in records:
                writer.write(record)
        rewritten.replace(path)


def _records(path: Path) -> Iterator[bytes]:
    """Complete records; a last one that was truncated when the process was killed is skipped."""
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
