"""Names of layers that TensorFlow's graphs can carry."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import keras

# What TensorFlow takes as the name of a scope; the outermost may not begin with a dash or a stroke.
_PLAIN = re.compile(r"[A-Za-z0-9.][A-Za-z0-9_.-]*")
_STRANGE = re.compile(r"[^A-Za-z0-9_.-]")


def with_plain_names(network: keras.Model) -> keras.Model:
    """The same network under names that a graph can carry; itself where it has such already.

    Names are people's own: "Emotion Model", "_my_model", "conv 1", "слой". Nothing depends on them
    once the weights are loaded; two that become alike keep apart by a number.
    """
    config = keras.saving.serialize_keras_object(network)
    names = set(_names_in(config))
    strange = sorted(name for name in names if not _PLAIN.fullmatch(name))
    if not strange:
        return network
    plain: dict[str, str] = {}
    for name in strange:
        plain[name] = _plain(name, names | set(plain.values()))
    # Built anew, as the weights carry the names too, and Keras has no way to change those.
    renamed = keras.saving.deserialize_keras_object(_renamed(config, plain), safe_mode=True)
    renamed.set_weights(network.get_weights())
    return renamed


def _names_in(config: Any) -> Iterator[str]:
    """Of a network, its layers and its inputs, however deep."""
    inside = config.values() if isinstance(config, dict) else config
    if isinstance(config, dict) and isinstance(config.get("name"), str):
        yield config["name"]
    for one in inside if isinstance(config, dict | list | tuple) else ():
        yield from _names_in(one)


def _plain(name: str, known: set[str]) -> str:
    plain = _STRANGE.sub("_", name)
    if not _PLAIN.fullmatch(plain):
        plain = f"layer{plain}"
    counted = (plain if not number else f"{plain}_{number}" for number in range(len(known) + 1))
    return next(one for one in counted if one not in known)


def _renamed(config: Any, plain: dict[str, str]) -> Any:
    """Every text that is one of the names, wherever layers refer to each other by them."""
    if isinstance(config, dict):
        return {key: _renamed(value, plain) for key, value in config.items()}
    if isinstance(config, list | tuple):
        return type(config)(_renamed(one, plain) for one in config)
    return plain.get(config, config) if isinstance(config, str) else config
