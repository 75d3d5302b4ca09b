"""What a saved model answers, asked directly."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from core.domain import Interpolation, ModelCard
from core.domain.errors import DamagedModel
from core.models.registry import verified_file
from core.models.runtimes.contract import expect_finite
from core.models.runtimes.open_runtime import open_engine
from core.models.runtimes.preprocessing import logits_from, prepared, resized

PICTURES_AT_ONCE = 64
LITERT_SUFFIX = ".tflite"


class AskedModel(Protocol):
    """A model that can be asked about grey pictures, whatever computes its answers."""

    @property
    def size_px(self) -> int:
        """Side of the pictures it reads."""

    @property
    def interpolation(self) -> Interpolation:
        """By which smaller pictures are enlarged for it."""

    def logits(self, faces: NDArray[np.float32]) -> NDArray[np.float32]:
        """Float32 `(n, k)` for grey pictures, float32 `(n, size, size, 1)` in [0, 1]."""


class LiteRtModel:
    """An opened LiteRT file that can be asked again and again; for one thread at a time.

    Args:
        path: the file.
        threads: of the processor.
        interpolation: by which smaller pictures are enlarged for it.
    Raises:
        DamagedModel: no LiteRT file.
    """

    def __init__(
        self, path: Path, *, threads: int, interpolation: Interpolation = Interpolation.CUBIC
    ) -> None:
        self._name, self._interpolation = path.name, interpolation
        try:
            self._interpreter = Interpreter(model_path=str(path), num_threads=threads)
            self._interpreter.allocate_tensors()  # as many pictures as the file says need no resize
        except ValueError as error:
            raise DamagedModel(
                f"{path.name} is no LiteRT file: {error}.", advice="Convert the model again."
            ) from error

    @property
    def size_px(self) -> int:
        """Side of the pictures it reads."""
        return int(self._interpreter.get_input_details()[0]["shape"][1])

    @property
    def interpolation(self) -> Interpolation:
        """By which smaller pictures are enlarged for it."""
        return self._interpolation

    def logits(self, faces: NDArray[np.float32]) -> NDArray[np.float32]:
        """Float32 `(n, k)` for grey pictures, float32 `(n, size, size, 1)` in [0, 1].

        Raises:
            DamagedModel: it answers something that is no number.
        """
        source = self._interpreter.get_input_details()[0]["index"]
        if tuple(self._interpreter.get_input_details()[0]["shape"]) != faces.shape:
            self._interpreter.resize_tensor_input(source, faces.shape, strict=False)
            self._interpreter.allocate_tensors()
        self._interpreter.set_tensor(source, faces)
        self._interpreter.invoke()
        answer = self._interpreter.get_tensor(self._interpreter.get_output_details()[0]["index"])
        if not np.isfinite(answer).all():
            raise DamagedModel(
                f"{self._name} answers with values that are no numbers.", advice="Convert it again."
            )
        return np.asarray(answer, dtype=np.float32)


class PreparedModel:
    """A model that reads pictures in a manner of its own, or through another runtime.

    Args:
        path: the file.
        card: says how pictures are prepared, and what its numbers are.
        threads: of the processor.
    Raises:
        DamagedModel: no model that can be asked.
    """

    def __init__(self, path: Path, card: ModelCard, *, threads: int) -> None:
        self._card = card
        self._engine = open_engine(path, threads=threads)

    @property
    def size_px(self) -> int:
        """Side of the pictures it reads."""
        return self._card.input.size_px

    @property
    def interpolation(self) -> Interpolation:
        """By which smaller pictures are enlarged for it."""
        return self._card.input.interpolation

    def logits(self, faces: NDArray[np.float32]) -> NDArray[np.float32]:
        """Float32 `(n, k)` for pictures, float32 `(n, size, size, 1 or 3)` in [0, 1].

        Raises:
            DamagedModel: it answers something that is no number.
        """
        answer = self._engine.answer(prepared(faces, self._card.input))
        return logits_from(expect_finite(answer, self._card.name), self._card)


def opened_model(models_dir: Path, card: ModelCard, *, threads: int, file: str = "") -> AskedModel:
    """A model of the shelf, ready to be asked.

    Args:
        threads: of the processor.
        file: which of its files to ask; empty takes the one that serves.
    Raises:
        DamagedModel: a file is missing or differs from what the card says, or is no model.
    """
    path = verified_file(models_dir, card, file or card.served_by)
    if path.suffix == LITERT_SUFFIX and not card.origin:
        return LiteRtModel(path, threads=threads, interpolation=card.input.interpolation)
    return PreparedModel(path, card, threads=threads)


def litert_logits(path: Path, pixels: NDArray[np.uint8], *, threads: int) -> NDArray[np.float64]:
    """Float64 `(n, k)`: a LiteRT file's logits for grey pictures; see `logits_of`."""
    return logits_of(LiteRtModel(path, threads=threads), pixels)


def logits_of(model: AskedModel, pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Float64 `(n, k)`: what a model answers about grey pictures, each looked at once.

    Args:
        pixels: uint8, shape `(n, size, size)`; of another size than the model's, they are resized.
    Raises:
        DamagedModel: it answers something that is no number.
    """
    pixels, parts = resized(pixels, model.size_px, model.interpolation), []
    for start in range(0, len(pixels), PICTURES_AT_ONCE):
        faces = pixels[start : start + PICTURES_AT_ONCE, ..., None].astype(np.float32) / 255.0
        parts.append(model.logits(faces))
    return np.concatenate(parts).astype(np.float64)
