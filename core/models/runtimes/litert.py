"""LiteRT files, run by TensorFlow's small runtime."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from core.domain.errors import DamagedModel
from core.models.runtimes.contract import Signature

_BATCH_SIZES = (1, 2, 4, 8, 16, 32)
_MAX_BATCH = _BATCH_SIZES[-1]
_ADVICE = "Restore the file from where it came from, or choose another model."


class LiteRtEngine:
    """Runs a LiteRT file, fast for any number of pictures; may be shared by threads.

    Args:
        path: the file.
        threads: CPU threads.
    Raises:
        DamagedModel: it is no model with one batch of pictures as its input.
    """

    def __init__(self, path: Path, *, threads: int = 1) -> None:
        self._name = path.name
        self._content = path.read_bytes()
        self._threads = threads
        self._lock = Lock()
        # One interpreter for each batch size: changing the size of one costs tens of milliseconds,
        # as all weights are packed again, and the number of faces changes all the time.
        self._interpreters: dict[int, _SizedInterpreter] = {}
        self._signature = self._read_signature()

    @property
    def signature(self) -> Signature:
        """Shapes of its input and output."""
        return self._signature

    def predict(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """Float32 `(n, k)`; see `Engine`."""
        limit = 1 if self._signature.one_by_one else _MAX_BATCH
        parts = [self._predict_batch(batch[at : at + limit]) for at in range(0, len(batch), limit)]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def _predict_batch(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        size = next(size for size in _BATCH_SIZES if size >= len(batch))
        padded = np.zeros((size, *batch.shape[1:]), dtype=np.float32)
        padded[: len(batch)] = batch
        try:
            with self._lock:
                if size not in self._interpreters:
                    self._interpreters[size] = _SizedInterpreter(
                        self._content, padded.shape, self._threads
                    )
                output = self._interpreters[size].predict(padded)
        except (ValueError, RuntimeError) as error:
            shape = " x ".join(map(str, batch.shape[1:]))
            raise DamagedModel(
                f"{self._name} cannot be used with pictures of {shape}: {error}.", advice=_ADVICE
            ) from error
        return output.reshape(size, -1)[: len(batch)]

    def _read_signature(self) -> Signature:
        try:
            plain = Interpreter(model_content=self._content, num_threads=1)
            inputs, outputs = plain.get_input_details(), plain.get_output_details()
        except (ValueError, RuntimeError) as error:
            raise DamagedModel(
                f"{self._name} cannot be used: it is no LiteRT file ({error}).", advice=_ADVICE
            ) from error
        self._expect_one(inputs, "input")
        self._expect_one(outputs, "output")
        batch, *picture = (None if side < 0 else int(side) for side in _shape(inputs[0]))
        if batch not in {None, 1}:
            raise DamagedModel(
                f"{self._name} has a fixed batch size of {batch}.",
                advice="Convert it with a free batch size, or with one of 1.",
            )
        count = int(np.prod(_shape(outputs[0])[1:]))
        return Signature(tuple(picture), count if count > 0 else None, batch == 1)

    def _expect_one(self, found: list[dict[str, Any]], what: str) -> None:
        if len(found) != 1:
            raise DamagedModel(
                f"{self._name} has {len(found)} {what}s.",
                advice=f"Mien supports models with one {what}; convert that part alone.",
            )
        kind = np.dtype(found[0]["dtype"]).name
        if kind != "float32":
            raise DamagedModel(
                f"The {what} of {self._name} is {kind}.",
                advice=f"Convert it with a float32 {what}; its weights may be 8-bit all the same.",
            )


def _shape(details: dict[str, Any]) -> tuple[int, ...]:
    return tuple(int(side) for side in details["shape_signature"])


class _SizedInterpreter:
    """An interpreter ready for one batch size."""

    def __init__(self, content: bytes, shape: tuple[int, ...], threads: int) -> None:
        self._interpreter = Interpreter(model_content=content, num_threads=threads)
        self._input = self._interpreter.get_input_details()[0]["index"]
        self._output = self._interpreter.get_output_details()[0]["index"]
        # Strict: a size that the file does not declare is an error, even if it could be computed.
        self._interpreter.resize_tensor_input(self._input, shape, strict=True)
        self._interpreter.allocate_tensors()

    def predict(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        self._interpreter.set_tensor(self._input, batch)
        self._interpreter.invoke()
        return np.array(self._interpreter.get_tensor(self._output), dtype=np.float32)
