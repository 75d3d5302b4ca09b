"""Two training loops for the same network, each timed in a separate process.

`python -m benchmarks.keras_loops WAY THREADS RECIPE SECONDS` prints its results as JSON. It is
pinned to as many CPUs as it has threads, where the system supports it.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import core  # noqa: F401 - before TensorFlow, see there

# isort: split

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from keras.src.legacy.preprocessing.image import ImageDataGenerator

from core.domain import FER7, Dataset, EpochEnded, PictureSet, RunEvent, SplitProtocol
from core.jobs import JobContext, Journal, RunCancelled
from core.settings import Settings
from core.training import TrainingPlan, recipes
from core.training.fit.keras_batches import EpochPlan, build_targets, training_batches
from core.training.fit.keras_fit import compile_model, fit
from core.training.fit.keras_hardware import configure_hardware
from core.training.recipes import Augmentation

PICTURES, SIZE_PX, CLASSES = 1_280, 48, 7
PLAIN_BATCH = 64


def mien(threads: int, recipe: str, seconds: float) -> dict[str, float]:
    """Pictures per second of `keras_fit.fit` as the worker calls it; the first epoch warms up.

    At the recipe's final picture size.

    Returns:
        `a_second` and `a_cpu_second`; `input` of the making of batches alone and `steps` of the
        network alone, both a second of the processor.
    """
    configure_hardware(threads)
    plan = TrainingPlan(
        recipe=recipe,
        data=tempfile.gettempdir(),
        epochs=5000,
        threads=threads,
        options={"sizes_px": [[recipes.recipe_named(recipe).final_size_px, 1.0]]},
    )
    with tempfile.TemporaryDirectory(prefix="mien-bench-") as folder:
        journal = _TimingJournal(Path(folder) / "events.jsonl", seconds)
        settings = Settings.from_environment(os.environ)
        context = JobContext(Path(folder), journal, journal.is_over, settings, _now)
        try:
            fit(_noise(), plan, context)
        except RunCancelled:
            epochs = journal.epochs[1:]
    return {**_medians([(one["seconds"], one["cpu_s"]) for one in epochs]), **_shares(plan)}


class _TimingJournal(Journal):
    """Records the speed of each epoch, and requests a stop after some time."""

    def __init__(self, path: Path, seconds: float) -> None:
        super().__init__(path, clock=_now)
        self.epochs: list[Mapping[str, float]] = []
        self._seconds = seconds

    def append(self, event: RunEvent) -> None:
        super().append(event)
        if isinstance(event, EpochEnded):
            self.epochs.append(event.metrics)

    def is_over(self) -> bool:
        return sum(epoch["seconds"] for epoch in self.epochs[1:]) > self._seconds


def _shares(plan: TrainingPlan) -> dict[str, float]:
    recipe, training = plan.chosen_recipe, _noise()["Training"]
    epoch_plan = EpochPlan(0, plan.seed, recipe.final_size_px, recipe.batch_size)
    targets = build_targets(training, recipe, classes=CLASSES)
    batches = training_batches(training, targets, epoch_plan, recipe.augmentation)
    model = compile_model(plan, classes=CLASSES, pictures=PICTURES)
    one = next(iter(batches))
    count = PICTURES // recipe.batch_size
    same = tf.data.Dataset.from_tensors(one).repeat(count)
    return {
        "input": count * recipe.batch_size / _timed(lambda: list(batches))[1],
        "steps": count * recipe.batch_size / _timed(lambda: _fit(model, same))[1],
    }


def plain(threads: int, recipe: str, seconds: float) -> dict[str, float]:
    """The loop of the notebooks: Keras' own layers and generator, float32, 64 at a time.

    Args:
        recipe: only the largest random changes are taken from it.
    """
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)
    keras.utils.set_random_seed(7)
    model = vgg_with_dropout()
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    batches = _generated(recipes.recipe_named(recipe).augmentation)
    model.fit(batches, epochs=1, verbose=0)
    times, began = list[tuple[float, float]](), time.perf_counter()
    while not times or time.perf_counter() - began < seconds:
        times.append(_once(lambda: model.fit(batches, epochs=1, verbose=0)))
    same = tf.data.Dataset.from_tensors(batches[0]).repeat(PICTURES // PLAIN_BATCH)
    return {
        **_medians(times),
        "input": PICTURES / _timed(lambda: [batches[at] for at in range(len(batches))])[1],
        "steps": PICTURES / _timed(lambda: _fit(model, same))[1],
    }


def _generated(change: Augmentation) -> Any:
    training = _noise()["Training"]
    generator = ImageDataGenerator(
        rescale=1 / 255,
        rotation_range=change.rotation_deg,
        width_shift_range=change.shift,
        height_shift_range=change.shift,
        zoom_range=change.scale,
        horizontal_flip=change.flip > 0,
    )
    targets = np.eye(CLASSES, dtype=np.float32)[training.labels]
    return generator.flow(training.pixels[..., None], targets, batch_size=PLAIN_BATCH, seed=7)


def vgg_with_dropout() -> keras.Model:
    """`csv_vgg_dropout` written with Keras' own layers: 1.4 million weights."""
    model = keras.Sequential([keras.Input((SIZE_PX, SIZE_PX, 1))])
    for width in (32, 64, 128):
        for _ in range(2):
            model.add(layers.Conv2D(width, 3, padding="same"))
            model.add(layers.BatchNormalization())
            model.add(layers.LeakyReLU(negative_slope=0.1))
        model.add(layers.MaxPooling2D())
        model.add(layers.SpatialDropout2D(0.2))
    model.add(layers.Flatten())
    model.add(layers.Dense(256, activation="relu"))
    model.add(layers.Dropout(0.5))
    model.add(layers.Dense(CLASSES, activation="softmax"))
    return model


def _noise() -> Dataset:
    rng = np.random.default_rng(1)

    def pictures(count: int) -> PictureSet:
        pixels = rng.integers(0, 256, (count, SIZE_PX, SIZE_PX), np.uint8)
        return PictureSet(pixels, rng.integers(0, CLASSES, count))

    splits = {"Training": pictures(PICTURES), "PublicTest": pictures(64)}
    splits["PrivateTest"] = pictures(64)
    return Dataset.from_splits("noise", FER7, splits, SplitProtocol(*splits), content_hash="")


def _fit(model: keras.Model, batches: Any) -> None:
    model.fit(batches, verbose=0, shuffle=False)


def _timed(act: Callable[[], object]) -> tuple[float, float]:
    """Seconds, and of them the processor's; the first time only warms up."""
    act()
    return _once(act)


def _once(act: Callable[[], object]) -> tuple[float, float]:
    began, began_cpu = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - began, time.process_time() - began_cpu


def _medians(times: Sequence[tuple[float, float]]) -> dict[str, float]:
    seconds, cpu_s = np.median(times, axis=0)
    return {"a_second": PICTURES / seconds, "a_cpu_second": PICTURES / cpu_s}


def _now() -> datetime:
    return datetime.now(UTC)


WAYS = {"mien": mien, "plain": plain}

if __name__ == "__main__":
    way, threads, recipe, seconds = sys.argv[1:]
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: int(threads)])
    print(json.dumps(WAYS[way](int(threads), recipe, float(seconds))))
