"""Renames layers to names that TensorFlow's graphs allow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import keras

# Valid names of TensorFlow scopes; the outermost may not start with a dash or an underscore.
_PLAIN = re.compile(r"[A-Za-z0-9.][A-Za-z0-9_.-]*")
_INVALID_CHARACTER = re.compile(r"[^A-Za-z0-9_.-]")


def with_plain_names(network: keras.Model) -> keras.Model:
    """The same network with valid names; itself where all are valid already.

    Names are free text: "Emotion Model", "_my_model", "conv 1", "слой". Nothing depends on them
    once the weights are loaded; names that become equal are numbered.
    """
    config = keras.saving.serialize_keras_object(network)
    names = set(_names_in(config))
    invalid = sorted(name for name in names if not _PLAIN.fullmatch(name))
    if not invalid:
        return network
    plain: dict[str, str] = {}
    for name in invalid:
        plain[name] = _plain(name, names | set(plain.values()))
    # Rebuilt, as the weights have the names too, and Keras cannot rename those.
    renamed = keras.saving.deserialize_keras_object(_renamed(config, plain), safe_mode=True)
    renamed.set_weights(network.get_weights())
    return renamed


def _names_in(config: Any) -> Iterator[str]:
    """Names of a network, its layers and its inputs, at any depth."""
    inside = config.values() if isinstance(config, dict) else config
    if isinstance(config, dict) and isinstance(config.get("name"), str):
        yield config["name"]
    for one in inside if isinstance(config, dict | list | tuple) else ():
        yield from _names_in(one)


def _plain(name: str, known: set[str]) -> str:
    plain = _INVALID_CHARACTER.sub("_", name)
    if not _PLAIN.fullmatch(plain):
        plain = f"layer{plain}"
    counted = (plain if not number else f"{plain}_{number}" for number in range(len(known) + 1))
    return next(one for one in counted if one not in known)


def _renamed(config: Any, plain: dict[str, str]) -> Any:
    """The config with every text that is one of the names replaced, references included."""
    if isinstance(config, dict):
        return {key: _renamed(value, plain) for key, value in config.items()}
    if isinstance(config, list | tuple):
        return type(config)(_renamed(one, plain) for one in config)
    return plain.get(config, config) if isinstance(config, str) else config
