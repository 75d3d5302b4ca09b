"""Imports a Keras file: inspected, loaded without running its code, converted to LiteRT."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import keras
import numpy as np
from numpy.typing import NDArray

from core.conversion.importing.keras_legacy import (
    read_legacy,
    read_legacy_parts,
    write_legacy_litert,
)
from core.conversion.importing.keras_names import with_plain_names
from core.conversion.importing.safety_of_keras_files import (
    expect_safe_file,
    expect_safe_parts,
    is_described_by_keras_3,
    is_hdf5,
)
from core.conversion.writers.keras_litert import LiteRtFormat, write_litert
from core.conversion.writers.keras_macs import count_mmac, flat
from core.conversion.writers.keras_runtimes import KerasEngine
from core.domain.counted import counted
from core.domain.errors import DamagedModel, ModelError
from core.models.runtimes import Signature, open_engine
from core.models.runtimes.keras_file import KERAS_DAMAGE, expect_one_in_one_out, load_network
from core.storage.corrupt_data import short_message

MAX_DIFFERENCE = 1e-3
"""Largest difference of any output, as a share of the largest output; float32 in another order of
summation differs by a hundredth of it."""

MIN_FACTOR = 0.1
"""A smaller factor would map pictures in [0, 1] to nearly one grey: it is meant for bytes."""

# A setting of Keras 2's depthwise layer that Keras 3 does not know; it is always 1.
_DROPPED_SETTING = "groups"


@dataclass(frozen=True, eq=False)
class LoadedNetwork:
    """A network, and what its layers show.

    Attributes:
        network: for inference.
        signature: shapes of its input and output.
        layers: lower-case names.
        scales: whether its first layer scales bytes.
        weights: number of parameters.
        mmac: million multiply-accumulates per picture; 0 where they could not be counted.
        is_legacy: whether Keras 2 had to load it: then Keras 3 cannot save it.
    """

    network: keras.Model
    signature: Signature
    layers: tuple[str, ...]
    scales: bool
    weights: int
    mmac: float
    is_legacy: bool = False


class _Keras2Depthwise:
    """Loads Keras 2's depthwise layer."""

    @classmethod
    def from_config(cls, config: dict[str, object]) -> keras.Layer:
        """Keras 3's layer, without the dropped setting."""
        plain = {name: value for name, value in config.items() if name != _DROPPED_SETTING}
        return keras.layers.DepthwiseConv2D.from_config(plain)


def load_imported_network(path: Path, architecture: Path | None = None) -> LoadedNetwork:
    """Load a network that was trained elsewhere.

    Args:
        path: of the network, or of its weights alone.
        architecture: JSON that describes the network, where `path` holds weights alone.
    Raises:
        DamagedModel: it cannot be read, or holds code or custom layers.
        ModelError: it has more than one input or output.
    """
    if architecture is not None:
        expect_safe_parts(architecture, path)
        return _inspected(_checked(_read_parts(architecture, path), path), path)
    expect_safe_file(path)
    try:
        with keras.saving.custom_object_scope({"DepthwiseConv2D": _Keras2Depthwise}):
            network = _load_by_content(path)
    except DamagedModel:
        if not is_hdf5(path):
            raise
        network = _checked(read_legacy(path), path)
    return _inspected(network, path)


def _load_by_content(path: Path) -> keras.Model:
    """Keras goes by a file's suffix, which may be wrong after a rename."""
    ending = ".h5" if is_hdf5(path) else ".keras"
    if path.suffix.lower() == ending or (ending == ".h5" and path.suffix.lower() == ".hdf5"):
        return load_network(path)
    with TemporaryDirectory() as folder:
        renamed = Path(folder) / f"{path.stem}{ending}"
        shutil.copyfile(path, renamed)
        return load_network(renamed)


def _read_parts(architecture: Path, weights: Path) -> keras.Model:
    """Load a network with the version of Keras that described it."""
    if not is_described_by_keras_3(architecture):
        return read_legacy_parts(architecture, weights)
    try:
        network = keras.models.model_from_json(architecture.read_text(encoding="utf-8"))
        network.load_weights(weights)
    except KERAS_DAMAGE as error:
        raise DamagedModel(
            f"{weights.name} does not fit {architecture.name}: {short_message(error)}.",
            advice="Write both from one model: model.to_json() and model.save_weights().",
        ) from error
    return network


def _checked(network: keras.Model, path: Path) -> keras.Model:
    expect_one_in_one_out(network, path.name)
    return network


def _inspected(network: keras.Model, path: Path) -> LoadedNetwork:
    layer_names, is_legacy = _names(network), not isinstance(network, keras.Model)
    network = network if is_legacy else with_plain_names(network)
    layers = list(flat(network))
    return LoadedNetwork(
        network=network,
        signature=_signature(network, path.name),
        layers=layer_names,
        scales=_scales(layers),
        weights=int(network.count_params()),
        mmac=_mmac(network),
        is_legacy=is_legacy,
    )


def write_verified_litert(loaded: LoadedNetwork, path: Path, faces: NDArray[np.float32]) -> str:
    """Write a network as LiteRT float32, and verify its outputs for some faces.

    Args:
        path: of the file.
        faces: preprocessed for the network.
    Returns:
        How far the outputs differ, in a sentence.
    Raises:
        ModelError: they differ by more than `MAX_DIFFERENCE`, or an operation has no counterpart.
        DamagedModel: the network's outputs are NaN or infinite.
    """
    if loaded.is_legacy:
        write_legacy_litert(loaded.network, path)
    else:
        write_litert(loaded.network, path, LiteRtFormat.FLOAT32)
    expected = KerasEngine(loaded.network).predict(faces)
    if not np.isfinite(expected).all():
        raise DamagedModel(
            "The network's outputs are NaN or infinite.",
            advice="Its weights are damaged, or its training failed.",
        )
    actual = open_engine(path).predict(faces)
    if actual.shape != expected.shape:
        raise ModelError(
            f"As LiteRT the network has {actual.shape[1]} outputs instead of {expected.shape[1]}.",
            advice="Export the model as ONNX and import that.",
        )
    difference = float(np.abs(actual - expected).max() / max(1.0, float(np.abs(expected).max())))
    if not difference <= MAX_DIFFERENCE:
        raise ModelError(
            f"As LiteRT the network's outputs are up to {difference:.2g} apart from its own, and "
            f"{MAX_DIFFERENCE:g} is allowed.",
            advice="Export the model as ONNX and import that.",
        )
    return (
        "The LiteRT file's outputs match the network's for "
        f"{counted(len(faces), 'synthetic face')} to within {difference:.1g}."
    )


def _names(network: keras.Model) -> tuple[str, ...]:
    named = (*flat(network), *network.layers, network)
    return tuple(sorted({one.name.lower() for one in named}))


def _signature(network: keras.Model, name: str) -> Signature:
    batch, *picture = network.input_shape
    if batch not in {None, 1}:
        raise DamagedModel(
            f"{name} has a fixed batch size of {batch}.",
            advice="Build it with a free batch size.",
        )
    rest = network.output_shape[1:]
    outputs = None if None in rest else int(np.prod(rest))
    return Signature(tuple(picture), outputs, one_by_one=batch == 1)


def _scales(layers: list[keras.Layer]) -> bool:
    """Whether the first layer scales bytes to small numbers.

    It may instead centre pictures that are in [0, 1] already: the factor distinguishes the two.
    """
    for layer in layers:
        kind = type(layer).__name__
        if kind == "Rescaling":
            return float(np.max(np.abs(layer.scale))) < MIN_FACTOR
        if kind == "Normalization":
            variance = getattr(layer, "variance", None)  # none where it was never adapted
            return variance is not None and float(np.max(variance)) > MIN_FACTOR**-2
        if kind != "InputLayer" and not kind.startswith("Random"):
            return False
    return False


def _mmac(network: keras.Model) -> float:
    try:
        return count_mmac(network)
    # Layers that are used twice have several outputs, and free picture sizes have no number.
    except (AttributeError, ValueError, TypeError):
        return 0.0
