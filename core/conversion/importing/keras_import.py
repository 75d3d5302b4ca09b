"""A Keras file of somebody else's: looked into, loaded without running its code, made LiteRT."""

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
from core.conversion.importing.safety_check import (
    expect_plain,
    expect_plain_parts,
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

MOST_DIFFERENCE = 1e-3
"""Of any number, as a share of the largest: float32 computed in another order is a hundredth of
it apart."""

LEAST_FACTOR = 0.1
"""By less, pictures in [0, 1] would become all but one grey: bytes are meant."""

# What Keras 2 wrote into a depthwise layer's settings, and Keras 3 does not know: it is always 1.
_FORGOTTEN = "groups"


@dataclass(frozen=True, eq=False)
class LoadedNetwork:
    """A network, and what its layers give away.

    Attributes:
        network: ready to be asked.
        signature: what it takes and gives.
        layers: names, lower case.
        scales: whether its first layer scales bytes.
        weights: numbers in it.
        mmac: million multiply-accumulates a picture; 0 where nobody could count them.
        is_legacy: whether Keras 2 had to read it: then Keras 3 cannot save it.
    """

    network: keras.Model
    signature: Signature
    layers: tuple[str, ...]
    scales: bool
    weights: int
    mmac: float
    is_legacy: bool = False


class _OldDepthwise:
    """Reads the settings of Keras 2's depthwise layer."""

    @classmethod
    def from_config(cls, config: dict[str, object]) -> keras.Layer:
        """The layer of today."""
        plain = {name: value for name, value in config.items() if name != _FORGOTTEN}
        return keras.layers.DepthwiseConv2D.from_config(plain)


def load_foreign(path: Path, architecture: Path | None = None) -> LoadedNetwork:
    """A network that was trained elsewhere.

    Args:
        path: of the network, or of its weights alone.
        architecture: JSON that describes the network, where `path` holds weights alone.
    Raises:
        DamagedModel: it cannot be read, or holds code or layers of somebody's own.
        ModelError: it is not one picture in, one answer out.
    """
    if architecture is not None:
        expect_plain_parts(architecture, path)
        return _looked_into(_whole(_read_parts(architecture, path), path), path)
    expect_plain(path)
    try:
        with keras.saving.custom_object_scope({"DepthwiseConv2D": _OldDepthwise}):
            network = _load_by_content(path)
    except DamagedModel:
        if not is_hdf5(path):
            raise
        network = _whole(read_legacy(path), path)
    return _looked_into(network, path)


def _load_by_content(path: Path) -> keras.Model:
    """Keras believes the ending of a file's name; people believe that they may rename files."""
    ending = ".h5" if is_hdf5(path) else ".keras"
    if path.suffix.lower() == ending or (ending == ".h5" and path.suffix.lower() == ".hdf5"):
        return load_network(path)
    with TemporaryDirectory() as folder:
        renamed = Path(folder) / f"{path.stem}{ending}"
        shutil.copyfile(path, renamed)
        return load_network(renamed)


def _read_parts(architecture: Path, weights: Path) -> keras.Model:
    """A network by the Keras that described it."""
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


def _whole(network: keras.Model, path: Path) -> keras.Model:
    expect_one_in_one_out(network, path.name)
    return network


def _looked_into(network: keras.Model, path: Path) -> LoadedNetwork:
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


def write_checked(loaded: LoadedNetwork, path: Path, faces: NDArray[np.float32]) -> str:
    """Write a network as LiteRT float32, and see that it says the same about some faces.

    Args:
        path: of the file.
        faces: as the network reads them.
    Returns:
        How far the two are apart, in a sentence.
    Raises:
        ModelError: they differ by more than `MOST_DIFFERENCE`, or an operation has no counterpart.
        DamagedModel: the network's answers are no numbers.
    """
    if loaded.is_legacy:
        write_legacy_litert(loaded.network, path)
    else:
        write_litert(loaded.network, path, LiteRtFormat.FLOAT32)
    wanted = KerasEngine(loaded.network).answer(faces)
    if not np.isfinite(wanted).all():
        raise DamagedModel(
            "The network's outputs are NaN or infinite.",
            advice="Its weights are damaged, or its training failed.",
        )
    got = open_engine(path).answer(faces)
    if got.shape != wanted.shape:
        raise ModelError(
            f"As LiteRT the network has {got.shape[1]} outputs instead of {wanted.shape[1]}.",
            advice="Export the model as ONNX and import that.",
        )
    apart = float(np.abs(got - wanted).max() / max(1.0, float(np.abs(wanted).max())))
    if not apart <= MOST_DIFFERENCE:
        raise ModelError(
            f"As LiteRT the network's outputs are up to {apart:.2g} apart from its own, and "
            f"{MOST_DIFFERENCE:g} is allowed.",
            advice="Export the model as ONNX and import that.",
        )
    return (
        "The LiteRT file's outputs match the network's for "
        f"{counted(len(faces), 'synthetic face')} to within {apart:.1g}."
    )


def _names(network: keras.Model) -> tuple[str, ...]:
    named = (*flat(network), *network.layers, network)
    return tuple(sorted({one.name.lower() for one in named}))


def _signature(network: keras.Model, name: str) -> Signature:
    batch, *picture = network.input_shape
    if batch not in {None, 1}:
        raise DamagedModel(
            f"{name} wants {counted(batch, 'picture')} at a time, never fewer.",
            advice="Build it with a free batch size.",
        )
    rest = network.output_shape[1:]
    answers = None if None in rest else int(np.prod(rest))
    return Signature(tuple(picture), answers, one_by_one=batch == 1)


def _scales(layers: list[keras.Layer]) -> bool:
    """Whether bytes are scaled to small numbers before anything else is done with them.

    A first layer may as well centre pictures that are in [0, 1] already: the factor tells.
    """
    for layer in layers:
        kind = type(layer).__name__
        if kind == "Rescaling":
            return float(np.max(np.abs(layer.scale))) < LEAST_FACTOR
        if kind == "Normalization":
            variance = getattr(layer, "variance", None)  # none where it was never adapted
            return variance is not None and float(np.max(variance)) > LEAST_FACTOR**-2
        if kind != "InputLayer" and not kind.startswith("Random"):
            return False
    return False


def _mmac(network: keras.Model) -> float:
    try:
        return count_mmac(network)
    # Layers that are used twice have no one output, and those of pictures of any size no side.
    except (AttributeError, ValueError, TypeError):
        return 0.0
