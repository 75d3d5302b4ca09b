"""Preprocessing of face pictures for a model, and its outputs as logits."""

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

# ImageNet's mean and standard deviation in RGB order, for pictures in [0, 1]; as in torchvision.
_MEAN, _STD = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
# The mean that Keras' preprocess_input subtracts from bytes in mode "caffe", in RGB order.
_MEAN_BYTES = np.array([123.68, 116.779, 103.939])
_ZERO, _ONE = np.zeros(3), np.ones(3)

# Scaling -> factor and shift of each colour channel.
_SCALINGS: Mapping[Scaling, tuple[NDArray[np.float64], NDArray[np.float64]]] = {
    Scaling.UNIT: (_ONE, _ZERO),
    Scaling.SIGNED: (2.0 * _ONE, -_ONE),
    Scaling.BYTES: (255.0 * _ONE, _ZERO),
    Scaling.IMAGENET: (1.0 / _STD, -_MEAN / _STD),
    Scaling.MEAN_BYTES: (255.0 * _ONE, -_MEAN_BYTES),
}
_MIN_PROBABILITY = np.finfo(np.float32).eps
"""Probabilities are clipped to it, as in scikit-learn: 0 has no logarithm."""

Pictures = NDArray[np.uint8] | NDArray[np.float32]
"""Grey bytes of any size, or faces in the model's input size; see `preprocess`."""


OPENCV_INTERPOLATION: Mapping[Interpolation, int] = {
    Interpolation.CUBIC: cv2.INTER_CUBIC,
    Interpolation.BILINEAR: cv2.INTER_LINEAR,
}
"""Interpolation -> OpenCV's flag."""


def resized(
    pictures: NDArray[np.uint8], size_px: int, interpolation: Interpolation = Interpolation.CUBIC
) -> NDArray[np.uint8]:
    """Square pictures `(n, side, side)` resized; a size of 0 keeps theirs.

    Args:
        interpolation: for enlarging; shrinking averages areas.
    """
    if size_px in {0, pictures.shape[1]}:
        return pictures
    flag = cv2.INTER_AREA if size_px < pictures.shape[1] else OPENCV_INTERPOLATION[interpolation]
    small = [cv2.resize(one, (size_px, size_px), interpolation=flag) for one in pictures]
    return np.asarray(np.stack(small), dtype=np.uint8)


def as_faces(pictures: Pictures, model_input: ModelInput) -> NDArray[np.float32]:
    """Pictures as float32 in [0, 1] in the model's input size: `(n, size, size, c)`.

    Args:
        pictures: see `preprocess`; faces are returned unchanged.
    """
    if pictures.ndim == len(("n", *model_input.shape)):
        return np.asarray(pictures, dtype=np.float32)
    pixels = np.asarray(pictures, dtype=np.uint8)
    grey = resized(pixels, model_input.size_px, model_input.interpolation)[..., None]
    return grey.astype(np.float32) / np.float32(255)


def preprocess(pictures: Pictures, model_input: ModelInput) -> NDArray[np.float32]:
    """Pictures as the model's input tensor; `pictures` itself where nothing has to change.

    Args:
        pictures: grey, of any size, as datasets store them, uint8 `(n, side, side)`; or cropped
            faces, float32 in [0, 1], grey `(n, size, size, 1)` or RGB `(n, size, size, 3)`. For a
            colour model a grey channel is repeated three times.
    Returns:
        Float32 `(n, *model_input.shape)`.
    Raises:
        ValueError: colour pictures for a greyscale model.
    """
    faces = as_faces(pictures, model_input)
    if faces.shape[-1] > model_input.channels:
        raise ValueError(f"{faces.shape[-1]} channels for a model with {model_input.channels}")
    if model_input.scaling is not Scaling.UNIT:
        factor, shift = _scaling_of(model_input)
        faces = faces * factor + shift
    elif faces.shape[-1] < model_input.channels:
        faces = np.repeat(faces, model_input.channels, axis=-1)
    if model_input.colour_order is ColourOrder.BGR:
        faces = faces[..., ::-1]
    if model_input.layout is TensorLayout.NCHW:
        faces = faces.transpose(0, 3, 1, 2)
    return np.ascontiguousarray(faces, dtype=np.float32)


def _scaling_of(model_input: ModelInput) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    factor, shift = _SCALINGS[model_input.scaling]
    if model_input.channels == 1:  # a grey channel stands for all three colours
        factor, shift = factor.mean(keepdims=True), shift.mean(keepdims=True)
    return factor.astype(np.float32), shift.astype(np.float32)


def logits_from(outputs: NDArray[np.float32], card: ModelCard) -> NDArray[np.float32]:
    """Logits in the order of the card's labels; `outputs` itself where they are that already.

    Args:
        outputs: float32 `(n, k)`, raw; `(n, 1)` where they are a share.
        card: states what they are.
    Returns:
        Float32 `(n, len(card.scheme))`; their softmax are the model's scores.
    """
    logits = as_logits(outputs, card.answers)
    return logits[:, list(card.outputs)] if card.outputs else logits


def as_logits(outputs: NDArray[np.float32], kind: OutputKind) -> NDArray[np.float32]:
    """Logits in the order of the model's outputs; `outputs` itself where they are that already.

    Args:
        outputs: float32 `(n, k)`; `(n, 1)` where they are a share, which gives two logits.
        kind: of the outputs.
    """
    if kind is OutputKind.LOGITS:
        return outputs
    if kind is OutputKind.SIGMOIDS:
        inside = np.clip(outputs.astype(np.float64), _MIN_PROBABILITY, 1.0 - _MIN_PROBABILITY)
        return np.asarray(np.log(inside / (1.0 - inside)), np.float32)  # a sigmoid's inverse
    if kind is OutputKind.SHARE:
        share = np.clip(outputs, 0.0, 1.0)
        outputs = np.concatenate([1.0 - share, share], axis=1)
    return np.log(np.maximum(outputs, np.float32(_MIN_PROBABILITY)))
