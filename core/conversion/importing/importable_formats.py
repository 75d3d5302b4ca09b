"""Model files that can be imported, and advice for those of other programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from core.domain.errors import ModelError, PlanError


@dataclass(frozen=True)
class Importer:
    """What reads a kind of model file.

    Attributes:
        title: the format's name on screen.
        function: "module:function", imported by the job only.
    """

    title: str
    function: str


_KERAS = Importer("Keras", "core.conversion.importing.importers:import_keras")

IMPORTERS: Mapping[str, Importer] = {
    ".keras": _KERAS,
    ".h5": _KERAS,
    ".hdf5": _KERAS,
    ".onnx": Importer("ONNX", "core.conversion.importing.importers:import_onnx"),
    ".tflite": Importer("LiteRT", "core.conversion.importing.importers:import_litert"),
}
"""Suffix of a file that can be imported -> what reads it."""

WEIGHTS_ENDINGS = (".h5", ".hdf5")
"""Suffixes of files that may hold weights alone, with the architecture in another file."""


def _listed(names: Iterable[str]) -> str:
    """Different names in a sentence: "Keras, ONNX or LiteRT"."""
    *others, last = dict.fromkeys(names)
    return f"{', '.join(others)} or {last}" if others else last


IMPORTED_FORMATS = _listed(one.title for one in IMPORTERS.values())
IMPORTED_SUFFIXES = _listed(IMPORTERS)

ONNX_OF_PYTORCH = (
    "Export it as ONNX where it was trained: torch.onnx.export(model, torch.zeros(1, 3, 64, 64), "
    '"model.onnx"), with the size and colours of its own pictures.'
)
_OF_PYTORCH = "A PyTorch file holds weights only, or code, and code is not executed here."
_PYTORCH_ENDINGS = (".pt", ".pth", ".ckpt", ".safetensors")
_SAVED_MODEL_ENDINGS = (".pb", ".pbtxt")
_HEADER_BYTES = 512


def expect_ending(file_name: str) -> None:
    """Check that a file of this name can be imported.

    Args:
        file_name: text from outside.
    Raises:
        PlanError: it cannot; the advice says how to convert it.
    """
    ending = Path(file_name).suffix.lower()
    if ending in IMPORTERS:
        return
    message = f"{Path(file_name).name[:60]!r} is no model that can be imported."
    if ending in _PYTORCH_ENDINGS:
        raise PlanError(f"{message} {_OF_PYTORCH}", advice=ONNX_OF_PYTORCH)
    if ending in _SAVED_MODEL_ENDINGS:
        raise PlanError(
            f"{message} It is part of a SavedModel, which contains code.",
            advice="Convert its folder: tf.lite.TFLiteConverter.from_saved_model(folder).convert() "
            "gives the bytes of a .tflite file.",
        )
    raise PlanError(message, advice=f"Choose a file that ends in {IMPORTED_SUFFIXES}.")


def expect_no_pytorch(path: Path) -> None:
    """Check that a file is not one of `torch.save`, whatever its name.

    Raises:
        ModelError: it is.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        header = file.read(_HEADER_BYTES)
    if header.startswith(b"PK\x03\x04") and b"/data.pkl" in header:
        raise ModelError(f"{path.name} is a PyTorch file. {_OF_PYTORCH}", advice=ONNX_OF_PYTORCH)
