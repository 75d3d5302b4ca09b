"""The one prediction path of streams, recordings, evaluations, conversions and audits.

`predict` alone goes from pictures to logits, so what is evaluated is what runs live. LiteRT and
ONNX files written here give the same bits for every batch size; where a runtime sums in another
order for one picture than for several, scores differ by less than 1e-6.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.domain import ModelCard, ModelInput, softmax
from core.domain.progress import ProgressCallback, no_progress
from core.models.registry import verified_file
from core.models.runtimes.contract import Engine, expect_outputs
from core.models.runtimes.open_runtime import open_engine
from core.models.runtimes.preprocessing import Pictures, logits_from, preprocess

PREDICTION_BATCH_SIZE = 32
"""Larger batches are no faster per picture, and take more memory."""


def raw_outputs(
    engine: Engine,
    pictures: Pictures,
    model_input: ModelInput,
    *,
    on_progress: ProgressCallback = no_progress,
) -> NDArray[np.float32]:
    """An engine's outputs for pictures, float32 `(n, k)`, before any postprocessing.

    Args:
        pictures: one or more; see `preprocess`.
        model_input: how they are preprocessed.
        on_progress: called with (done, total) after each batch; may raise to stop.
    Raises:
        DamagedModel: the engine does not accept pictures of this shape.
    """
    parts, count = [], len(pictures)
    for start in range(0, count, PREDICTION_BATCH_SIZE):
        batch = pictures[start : start + PREDICTION_BATCH_SIZE]
        parts.append(engine.predict(preprocess(batch, model_input)))
        on_progress(start + len(batch), count)
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def predict(
    engine: Engine,
    pictures: Pictures,
    card: ModelCard,
    *,
    on_progress: ProgressCallback = no_progress,
) -> NDArray[np.float64]:
    """Logits for pictures, float64 `(n, k)`, in the order of the card's labels.

    Args:
        pictures: see `preprocess`; n may be 0.
        card: states how they are preprocessed, and what the outputs are.
        on_progress: called with (done, total) after each batch; may raise to stop.
    Raises:
        DamagedModel: the outputs are not finite, or do not match the card.
    """
    if len(pictures) == 0:
        return np.zeros((0, len(card.scheme)))
    return _logits(raw_outputs(engine, pictures, card.input, on_progress=on_progress), card)


def scores_from_outputs(outputs: NDArray[np.float32], card: ModelCard) -> NDArray[np.float64]:
    """Calibrated scores, float64 `(n, k)`, rows summing to 1, of a model that was run elsewhere.

    Args:
        outputs: float32 `(n, k)`, raw; n is 1 or more.
        card: states what they are, and the temperature.
    Raises:
        DamagedModel: the outputs are not finite, or do not match the card.
    """
    return _calibrated(_logits(outputs, card), card)


def _logits(outputs: NDArray[np.float32], card: ModelCard) -> NDArray[np.float64]:
    expect_outputs(outputs, card)
    return logits_from(outputs, card).astype(np.float64)


def _calibrated(logits: NDArray[np.float64], card: ModelCard) -> NDArray[np.float64]:
    return softmax(logits / card.temperature)


@dataclass(frozen=True, eq=False)
class Predictor:
    """An opened model, whatever its runtime; may be shared by threads.

    Attributes:
        engine: runs an opened file of the model.
        card: the model's card.
    """

    engine: Engine
    card: ModelCard

    def logits(
        self, pictures: Pictures, *, on_progress: ProgressCallback = no_progress
    ) -> NDArray[np.float64]:
        """Float64 `(n, k)`; see `predict`."""
        return predict(self.engine, pictures, self.card, on_progress=on_progress)

    def scores(
        self, pictures: Pictures, *, on_progress: ProgressCallback = no_progress
    ) -> NDArray[np.float64]:
        """Calibrated scores, float64 `(n, k)`, rows summing to 1; see `predict`."""
        return _calibrated(self.logits(pictures, on_progress=on_progress), self.card)


def open_predictor(path: Path, card: ModelCard, *, threads: int = 1) -> Predictor:
    """Open a model's file and run it once on a grey picture.

    Args:
        path: already verified.
        threads: CPU threads.
    Raises:
        DamagedModel: the file is no model, does not match its card, or its outputs are not finite.
    """
    predictor, size_px = Predictor(open_engine(path, threads=threads), card), card.input.size_px
    predictor.logits(np.full((1, size_px, size_px, 1), 0.5, dtype=np.float32))
    return predictor


def load_predictor(models_dir: Path, card: ModelCard, *, threads: int = 1) -> Predictor:
    """Open a registered model, its files verified.

    Args:
        threads: CPU threads.
    Raises:
        DamagedModel: its file is missing, differs from its card, or is no model.
    """
    return open_predictor(verified_file(models_dir, card, card.served_by), card, threads=threads)


def litert_logits(path: Path, pixels: NDArray[np.uint8], *, threads: int) -> NDArray[np.float64]:
    """Logits, float64 `(n, k)`, of a LiteRT file that has no card yet.

    Args:
        pixels: grey, uint8 `(n, side, side)`; at least one.
    Raises:
        DamagedModel: no such file.
    """
    engine = open_engine(path, threads=threads)
    model_input = ModelInput(engine.signature.picture[0] or pixels.shape[1])
    return raw_outputs(engine, pixels, model_input).astype(np.float64)
