"""Files that are refused as models before they are opened, and what to do instead.

Keras files that hold code: `safety_of_keras_files`.
"""

from __future__ import annotations

from pathlib import Path

from core.conversion.importing.importable_formats import IMPORTED_SUFFIXES, IMPORTERS
from core.domain.errors import ModelError, PlanError

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
