"""Files of models that can be imported, and what to do with those of other programs."""

from __future__ import annotations

from pathlib import Path

from core.domain.errors import ModelError, PlanError

KERAS_ENDINGS = (".keras", ".h5", ".hdf5")
ENDINGS = (*KERAS_ENDINGS, ".onnx", ".tflite")
"""Of the files that can be imported."""

ONNX_OF_PYTORCH = (
    "Export it as ONNX where it was trained: torch.onnx.export(model, torch.zeros(1, 3, 64, 64), "
    '"model.onnx"), with the size and colours of its own pictures.'
)
_OF_PYTORCH = "A PyTorch file holds weights only, or code, and code is not executed here."
_PYTORCH_ENDINGS = (".pt", ".pth", ".ckpt", ".safetensors")
_SAVED_MODEL_ENDINGS = (".pb", ".pbtxt")
_LOOKED_AT_BYTES = 512


def expect_ending(file_name: str) -> None:
    """Nothing where a file of this name can be imported.

    Args:
        file_name: text from outside.
    Raises:
        PlanError: with the way to a file that can be.
    """
    ending = Path(file_name).suffix.lower()
    if ending in ENDINGS:
        return
    told = f"{Path(file_name).name[:60]!r} is no model that can be imported."
    if ending in _PYTORCH_ENDINGS:
        raise PlanError(f"{told} {_OF_PYTORCH}", advice=ONNX_OF_PYTORCH)
    if ending in _SAVED_MODEL_ENDINGS:
        raise PlanError(
            f"{told} It is part of a SavedModel, which contains code.",
            advice="Convert its folder: tf.lite.TFLiteConverter.from_saved_model(folder).convert() "
            "gives the bytes of a .tflite file.",
        )
    raise PlanError(told, advice=f"Choose a file that ends in {', '.join(ENDINGS)}.")


def expect_no_pytorch(path: Path) -> None:
    """Nothing where a file is not what `torch.save` writes, under whatever name.

    Raises:
        ModelError: it is.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        begins = file.read(_LOOKED_AT_BYTES)
    if begins.startswith(b"PK\x03\x04") and b"/data.pkl" in begins:
        raise ModelError(f"{path.name} is a PyTorch file. {_OF_PYTORCH}", advice=ONNX_OF_PYTORCH)
