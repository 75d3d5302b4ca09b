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
        balanced: whether every class is drawn equally often.
    """

    epoch: int
    seed: int
    size_px: int
    batch_size: int
    balanced: bool = False


@dataclass(frozen=True, eq=False)
class Targets:
    """What is to be answered, and how much each picture counts.

    Attributes:
        shares: float32 `(n, classes)`: the share of each class in the wanted answer; rows sum to 1.
        labels: int64 `(n,)`: the class each picture is drawn as.
        weights: float32 `(classes,)`: how much a picture of each class counts; ones on average.
    """

    shares: NDArray[np.float32]
    labels: NDArray[np.int64]
    weights: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Asking:
    """Teachers that are asked about every picture as it was changed.

    Attributes:
        scores: float32 faces `(b, size, size, 1)` in [0, 1] -> float32 `(b, classes)`.
        share: of the wanted answer that they decide.
        size_px: side of the pictures they read.
    """

    scores: Callable[[NDArray[np.float32]], NDArray[np.float32]]
    share: float
    size_px: int


def order_of(labels: NDArray[np.int64], plan: EpochPlan) -> NDArray[np.int64]:
    """Which picture comes when in an epoch: each once, or every class equally often."""
    rng = np.random.default_rng((plan.seed, plan.epoch))
    if not plan.balanced:
        return rng.permutation(len(labels))
    present = np.unique(labels)
    drawn = [
        rng.choice(np.flatnonzero(labels == label), -(-len(labels) // len(present)))
        for label in present
    ]
    return np.asarray(rng.permutation(np.concatenate(drawn))[: len(labels)], dtype=np.int64)


def training_batches(
    pictures: PictureSet,
    targets: Targets,
    plan: EpochPlan,
    change: Augmentation,
    asking: Asking | None = None,
) -> Any:
    """A tf.data.Dataset of faces, wanted answers and weights.

    Faces are float32 `(b, size, size, 1)` in [0, 1], answers float32 `(b, classes)`, weights
    float32 `(b,)`. The last, smaller batch is left out: its pictures come another time.
    """
    order = order_of(targets.labels, plan)
    epoch_seed = int(np.random.SeedSequence((plan.seed, plan.epoch)).generate_state(1)[0] >> 1)
    batches = len(pictures) // plan.batch_size
    # uint8 in memory; only the batch at hand becomes float32.
    pixels = tf.constant(pictures.pixels[..., None])
    shares, class_weights = tf.constant(targets.shares), tf.constant(targets.weights)
    chosen = tf.constant(order[: batches * plan.batch_size].reshape(batches, plan.batch_size))

    def batch(number: Any) -> tuple[Any, Any, Any]:
        rows = tf.gather(chosen, number)
        seed = tf.stack([epoch_seed, tf.cast(number, tf.int32)])
        faces = tf.cast(tf.gather(pixels, rows), tf.float32) / 255.0
        seen_px = plan.size_px if asking is None else asking.size_px
        faces = change_faces(faces, change, size_px=seen_px, seed=seed)
        faces, wanted = mix(faces, tf.gather(shares, rows), change, seed=seed)
        if asking is not None:
            faces, wanted = _asked(asking, faces, wanted, size_px=plan.size_px)
        return faces, wanted, tf.linalg.matvec(wanted, class_weights)

    return tf.data.Dataset.range(batches).map(batch, num_parallel_calls=1).prefetch(2)


def plain_batches(pixels: np.ndarray, *, batch_size: int) -> Any:
    """Float32 pictures in [0, 1], unchanged and in order, for judging."""
    return (
        tf.data.Dataset.from_tensor_slices(pixels[..., None])
        .batch(batch_size)
        .map(lambda faces: tf.cast(faces, tf.float32) / 255.0)
    )


def change_faces(faces: Any, change: Augmentation, *, size_px: int, seed: Any) -> Any:
    """Flip, turn, zoom, shift, relight, blot and spoil; the result has the wanted size."""
    count = tf.shape(faces)[0]

    def draw(stream: int, low: float, high: float, shape: Any = None) -> Any:
        return tf.random.stateless_uniform(
            [count] if shape is None else shape, _stream(seed, stream), low, high
        )

    flat = _affine(draw, change, source_px=faces.shape[1], target_px=size_px)
    faces = tf.raw_ops.ImageProjectiveTransformV3(
        images=faces,
        transforms=flat,
        output_shape=[size_px, size_px],
        interpolation="BILINEAR",
        fill_mode="CONSTANT",
        fill_value=0.0,
    )
    # Changes that change nothing are left out: they took more than half of the time.
    if change.contrast or change.brightness:
        gain = draw(5, 1 - change.contrast, 1 + change.contrast)[:, None, None, None]
        offset = draw(6, -change.brightness, change.brightness)[:, None, None, None]
        mean = tf.reduce_mean(faces, axis=(1, 2, 3), keepdims=True)
        faces = tf.clip_by_value((faces - mean) * gain + mean + offset * 0.5, 0.0, 1.0)
    if change.erasing:
        faces = _blot(faces, draw, change, size_px)
    if change.blur:
        share = draw(13, 0.0, change.blur)[:, None, None, None]
        faces = faces + share * (_out_of_focus(faces) - faces)
    if change.noise:
        spread = draw(14, 0.0, change.noise)[:, None, None, None]
        grain = tf.random.stateless_normal(tf.shape(faces), _stream(seed, 15))
        faces = tf.clip_by_value(faces + spread * grain, 0.0, 1.0)
    return faces


def mix(faces: Any, labels: Any, change: Augmentation, *, seed: Any) -> tuple[Any, Any]:
    """Mixup (Zhang et al. 2018): whole batches blended with themselves, in another order."""
    if not change.mixup_share:
        return faces, labels
    gammas = tf.random.stateless_gamma([2], _stream(seed, 20), alpha=change.mixup_alpha)
    share = gammas[0] / (tf.reduce_sum(gammas) + 1e-12)
    share = tf.maximum(share, 1 - share)
    plays = tf.random.stateless_uniform([], _stream(seed, 21)) < change.mixup_share
    share = tf.where(plays, share, 1.0)
    return (
        share * faces + (1 - share) * faces[::-1],
        share * labels + (1 - share) * labels[::-1],
    )


def _asked(asking: Asking, faces: Any, wanted: Any, *, size_px: int) -> tuple[Any, Any]:
    """The faces in the pupil's size, and the answer that the teachers take their share of."""
    told = tf.ensure_shape(tf.numpy_function(asking.scores, [faces], tf.float32), wanted.shape)
    if asking.size_px != size_px:
        faces = tf.image.resize(faces, (size_px, size_px), antialias=True)
    return faces, (1 - asking.share) * wanted + asking.share * told


def _stream(seed: Any, number: int) -> Any:
    """A seed of its own for each kind of change, so that one does not move another."""
    return tf.stack([seed[0], seed[1] + number * 1_000_003])


def _affine(draw: Any, change: Augmentation, *, source_px: int, target_px: int) -> Any:
    """Rows of eight numbers that map target pixels to source pixels, about the centres."""
    turn = draw(1, -change.rotation_deg, change.rotation_deg) * (math.pi / 180)
    zoom = (source_px / target_px) / draw(2, 1 - change.scale, 1 + change.scale)
    flip = tf.where(draw(0, 0.0, 1.0) < change.flip, -1.0, 1.0)
    shift_x = draw(3, -change.shift, change.shift) * source_px
    shift_y = draw(4, -change.shift, change.shift) * source_px
    a, b = tf.cos(turn) * zoom * flip, -tf.sin(turn) * zoom
    d, e = tf.sin(turn) * zoom * flip, tf.cos(turn) * zoom
    middle_source, middle_target = (source_px - 1) / 2, (target_px - 1) / 2
    c = middle_source - (a + b) * middle_target + shift_x
    f = middle_source - (d + e) * middle_target + shift_y
    zero = tf.zeros_like(a)
    return tf.stack([a, b, c, d, e, f, zero, zero], axis=1)


def _out_of_focus(faces: Any) -> Any:
    """Blurred by the binomial kernel of five pixels: a Gaussian of one pixel."""
    row = tf.constant([1.0, 4.0, 6.0, 4.0, 1.0]) / 16.0
    edged = tf.pad(faces, [[0, 0], [2, 2], [2, 2], [0, 0]], mode="SYMMETRIC")
    across = tf.nn.conv2d(edged, row[None, :, None, None], 1, "VALID")
    return tf.nn.conv2d(across, row[:, None, None, None], 1, "VALID")


def _blot(faces: Any, draw: Any, change: Augmentation, size_px: int) -> Any:
    """Random erasing (Zhong et al. 2020): a rectangle of 10 to 45 % of each side, one grey."""
    tall, wide = draw(7, 0.10, 0.45), draw(8, 0.10, 0.45)
    top, left = draw(9, 0.0, 1.0) * (1 - tall), draw(10, 0.0, 1.0) * (1 - wide)
    place = (tf.range(size_px, dtype=tf.float32) + 0.5) / size_px
    rows = (place >= top[:, None]) & (place < (top + tall)[:, None])
    columns = (place >= left[:, None]) & (place < (left + wide)[:, None])
    chosen = (draw(11, 0.0, 1.0) < change.erasing)[:, None, None]
    hidden = (rows[:, :, None] & columns[:, None, :] & chosen)[..., None]
    grey = draw(12, 0.0, 1.0)[:, None, None, None]
    return tf.where(hidden, grey, faces)


def targets_of(
    pictures: PictureSet,
    recipe: Recipe,
    *,
    classes: int,
    votes: NDArray[np.float32] | None = None,
    taught: NDArray[np.float32] | None = None,
) -> Targets:
    """Labels, partly replaced by votes and by teachers' answers, and what each class weighs.

    Args:
        classes: of the scheme.
        votes: float32 `(n, classes)`, share of the people that voted; rows of zeros where nobody
            did: there the label stands alone.
        taught: float32 `(n, classes)`, the teachers' scores.
    """
    shares = np.eye(classes, dtype=np.float32)[pictures.labels]
    if votes is not None and recipe.votes:
        voted = votes.sum(axis=1) > 0
        shares[voted] = (1 - recipe.votes) * shares[voted] + recipe.votes * votes[voted]
    if taught is not None and recipe.teaching:
        shares = (1 - recipe.teaching) * shares + recipe.teaching * taught
    return Targets(
        shares=shares.astype(np.float32),
        labels=pictures.labels,
        weights=class_weights(pictures.labels, classes, recipe.balance),
    )


def class_weights(labels: NDArray[np.int64], classes: int, balance: Balance) -> NDArray[np.float32]:
    """How much a picture of each class counts: ones, or n / (k * n_c) over the classes present."""
    weights = np.ones(classes, dtype=np.float32)
    if balance is Balance.WEIGHTS:
        counts = np.bincount(labels, minlength=classes)
        present = counts > 0
        weights[present] = len(labels) / (present.sum() * counts[present])
    return weights
