"""What a LiteRT file answers, asked directly."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from core.errors import DamagedModel

PICTURES_AT_ONCE = 64


def litert_logits(path: Path, pixels: NDArray[np.uint8], *, threads: int) -> NDArray[np.float64]:
    """Float64 `(n, k)`: the file's logits for grey pictures.

    Args:
        pixels: uint8, shape `(n, size, size)`.
    Raises:
        DamagedModel: no LiteRT file, or it answers something that is no number.
    """
    try:
        interpreter = Interpreter(model_path=str(path), num_threads=threads)
    except ValueError as error:
        raise DamagedModel(
            f"{path.name} is no LiteRT file: {error}.", advice="Convert the model again."
        ) from error
    parts = []
    for start in range(0, len(pixels), PICTURES_AT_ONCE):
        faces = pixels[start : start + PICTURES_AT_ONCE, ..., None].astype(np.float32) / 255.0
        parts.append(_ask(interpreter, faces))
    logits = np.concatenate(parts)
    if not np.isfinite(logits).all():
        raise DamagedModel(
            f"{path.name} answers with values that are no numbers.", advice="Convert it again."
        )
    return logits.astype(np.float64)


def _ask(interpreter: Interpreter, faces: NDArray[np.float32]) -> NDArray[np.float32]:
    source = interpreter.get_input_details()[0]["index"]
    if tuple(interpreter.get_input_details()[0]["shape"]) != faces.shape:
        interpreter.resize_tensor_input(source, faces.shape, strict=False)
        interpreter.allocate_tensors()
    interpreter.set_tensor(source, faces)
    interpreter.invoke()
    answer = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
    return np.asarray(answer, dtype=np.float32)
