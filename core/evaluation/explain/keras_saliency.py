"""Grad-CAM++ and features of any Keras network, located by its structure and not by layer names.

Grad-CAM++ (Chattopadhay et al. 2018, equations 7, 10 and 19): with feature maps A^k and a class's
logit S, and taking Y = exp(S) as the class's score, every position has the weight

    a_ij^k = (dS/dA_ij^k)^2 / (2 (dS/dA_ij^k)^2 + sum_ab A_ab^k (dS/dA_ij^k)^3)

each feature map has the weight w_k = sum_ij a_ij^k relu(dY/dA_ij^k), and the result is
relu(sum_k w_k A^k). The factor exp(S) of dY/dA is constant for a picture; maps are divided by their
largest value, so it is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core.domain.errors import DamagedModel
from core.domain.progress import ProgressCallback, no_progress
from core.evaluation.explain.saliency import TOP_CLASS, normalised_maps

MIN_MAP_SIDE = 5
"""Minimum side of a map: on a coarser one eyes and mouth share a cell."""

_AT_ONCE = 64
_EPSILON = 1e-12


@dataclass(frozen=True, eq=False)
class GradCamOutputs:
    """Outputs of a network with Grad-CAM++ maps.

    Attributes:
        logits: float32 `(n, k)`.
        features: float32 `(n, f)`: input of its last dense layer.
        maps: float32 `(n, m, s, s)`: for each target class, largest value 1; 0 everywhere without
            positive evidence.
    """

    logits: NDArray[np.float32]
    features: NDArray[np.float32]
    maps: NDArray[np.float32]


def use_threads(threads: int) -> None:
    """Limit TensorFlow to so many threads; call once, before the first tensor."""
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)


def compute_grad_cam(
    network: keras.Model,
    faces: NDArray[np.float32],
    targets: NDArray[np.int64],
    *,
    on_progress: ProgressCallback = no_progress,
) -> GradCamOutputs:
    """Logits, features and Grad-CAM++ maps of many pictures.

    Args:
        faces: float32 `(n, size, size, channels)`, preprocessed for the network.
        targets: int64 `(n, m)`: the classes to explain of each picture, or `TOP_CLASS`.
        on_progress: gets how many of how many are done; may raise to stop.
    Raises:
        DamagedModel: no layer of the network has a feature map.
    """
    parts = []
    compute = tf.function(_grad_cam_function(network, targets.shape[1]), reduce_retracing=True)
    for start in range(0, len(faces), _AT_ONCE):
        batch = faces[start : start + _AT_ONCE]
        parts.append([one.numpy() for one in compute(batch, targets[start : start + _AT_ONCE])])
        on_progress(start + len(batch), len(faces))
    logits, features, maps = (np.concatenate(found) for found in zip(*parts, strict=True))
    flat = normalised_maps(maps.reshape(-1, *maps.shape[2:]))
    return GradCamOutputs(logits, features, flat.reshape(maps.shape))


def untrained(network: keras.Model, *, seed: int) -> keras.Model:
    """The same network with random weights."""
    keras.utils.set_random_seed(seed)
    return keras.models.clone_model(network)


def map_layer(network: keras.Model) -> Any:
    """The layer whose output is explained: the last with a large enough feature map.

    Raises:
        DamagedModel: there is none.
    """
    sized = [(layer, _side(layer)) for layer in _layers(network)]
    for least in (MIN_MAP_SIDE, 2):
        found = [layer for layer, side in sized if side >= least]
        if found:
            return found[-1]
    raise DamagedModel(
        f"{network.name} has no feature map to explain.",
        advice="Explain it by occlusion: that needs scores only.",
    )


def _grad_cam_function(
    network: keras.Model, columns: int
) -> Callable[[Any, Any], tuple[Any, Any, Any]]:
    layer, last = map_layer(network), _last_dense(network)

    def compute(faces: Any, targets: Any) -> tuple[Any, Any, Any]:
        with tf.GradientTape(persistent=True) as tape, _capturing(layer, last, tape) as captured:
            logits = tf.cast(network(faces, training=False), tf.float32)
            if logits.shape[-1] == 1:  # a single output for two labels
                logits = tf.concat([-logits, logits], axis=1)
            top = tf.argmax(logits, axis=1)
            classes = [
                tf.where(targets[:, at] == TOP_CLASS, top, targets[:, at]) for at in range(columns)
            ]
            chosen = [tf.gather(logits, one, batch_dims=1) for one in classes]
        maps = captured["map"]
        features = tf.cast(captured.get("features", logits), tf.float32)
        grad_cams = [_grad_cam_plus_plus(maps, tape.gradient(one, maps)) for one in chosen]
        return logits, tf.reshape(features, (tf.shape(faces)[0], -1)), tf.stack(grad_cams, axis=1)

    return compute


def _grad_cam_plus_plus(maps: Any, gradient: Any) -> Any:
    """`(n, s, s)` from feature maps and a logit's gradient, both `(n, s, s, channels)`."""
    maps, gradient = tf.cast(maps, tf.float32), tf.cast(gradient, tf.float32)
    squared = gradient * gradient
    sums = tf.reduce_sum(maps, axis=(1, 2), keepdims=True)
    below = 2.0 * squared + sums * squared * gradient
    safe = tf.where(tf.abs(below) > _EPSILON, below, tf.ones_like(below))
    places = tf.where(tf.abs(below) > _EPSILON, squared / safe, tf.zeros_like(squared))
    weights = tf.reduce_sum(places * tf.nn.relu(gradient), axis=(1, 2), keepdims=True)
    return tf.nn.relu(tf.reduce_sum(weights * maps, axis=3))


@contextmanager
def _capturing(layer: Any, last: Any, tape: tf.GradientTape) -> Iterator[dict[str, Any]]:
    """Within the context, capture the output of `layer`, watched by the tape, and `last`'s input.

    Calls are wrapped instead of making a model that ends at the layer: the layer may be inside a
    nested network, as in EfficientNet, and Keras cannot make a model across that.
    """
    captured: dict[str, Any] = {}
    answer_of, read_by = layer.call, getattr(last, "call", None)

    def answering(*given: Any, **named: Any) -> Any:
        answer = answer_of(*given, **named)
        tape.watch(answer)
        captured["map"] = answer
        return answer

    def reading(features: Any, **named: Any) -> Any:
        captured["features"] = features
        return read_by(features, **named) if read_by else features

    layer.call = answering
    if last is not None:
        last.call = reading
    try:
        yield captured
    finally:
        layer.call = answer_of
        if last is not None:
            last.call = read_by


def _layers(network: keras.Model) -> Iterator[Any]:
    """Every layer in the order of computation, those of inner networks in their place."""
    for layer in network.layers:
        if isinstance(layer, keras.Model):
            yield from _layers(layer)
        else:
            yield layer


def _side(layer: Any) -> int:
    """Shorter side of the feature map that a layer returns; 0 for other outputs."""
    # Padding adds a border without information.
    if isinstance(layer, keras.layers.InputLayer | keras.layers.ZeroPadding2D):
        return 0
    try:
        shape = layer.output.shape
    except (AttributeError, ValueError):  # never called, or called in several places
        return 0
    return min(shape[1:3]) if len(shape) == 4 and None not in shape[1:3] else 0


def _last_dense(network: keras.Model) -> Any:
    dense = [layer for layer in _layers(network) if isinstance(layer, keras.layers.Dense)]
    return dense[-1] if dense else None
