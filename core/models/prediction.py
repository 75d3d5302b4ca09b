"""Asking a model: the one way, for streams, recordings, evaluations, conversions and audits.

`predict` alone goes from pictures to logits, so what is judged is what runs live. LiteRT and ONNX
files that were written here give the same bits however many faces are asked about at once; where a
runtime adds in another order for one picture than for several, scores differ by less than 1e-6.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.domain import ModelCard, ModelInput, softmax
from core.models.registry import verified_file
from core.models.runtimes.contract import Engine, expect_outputs
from core.models.runtimes.open_runtime import open_engine
from core.models.runtimes.preprocessing import Pictures, logits_from, preprocess

PICTURES_AT_ONCE = 32
"""More take no less time for each, and more memory."""


def _silent(done: int, total: int) -> None:
    """Nobody listens."""


def raw_outputs(
    engine: Engine,
    pictures: Pictures,
    wanted: ModelInput,
    *,
    tell: Callable[[int, int], None] = _silent,
) -> NDArray[np.float32]:
    """What an engine gives about pictures, as it is: float32 `(n, k)`.

    Args:
        pictures: one or more; see `preprocess`.
        wanted: how it reads them.
        tell: hears how many of how many are done; may raise to stop.
    Raises:
        DamagedModel: pictures of this shape are not what it takes.
    """
    parts, count = [], len(pictures)
    for start in range(0, count, PICTURES_AT_ONCE):
        parts.append(engine.answer(preprocess(pictures[start : start + PICTURES_AT_ONCE], wanted)))
        tell(min(start + PICTURES_AT_ONCE, count), count)
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def predict(
    engine: Engine,
    pictures: Pictures,
    card: ModelCard,
    *,
    tell: Callable[[int, int], None] = _silent,
) -> NDArray[np.float64]:
    """Logits about pictures, float64 `(n, k)`, in the order of the card's labels.

    Args:
        pictures: see `preprocess`; n may be 0.
        card: says how they are read, and what the numbers are.
        tell: hears how many of how many are done; may raise to stop.
    Raises:
        DamagedModel: it answers something that is no number, or does not fit its card.
    """
    if len(pictures) == 0:
        return np.zeros((0, len(card.scheme)))
    numbers = raw_outputs(engine, pictures, card.input, tell=tell)
    expect_outputs(numbers, card)
    return logits_from(numbers, card).astype(np.float64)


@dataclass(frozen=True, eq=False)
class Predictor:
    """A model that can be asked, whatever computes its answers; may be shared by threads.

    Attributes:
        engine: an opened file of the model.
        card: what it is.
    """

    engine: Engine
    card: ModelCard

    def logits(
        self, pictures: Pictures, *, tell: Callable[[int, int], None] = _silent
    ) -> NDArray[np.float64]:
        """Float64 `(n, k)`; see `predict`."""
        return predict(self.engine, pictures, self.card, tell=tell)

    def scores(
        self, pictures: Pictures, *, tell: Callable[[int, int], None] = _silent
    ) -> NDArray[np.float64]:
        """Calibrated scores, float64 `(n, k)`, rows summing to 1; see `predict`."""
        return softmax(self.logits(pictures, tell=tell) / self.card.temperature)


def open_predictor(path: Path, card: ModelCard, *, threads: int = 1) -> Predictor:
    """A model's file, opened and asked once about a grey picture.

    Args:
        path: already verified.
        threads: of the processor.
    Raises:
        DamagedModel: the file is no model, does not fit its card, or answers no numbers.
    """
    predictor, size_px = Predictor(open_engine(path, threads=threads), card), card.input.size_px
    predictor.logits(np.full((1, size_px, size_px, 1), 0.5, dtype=np.float32))
    return predictor


def load_predictor(models_dir: Path, card: ModelCard, *, threads: int = 1) -> Predictor:
    """A model of the shelf, ready to be asked.

    Args:
        threads: of the processor.
    Raises:
        DamagedModel: its file is missing or differs from what the card says, or is no model.
    """
    return open_predictor(verified_file(models_dir, card, card.served_by), card, threads=threads)


def litert_logits(path: Path, pixels: NDArray[np.uint8], *, threads: int) -> NDArray[np.float64]:
    """Float64 `(n, k)`: the logits of a LiteRT file that was just written, and has no card yet.

    Args:
        pixels: grey, uint8 `(n, side, side)`; at least one.
    Raises:
        DamagedModel: no such file.
    """
    engine = open_engine(path, threads=threads)
    wanted = ModelInput(engine.signature.picture[0] or pixels.shape[1])
    return raw_outputs(engine, pixels, wanted).astype(np.float64)
