"""Inspects a Keras file before Keras loads it: it may hold a network and weights only.

A saved network names the classes to instantiate, and Keras has been made to run code, read files
and contact servers that way (CVE-2025-1550, -8747, -9905, -12058, CVE-2026-1669). Its own safe mode
is on as well; this check is independent of it.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import h5py

from core.domain.errors import DamagedModel
from core.domain.plain_values import parse_json
from core.storage.corrupt_data import DAMAGED_CONTENT, short_message

MAX_UNPACKED_BYTES = 2 * 2**30
_MAX_CONFIG_BYTES = 32 * 2**20
_MAX_OBJECTS = 200_000
_MEMBERS = {"config.json", "metadata.json", "model.weights.h5"}
_CONFIG, _WEIGHTS = "config.json", "model.weights.h5"
_DAMAGE: tuple[type[Exception], ...] = (*DAMAGED_CONTENT, RuntimeError)

# Keras' modules of layers and their parts; utilities and file readers are in other modules.
_MODULES = re.compile(
    r"keras|builtins|keras\.(src\.)?(layers|models|initializers|regularizers|constraints|"
    r"activations|dtype_policies|backend|random|ops)(\.\w+)*"
)
# Layers that hold code, or that read files or other frameworks' programs.
_REFUSED = {
    *("Lambda", "__lambda__", "TFSMLayer", "TorchModuleWrapper", "FlaxLayer", "JaxLayer"),
    *("StringLookup", "IntegerLookup", "TextVectorization", "HashedCrossing", "FeatureSpace"),
    *("KerasFileEditor", "Pipeline"),
    *("ClassMethod", "InstanceMethod", "InstanceProperty"),  # Keras 2: any method of TensorFlow's
}
# Keras 2 saves arithmetic between layers as the name of a TensorFlow function. Only these are
# allowed: other functions read files.
_ARITHMETIC_LAYERS = {"TFOpLambda", "SlicingOpLambda"}
_ARITHMETIC = {
    *("math.add", "math.subtract", "math.multiply", "math.truediv", "math.divide", "math.pow"),
    *("math.minimum", "math.maximum", "math.sigmoid", "math.tanh", "math.reduce_mean"),
    *("math.reduce_max", "math.reduce_sum", "math.square", "math.sqrt", "math.rsqrt", "math.exp"),
    *("__operators__.add", "__operators__.getitem", "nn.relu", "nn.relu6", "nn.sigmoid"),
    *("nn.softmax", "nn.leaky_relu", "nn.bias_add", "clip_by_value", "concat", "reshape"),
    *("expand_dims", "squeeze", "transpose", "cast", "convert_to_tensor", "identity", "stack"),
}
_TRAINING_KEYS = {"compile_config", "training_config"}  # ignored: nothing is compiled


def expect_safe_file(path: Path) -> None:
    """Check that a Keras file holds standard layers and their weights only.

    Raises:
        DamagedModel: it cannot be read, holds code or custom layers, refers to other files, or is
            too large unpacked.
    """
    try:
        if zipfile.is_zipfile(path):
            _expect_safe_archive(path)
        else:
            with h5py.File(path, "r") as file:
                _expect_safe_config(parse_json(_text(file.attrs["model_config"])), path.name)
                _expect_safe_weights(file, path.name)
    except _DAMAGE as error:
        raise DamagedModel(
            f"{path.name} is no Keras file that can be read: {short_message(error)}.",
            advice="Save the whole model again: model.save('name.keras'). Weights without an "
            "architecture cannot be imported: give the architecture too (JSON from "
            "model.to_json()).",
        ) from error


def expect_safe_parts(architecture: Path, weights: Path) -> None:
    """The same for a network described as JSON, with its weights in another file.

    Raises:
        DamagedModel: as `expect_safe_file`.
    """
    try:
        if architecture.stat().st_size > _MAX_CONFIG_BYTES:
            raise _too_large(architecture.name)
        config = parse_json(architecture.read_text(encoding="utf-8"))
        if not isinstance(config, dict) or "class_name" not in config:
            raise ValueError("it describes no network")
        _expect_safe_config(config, architecture.name)
    except _DAMAGE as error:
        raise DamagedModel(
            f"{architecture.name} is no description of a network: {short_message(error)}.",
            advice="Write it with model.to_json().",
        ) from error
    try:
        with h5py.File(weights, "r") as file:
            _expect_safe_weights(file, weights.name)
    except _DAMAGE as error:
        raise DamagedModel(
            f"{weights.name} holds no weights that can be read: {short_message(error)}.",
            advice="Write them with model.save_weights('name.weights.h5').",
        ) from error


def is_described_by_keras_3(architecture: Path) -> bool:
    """Whether Keras 3 wrote a description that passed `expect_safe_parts`.

    Keras 2 always states its version; Keras 3 never does.
    """
    config = parse_json(architecture.read_text(encoding="utf-8"))
    return not str(config.get("keras_version", "3")).startswith(("1", "2"))


def is_hdf5(path: Path) -> bool:
    """Whether it is an HDF5 file, the format of Keras 2."""
    return bool(h5py.is_hdf5(path))


def _expect_safe_archive(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        unexpected = {one.filename for one in archive.infolist()} - _MEMBERS
        if unexpected:
            raise DamagedModel(
                f"{path.name} holds more than a network: {', '.join(sorted(unexpected))[:80]}.",
                advice="Save the model without vocabularies or other files.",
            )
        if sum(one.file_size for one in archive.infolist()) > MAX_UNPACKED_BYTES:
            raise _too_large(path.name)
        if archive.getinfo(_CONFIG).file_size > _MAX_CONFIG_BYTES:
            raise _too_large(path.name)
        _expect_safe_config(parse_json(archive.read(_CONFIG)), path.name)
        with archive.open(_WEIGHTS) as packed:
            _expect_safe_packed_weights(packed, path.name)


def _expect_safe_packed_weights(packed: IO[bytes], name: str) -> None:
    with h5py.File(packed, "r") as file:
        _expect_safe_weights(file, name)


def _expect_safe_config(config: Any, name: str) -> None:
    for reference in _class_references(config):
        kind, module = str(reference["class_name"]), reference.get("module")
        if kind in _REFUSED:
            raise DamagedModel(
                f"{name} holds a {kind} layer, which is code or reads other files.",
                advice="Code is never run here. Build the network without it, put what it does "
                "before the model, or export the model as ONNX.",
            )
        _expect_arithmetic(reference, name)
        registered_name = str(reference.get("registered_name") or "")
        if (module is not None and not _MODULES.fullmatch(str(module))) or ">" in registered_name:
            raise DamagedModel(
                f"{name} holds {kind[:40]!r} of {str(module or registered_name)[:40]!r}, which is "
                "not Keras'.",
                advice="Only Keras' own layers are loaded; export the model as ONNX instead.",
            )


def _expect_arithmetic(reference: dict[str, Any], name: str) -> None:
    """Check that a function between layers is one of the allowed ones."""
    if str(reference["class_name"]) not in _ARITHMETIC_LAYERS:
        return
    config = reference.get("config")
    function = str(config.get("function", "")) if isinstance(config, dict) else ""
    if function not in _ARITHMETIC:
        raise DamagedModel(
            f"{name} calls {function[:60]!r} between its layers, which is not known to compute "
            "only.",
            advice="Code is never run here. Export the model as ONNX instead.",
        )


def _class_references(config: Any) -> Iterator[dict[str, Any]]:
    """Every entry that names a class to instantiate."""
    waiting = [config]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if "class_name" in one:
                yield one
            waiting += [value for key, value in one.items() if key not in _TRAINING_KEYS]
        elif isinstance(one, list):
            waiting += one


def _expect_safe_weights(file: h5py.File, name: str) -> None:
    """Check that every array is in the file itself, and that all together fit into memory."""
    total = 0
    for count, inside in enumerate(_objects(file, name)):
        if isinstance(inside, h5py.Dataset):
            if inside.external or inside.is_virtual:
                raise _refers(name)
            total += inside.size * inside.dtype.itemsize
        if total > MAX_UNPACKED_BYTES or count > _MAX_OBJECTS:
            raise _too_large(name)


def _objects(file: h5py.File, name: str) -> Iterator[Any]:
    """Every object in a file, each once: a group may contain itself."""
    waiting, seen = [file], set()
    while waiting:
        group = waiting.pop()
        for key in group:
            if not isinstance(group.get(key, getlink=True), h5py.HardLink):
                raise _refers(name)
            inside = group[key]
            address = h5py.h5o.get_info(inside.id).addr
            if address not in seen:
                seen.add(address)
                waiting += [inside] if isinstance(inside, h5py.Group) else []
                yield inside


def _refers(name: str) -> DamagedModel:
    return DamagedModel(
        f"{name} refers to other files, and Mien opens none but itself.",
        advice="Save the model again with everything in one file.",
    )


def _too_large(name: str) -> DamagedModel:
    return DamagedModel(
        f"{name} would take more than {MAX_UNPACKED_BYTES / 2**30:.0f} GB unpacked.",
        advice="Choose a smaller model.",
    )


def _text(found: str | bytes) -> str:
    return found.decode("utf-8") if isinstance(found, bytes) else str(found)
