"""Grad-CAM++ and features of any Keras network, found by its structure and not by layer names.

Grad-CAM++ (Chattopadhay et al. 2018, equations 7, 10 and 19): with feature maps A^k and a class's
logit S, and taking Y = exp(S) as the class's score, every place weighs

    a_ij^k = (dS/dA_ij^k)^2 / (2 (dS/dA_ij^k)^2 + sum_ab A_ab^k (dS/dA_ij^k)^3)

each map weighs w_k = sum_ij a_ij^k relu(dY/dA_ij^k), and the map is relu(sum_k w_k A^k). The factor
exp(S) of dY/dA is one number for the whole picture; maps are divided by their largest value, so it
is left out.
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
from core.evaluation.explain.saliency import TOP, normalised_maps

MIN_MAP_SIDE = 5
"""Sides of a map: on a coarser one eyes and mouth share a place."""

_AT_ONCE = 64
_EPSILON = 1e-12


@dataclass(frozen=True, eq=False)
class Seen:
    """What a network made of pictures.

    Attributes:
        logits: float32 `(n, k)`.
        features: float32 `(n, f)`: what its last dense layer reads.
        maps: float32 `(n, m, s, s)`: for each class that was asked for, largest value 1; 0 where
            nothing spoke for it.
    """

    logits: NDArray[np.float32]
    features: NDArray[np.float32]
    maps: NDArray[np.float32]


def use_threads(threads: int) -> None:
    """Take so many threads of the processor; call once, before the first tensor."""
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)


def compute_grad_cam(
    network: keras.Model,
    faces: NDArray[np.float32],
    asked: NDArray[np.int64],
    *,
    tell: Callable[[int, int], None] = lambda _done, _total: None,
) -> Seen:
    """Answers, features and maps of many pictures.

    Args:
        faces: float32 `(n, size, size, channels)`, prepared as the network reads them.
        asked: int64 `(n, m)`: the classes to explain of each picture, or `TOP`.
        tell: hears how many of how many are done; may raise to stop.
    Raises:
        DamagedModel: no layer of the network holds a map.
    """
    parts = []
    look = tf.function(_looker(network, asked.shape[1]), reduce_retracing=True)
    for start in range(0, len(faces), _AT_ONCE):
        some = faces[start : start + _AT_ONCE]
        parts.append([one.numpy() for one in look(some, asked[start : start + _AT_ONCE])])
        tell(start + len(some), len(faces))
    logits, features, maps = (np.concatenate(found) for found in zip(*parts, strict=True))
    flat = normalised_maps(maps.reshape(-1, *maps.shape[2:]))
    return Seen(logits, features, flat.reshape(maps.shape))


def untrained(network: keras.Model, *, seed: int) -> keras.Model:
    """The same network with random weights."""
    keras.utils.set_random_seed(seed)
    return keras.models.clone_model(network)


def map_layer(network: keras.Model) -> Any:
    """The layer whose output is explained: the last that is a map of enough places.

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


def _looker(network: keras.Model, columns: int) -> Callable[[Any, Any], tuple[Any, Any, Any]]:
    layer, last = map_layer(network), _last_dense(network)

    def look(faces: Any, asked: Any) -> tuple[Any, Any, Any]:
        with tf.GradientTape(persistent=True) as tape, _listening(layer, last, tape) as heard:
            logits = tf.cast(network(faces, training=False), tf.float32)
            if logits.shape[-1] == 1:  # one share answers for two labels
                logits = tf.concat([-logits, logits], axis=1)
            top = tf.argmax(logits, axis=1)
            wanted = [tf.where(asked[:, at] == TOP, top, asked[:, at]) for at in range(columns)]
            chosen = [tf.gather(logits, one, batch_dims=1) for one in wanted]
        maps = heard["map"]
        features = tf.cast(heard.get("features", logits), tf.float32)
        told = [_grad_cam_plus_plus(maps, tape.gradient(one, maps)) for one in chosen]
        return logits, tf.reshape(features, (tf.shape(faces)[0], -1)), tf.stack(told, axis=1)

    return look


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
def _listening(layer: Any, last: Any, tape: tf.GradientTape) -> Iterator[dict[str, Any]]:
    """Inside, what `layer` answers is watched and heard, and what `last` reads is heard.

    Layers are listened to instead of cutting the network there: a layer may lie inside a network
    that is itself a layer, as those of EfficientNet do, and Keras cannot cut through that.
    """
    heard: dict[str, Any] = {}
    answer_of, read_by = layer.call, getattr(last, "call", None)

    def answering(*given: Any, **named: Any) -> Any:
        answer = answer_of(*given, **named)
        tape.watch(answer)
        heard["map"] = answer
        return answer

    def reading(features: Any, **named: Any) -> Any:
        heard["features"] = features
        return read_by(features, **named) if read_by else features

    layer.call = answering
    if last is not None:
        last.call = reading
    try:
        yield heard
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
    """Shorter side of the map that a layer answers; 0 for what is none."""
    # Padding is a map with a rim that nothing was seen in.
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
