"""Batches for one epoch, with their targets; changes of faces are in `keras_augmentation`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core.domain import PictureSet
from core.training.fit.keras_augmentation import augment, mix
from core.training.recipes.augmentation import Augmentation
from core.training.recipes.kinds import Balance
from core.training.recipes.recipe import Recipe


@dataclass(frozen=True)
class EpochPlan:
    """What one epoch's batches depend on; equal plans give equal batches.

    Attributes:
        epoch: from 0; decides, with the seed, order and every random change.
        size_px: side of the pictures given.
        balanced: whether every class is sampled equally often.
    """

    epoch: int
    seed: int
    size_px: int
    batch_size: int
    balanced: bool = False


@dataclass(frozen=True, eq=False)
class Targets:
    """Soft labels and class weights.

    Attributes:
        shares: float32 `(n, classes)`: target probabilities; rows sum to 1.
        labels: int64 `(n,)`: the class each picture is sampled as.
        weights: float32 `(classes,)`: loss weight of each class; 1 on average over pictures.
    """

    shares: NDArray[np.float32]
    labels: NDArray[np.int64]
    weights: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class TeacherScorer:
    """Teachers that score every augmented picture.

    Attributes:
        scores: float32 faces `(b, size, size, 1)` in [0, 1] -> float32 `(b, classes)`.
        share: of the target that comes from them.
        size_px: their input size.
    """

    scores: Callable[[NDArray[np.float32]], NDArray[np.float32]]
    share: float
    size_px: int


def epoch_order(labels: NDArray[np.int64], plan: EpochPlan) -> NDArray[np.int64]:
    """Order of the pictures in an epoch: each once, or every class equally often."""
    rng = np.random.default_rng((plan.seed, plan.epoch))
    if not plan.balanced:
        return rng.permutation(len(labels))
    present = np.unique(labels)
    sampled = [
        rng.choice(np.flatnonzero(labels == label), -(-len(labels) // len(present)))
        for label in present
    ]
    return np.asarray(rng.permutation(np.concatenate(sampled))[: len(labels)], dtype=np.int64)


def training_batches(
    pictures: PictureSet,
    targets: Targets,
    plan: EpochPlan,
    augmentation: Augmentation,
    teachers: TeacherScorer | None = None,
) -> Any:
    """A tf.data.Dataset of faces, targets and weights.

    Faces are float32 `(b, size, size, 1)` in [0, 1], targets float32 `(b, classes)`, weights
    float32 `(b,)`. The last, smaller batch is dropped.
    """
    order = epoch_order(targets.labels, plan)
    epoch_seed = int(np.random.SeedSequence((plan.seed, plan.epoch)).generate_state(1)[0] >> 1)
    batches = len(pictures) // plan.batch_size
    # uint8 in memory; only the current batch becomes float32.
    pixels = tf.constant(pictures.pixels[..., None])
    shares, class_weights = tf.constant(targets.shares), tf.constant(targets.weights)
    chosen = tf.constant(order[: batches * plan.batch_size].reshape(batches, plan.batch_size))
    changes = _changes(augmentation, plan.size_px if teachers is None else teachers.size_px)

    def batch(number: Any) -> tuple[Any, Any, Any]:
        rows = tf.gather(chosen, number)
        seed = tf.stack([epoch_seed, tf.cast(number, tf.int32)])
        faces = tf.cast(tf.gather(pixels, rows), tf.float32) / 255.0
        faces, target = changes(faces, tf.gather(shares, rows), seed)
        if teachers is not None:
            faces, target = _blend_teacher_scores(teachers, faces, target, size_px=plan.size_px)
        return faces, target, tf.linalg.matvec(target, class_weights)

    return tf.data.Dataset.range(batches).map(batch, num_parallel_calls=1).prefetch(2)


@lru_cache(maxsize=8)
def _changes(augmentation: Augmentation, size_px: int) -> Any:
    """Augmentation and mixup of a batch, as one graph for all epochs of a size."""

    @tf.function(autograph=False)  # type: ignore[untyped-decorator]
    def changed(faces: Any, target: Any, seed: Any) -> tuple[Any, Any]:
        faces = augment(faces, augmentation, size_px=size_px, seed=seed)
        return mix(faces, target, augmentation, seed=seed)

    return changed


def plain_batches(pixels: np.ndarray, *, batch_size: int) -> Any:
    """Float32 pictures in [0, 1], unchanged and in order, for inference."""
    return (
        tf.data.Dataset.from_tensor_slices(pixels[..., None])
        .batch(batch_size)
        .map(lambda faces: tf.cast(faces, tf.float32) / 255.0)
    )


def _blend_teacher_scores(
    teachers: TeacherScorer, faces: Any, targets: Any, *, size_px: int
) -> tuple[Any, Any]:
    """The faces in the student's size, and the targets blended with the teachers' scores."""
    scores = tf.ensure_shape(tf.numpy_function(teachers.scores, [faces], tf.float32), targets.shape)
    if teachers.size_px != size_px:
        faces = tf.image.resize(faces, (size_px, size_px), antialias=True)
    return faces, (1 - teachers.share) * targets + teachers.share * scores


def build_targets(
    pictures: PictureSet,
    recipe: Recipe,
    *,
    classes: int,
    votes: NDArray[np.float32] | None = None,
    teacher_scores: NDArray[np.float32] | None = None,
) -> Targets:
    """Labels, partly replaced by votes and by teachers' scores, and class weights.

    Args:
        classes: number of classes.
        votes: float32 `(n, classes)`, share of the people that voted; rows of zeros where nobody
            did: these pictures keep their label.
        taught: float32 `(n, classes)`, the teachers' scores.
    """
    shares = np.eye(classes, dtype=np.float32)[pictures.labels]
    if votes is not None and recipe.votes:
        voted = votes.sum(axis=1) > 0
        shares[voted] = (1 - recipe.votes) * shares[voted] + recipe.votes * votes[voted]
    if teacher_scores is not None and recipe.teaching:
        shares = (1 - recipe.teaching) * shares + recipe.teaching * teacher_scores
    return Targets(
        shares=shares.astype(np.float32),
        labels=pictures.labels,
        weights=class_weights(pictures.labels, classes, recipe.balance),
    )


def class_weights(labels: NDArray[np.int64], classes: int, balance: Balance) -> NDArray[np.float32]:
    """Loss weight of each class: ones, or n / (k * n_c) over the classes present."""
    weights = np.ones(classes, dtype=np.float32)
    if balance is Balance.WEIGHTS:
        counts = np.bincount(labels, minlength=classes)
        present = counts > 0
        weights[present] = len(labels) / (present.sum() * counts[present])
    return weights
