"""Batches for one epoch: gathered, augmented and mixed in whole-batch operations, with targets."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core.domain import PictureSet
from core.training.recipes.choices import Augmentation, Balance
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

    def batch(number: Any) -> tuple[Any, Any, Any]:
        rows = tf.gather(chosen, number)
        seed = tf.stack([epoch_seed, tf.cast(number, tf.int32)])
        faces = tf.cast(tf.gather(pixels, rows), tf.float32) / 255.0
        seen_px = plan.size_px if teachers is None else teachers.size_px
        faces = augment(faces, augmentation, size_px=seen_px, seed=seed)
        faces, target = mix(faces, tf.gather(shares, rows), augmentation, seed=seed)
        if teachers is not None:
            faces, target = _blend_teacher_scores(teachers, faces, target, size_px=plan.size_px)
        return faces, target, tf.linalg.matvec(target, class_weights)

    return tf.data.Dataset.range(batches).map(batch, num_parallel_calls=1).prefetch(2)


def plain_batches(pixels: np.ndarray, *, batch_size: int) -> Any:
    """Float32 pictures in [0, 1], unchanged and in order, for inference."""
    return (
        tf.data.Dataset.from_tensor_slices(pixels[..., None])
        .batch(batch_size)
        .map(lambda faces: tf.cast(faces, tf.float32) / 255.0)
    )


def augment(faces: Any, augmentation: Augmentation, *, size_px: int, seed: Any) -> Any:
    """Flip, rotate, zoom, shift, change brightness and contrast, erase, blur and add noise.

    Returns:
        Faces of `size_px`.
    """
    count = tf.shape(faces)[0]

    def uniform(stream: int, low: float, high: float, shape: Any = None) -> Any:
        return tf.random.stateless_uniform(
            [count] if shape is None else shape, _stream(seed, stream), low, high
        )

    matrices = _affine(uniform, augmentation, source_px=faces.shape[1], target_px=size_px)
    faces = tf.raw_ops.ImageProjectiveTransformV3(
        images=faces,
        transforms=matrices,
        output_shape=[size_px, size_px],
        interpolation="BILINEAR",
        fill_mode="CONSTANT",
        fill_value=0.0,
    )
    # Steps without effect are skipped: they took more than half of the time.
    if augmentation.contrast or augmentation.brightness:
        gain = uniform(5, 1 - augmentation.contrast, 1 + augmentation.contrast)[:, None, None, None]
        offset = uniform(6, -augmentation.brightness, augmentation.brightness)[:, None, None, None]
        mean = tf.reduce_mean(faces, axis=(1, 2, 3), keepdims=True)
        faces = tf.clip_by_value((faces - mean) * gain + mean + offset * 0.5, 0.0, 1.0)
    if augmentation.erasing:
        faces = _erase_rectangle(faces, uniform, augmentation, size_px)
    if augmentation.blur:
        share = uniform(13, 0.0, augmentation.blur)[:, None, None, None]
        faces = faces + share * (_blur(faces) - faces)
    if augmentation.noise:
        spread = uniform(14, 0.0, augmentation.noise)[:, None, None, None]
        grain = tf.random.stateless_normal(tf.shape(faces), _stream(seed, 15))
        faces = tf.clip_by_value(faces + spread * grain, 0.0, 1.0)
    return faces


def mix(faces: Any, labels: Any, augmentation: Augmentation, *, seed: Any) -> tuple[Any, Any]:
    """Mixup (Zhang et al. 2018): whole batches blended with themselves, in another order."""
    if not augmentation.mixup_share:
        return faces, labels
    gammas = tf.random.stateless_gamma([2], _stream(seed, 20), alpha=augmentation.mixup_alpha)
    share = gammas[0] / (tf.reduce_sum(gammas) + 1e-12)
    share = tf.maximum(share, 1 - share)
    applied = tf.random.stateless_uniform([], _stream(seed, 21)) < augmentation.mixup_share
    share = tf.where(applied, share, 1.0)
    return (
        share * faces + (1 - share) * faces[::-1],
        share * labels + (1 - share) * labels[::-1],
    )


def _blend_teacher_scores(
    teachers: TeacherScorer, faces: Any, targets: Any, *, size_px: int
) -> tuple[Any, Any]:
    """The faces in the student's size, and the targets blended with the teachers' scores."""
    scores = tf.ensure_shape(tf.numpy_function(teachers.scores, [faces], tf.float32), targets.shape)
    if teachers.size_px != size_px:
        faces = tf.image.resize(faces, (size_px, size_px), antialias=True)
    return faces, (1 - teachers.share) * targets + teachers.share * scores


def _stream(seed: Any, number: int) -> Any:
    """A separate seed for each kind of change, so that they are independent."""
    return tf.stack([seed[0], seed[1] + number * 1_000_003])


def _affine(uniform: Any, augmentation: Augmentation, *, source_px: int, target_px: int) -> Any:
    """Rows of eight numbers that map target pixels to source pixels, about the centres."""
    angle = uniform(1, -augmentation.rotation_deg, augmentation.rotation_deg) * (math.pi / 180)
    zoom = (source_px / target_px) / uniform(2, 1 - augmentation.scale, 1 + augmentation.scale)
    flip = tf.where(uniform(0, 0.0, 1.0) < augmentation.flip, -1.0, 1.0)
    shift_x = uniform(3, -augmentation.shift, augmentation.shift) * source_px
    shift_y = uniform(4, -augmentation.shift, augmentation.shift) * source_px
    a, b = tf.cos(angle) * zoom * flip, -tf.sin(angle) * zoom
    d, e = tf.sin(angle) * zoom * flip, tf.cos(angle) * zoom
    centre_source, centre_target = (source_px - 1) / 2, (target_px - 1) / 2
    c = centre_source - (a + b) * centre_target + shift_x
    f = centre_source - (d + e) * centre_target + shift_y
    zero = tf.zeros_like(a)
    return tf.stack([a, b, c, d, e, f, zero, zero], axis=1)


def _blur(faces: Any) -> Any:
    """Blurred by the binomial kernel of five pixels: a Gaussian of one pixel."""
    row = tf.constant([1.0, 4.0, 6.0, 4.0, 1.0]) / 16.0
    padded = tf.pad(faces, [[0, 0], [2, 2], [2, 2], [0, 0]], mode="SYMMETRIC")
    horizontal = tf.nn.conv2d(padded, row[None, :, None, None], 1, "VALID")
    return tf.nn.conv2d(horizontal, row[:, None, None, None], 1, "VALID")


def _erase_rectangle(faces: Any, uniform: Any, augmentation: Augmentation, size_px: int) -> Any:
    """Random erasing (Zhong et al. 2020): a rectangle of 10 to 45 % of each side, one grey."""
    height, width = uniform(7, 0.10, 0.45), uniform(8, 0.10, 0.45)
    top, left = uniform(9, 0.0, 1.0) * (1 - height), uniform(10, 0.0, 1.0) * (1 - width)
    positions = (tf.range(size_px, dtype=tf.float32) + 0.5) / size_px
    rows = (positions >= top[:, None]) & (positions < (top + height)[:, None])
    columns = (positions >= left[:, None]) & (positions < (left + width)[:, None])
    chosen = (uniform(11, 0.0, 1.0) < augmentation.erasing)[:, None, None]
    erased = (rows[:, :, None] & columns[:, None, :] & chosen)[..., None]
    grey = uniform(12, 0.0, 1.0)[:, None, None, None]
    return tf.where(erased, grey, faces)


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
