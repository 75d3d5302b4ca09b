"""The shipped model, without TensorFlow: one batch for all faces."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from core.errors import DamagedModel
from core.vocabulary import EmotionScores, LabelScheme, ModelCard, normalised

_BATCH_SIZES = (1, 2, 4, 8, 16, 32)
_MOST = _BATCH_SIZES[-1]


class LiteRtRecognizer:
    """An EmotionRecognizer over a LiteRT file; may be shared by any number of threads.

    Args:
        path: the LiteRT file the card describes, already verified.
        card: says what goes in and what comes out.
    Raises:
        DamagedModel: the file is no model, does not fit its card, or answers no numbers.
    """

    def __init__(self, path: Path, card: ModelCard) -> None:
        self._card = card
        self._content = path.read_bytes()
        self._lock = Lock()
        # One interpreter for each batch size: changing the size of one costs tens of milliseconds,
        # as it packs all weights anew, and the number of faces changes all the time.
        self._interpreters: dict[int, _Sized] = {}
        self._try_it()

    @property
    def scheme(self) -> LabelScheme:
        """The labels it answers with."""
        return self._card.scheme

    @property
    def size_px(self) -> int:
        """Side of the square grey pictures it wants."""
        return self._card.input.size_px

    def recognize(self, faces: NDArray[np.float32]) -> list[EmotionScores]:
        """Calibrated scores, one for each face.

        Args:
            faces: float32, shape `(n, size_px, size_px, 1)`, grey in [0, 1]; n may be 0.
        """
        if len(faces) == 0:
            return []
        parts = [self._logits(faces[at : at + _MOST]) for at in range(0, len(faces), _MOST)]
        logits = np.concatenate(parts).astype(np.float64) / self._card.temperature
        raised = np.exp(logits - logits.max(axis=1, keepdims=True))
        return [normalised(self._card.scheme, row) for row in raised]

    def _logits(self, faces: NDArray[np.float32]) -> NDArray[np.float32]:
        size = next(size for size in _BATCH_SIZES if size >= len(faces))
        padded = np.zeros((size, *faces.shape[1:]), dtype=np.float32)
        padded[: len(faces)] = faces
        with self._lock:
            if size not in self._interpreters:
                self._interpreters[size] = _Sized(self._content, padded.shape)
            return self._interpreters[size].answer(padded)[: len(faces)]

    def _try_it(self) -> None:
        """Ask once about a grey picture: a model that answers NaN must not reach a person."""
        shape = (1, self.size_px, self.size_px, 1)
        try:
            answer = self._logits(np.full(shape, 0.5, dtype=np.float32))
        except (ValueError, RuntimeError) as error:
            raise DamagedModel(
                f"{self._card.name} cannot be used with pictures of {self.size_px} px: {error}.",
                advice="Restore the folder from where it came from, or choose another model.",
            ) from error
        if answer.shape != (1, len(self.scheme)) or not np.isfinite(answer).all():
            raise DamagedModel(
                f"{self._card.name} answers {answer.shape} values that do not fit its card.",
                advice="Choose another model.",
            )


class _Sized:
    """An interpreter ready for one batch size."""

    def __init__(self, content: bytes, shape: tuple[int, ...]) -> None:
        self._interpreter = Interpreter(model_content=content, num_threads=1)
        self._input = self._interpreter.get_input_details()[0]["index"]
        self._output = self._interpreter.get_output_details()[0]["index"]
        # Strict: a size the file does not name is a mistake, even where the arithmetic would go.
        self._interpreter.resize_tensor_input(self._input, shape, strict=True)
        self._interpreter.allocate_tensors()

    def answer(self, faces: NDArray[np.float32]) -> NDArray[np.float32]:
        self._interpreter.set_tensor(self._input, faces)
        self._interpreter.invoke()
        return np.array(self._interpreter.get_tensor(self._output), dtype=np.float32)
