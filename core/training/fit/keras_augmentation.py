"""Random changes of the faces of a batch, and mixup, in whole-batch operations."""

from __future__ import annotations

import math
from typing import Any

import tensorflow as tf

from core.training.recipes.augmentation import Augmentation


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
