"""From face pictures as Mien keeps them to what a model reads, and from its numbers to logits."""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

from core.domain import (
    ColourOrder,
    Interpolation,
    ModelCard,
    ModelInput,
    OutputKind,
    Scaling,
    TensorLayout,
)

# ImageNet's mean colour and spread, red first, of pictures in [0, 1]; as torchvision has them.
_MEAN, _SPREAD = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
# The mean of bytes that Keras' preprocess_input takes away in its mode "caffe", red first.
_MEAN_BYTES = np.array([123.68, 116.779, 103.939])
_ZERO, _ONE = np.zeros(3), np.ones(3)

# Each scaling is one factor and one shift for each colour.
_SCALINGS: Mapping[Scaling, tuple[NDArray[np.float64], NDArray[np.float64]]] = {
    Scaling.UNIT: (_ONE, _ZERO),
    Scaling.SIGNED: (2.0 * _ONE, -_ONE),
    Scaling.BYTES: (255.0 * _ONE, _ZERO),
    Scaling.IMAGENET: (1.0 / _SPREAD, -_MEAN / _SPREAD),
    Scaling.MEAN_BYTES: (255.0 * _ONE, -_MEAN_BYTES),
}
_LEAST = np.finfo(np.float32).eps
"""A probability of 0 has no logarithm: scikit-learn's bound, the precision of the numbers."""

Pictures = NDArray[np.uint8] | NDArray[np.float32]
"""Grey ones of any size as bytes, or faces in the size that a model reads; see `preprocess`."""


ENLARGED_BY: Mapping[Interpolation, int] = {
    Interpolation.CUBIC: cv2.INTER_CUBIC,
    Interpolation.BILINEAR: cv2.INTER_LINEAR,
}
"""OpenCV's flag for each."""


def resized(
    pictures: NDArray[np.uint8], size_px: int, interpolation: Interpolation = Interpolation.CUBIC
) -> NDArray[np.uint8]:
    """Square pictures `(n, side, side)` at another side; 0 keeps theirs.

    Args:
        interpolation: of those that are enlarged; larger ones are averaged.
    """
    if size_px in {0, pictures.shape[1]}:
        return pictures
    how = cv2.INTER_AREA if size_px < pictures.shape[1] else ENLARGED_BY[interpolation]
    small = [cv2.resize(one, (size_px, size_px), interpolation=how) for one in pictures]
    return np.asarray(np.stack(small), dtype=np.uint8)


def as_faces(pictures: Pictures, wanted: ModelInput) -> NDArray[np.float32]:
    """Pictures as faces, float32 in [0, 1], in the size that a model reads: `(n, size, size, c)`.

    Args:
        pictures: see `preprocess`; faces stay as they are.
    """
    if pictures.ndim == len(("n", *wanted.shape)):
        return np.asarray(pictures, dtype=np.float32)
    pixels = np.asarray(pictures, dtype=np.uint8)
    grey = resized(pixels, wanted.size_px, wanted.interpolation)[..., None]
    return grey.astype(np.float32) / np.float32(255)


def preprocess(pictures: Pictures, wanted: ModelInput) -> NDArray[np.float32]:
    """Pictures as a model reads them; `pictures` itself where it reads them as they are.

    Args:
        pictures: grey ones of any size as datasets keep them, uint8 `(n, side, side)`; or cut-out
            faces, float32 in [0, 1], grey `(n, size, size, 1)` or RGB `(n, size, size, 3)`. Grey
            ones are given to a model of colours as three equal ones.
    Returns:
        Float32 `(n, *wanted.shape)`.
    Raises:
        ValueError: colour for a model that reads grey.
    """
    faces = as_faces(pictures, wanted)
    if faces.shape[-1] > wanted.channels:
        raise ValueError(f"{faces.shape[-1]} channels for a model that reads {wanted.channels}")
    if wanted.scaling is not Scaling.UNIT:
        factor, shift = _scaling_of(wanted)
        faces = faces * factor + shift
    elif faces.shape[-1] < wanted.channels:
        faces = np.repeat(faces, wanted.channels, axis=-1)
    if wanted.colour_order is ColourOrder.BGR:
        faces = faces[..., ::-1]
    if wanted.layout is TensorLayout.NCHW:
        faces = faces.transpose(0, 3, 1, 2)
    return np.ascontiguousarray(faces, dtype=np.float32)


def _scaling_of(wanted: ModelInput) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    factor, shift = _SCALINGS[wanted.scaling]
    if wanted.channels == 1:  # what grey is to the three colours together
        factor, shift = factor.mean(keepdims=True), shift.mean(keepdims=True)
    return factor.astype(np.float32), shift.astype(np.float32)


def logits_from(numbers: NDArray[np.float32], card: ModelCard) -> NDArray[np.float32]:
    """Logits in the order of the card's labels; `numbers` itself where they are that already.

    Args:
        numbers: float32 `(n, k)`, as a model gave them; `(n, 1)` where they are a share.
        card: says what they are.
    Returns:
        Float32 `(n, len(card.scheme))`; their softmax is what the model said.
    """
    logits = as_logits(numbers, card.answers)
    return logits[:, list(card.outputs)] if card.outputs else logits


def as_logits(numbers: NDArray[np.float32], answers: OutputKind) -> NDArray[np.float32]:
    """Logits in the order of a model's own numbers; `numbers` itself where they are that already.

    Args:
        numbers: float32 `(n, k)`; `(n, 1)` where they are a share, which gives two logits.
        answers: what they are.
    """
    if answers is OutputKind.LOGITS:
        return numbers
    if answers is OutputKind.SIGMOIDS:
        inside = np.clip(numbers.astype(np.float64), _LEAST, 1.0 - _LEAST)
        return np.asarray(np.log(inside / (1.0 - inside)), np.float32)  # a sigmoid's inverse
    if answers is OutputKind.SHARE:
        share = np.clip(numbers, 0.0, 1.0)
        numbers = np.concatenate([1.0 - share, share], axis=1)
    return np.log(np.maximum(numbers, np.float32(_LEAST)))
