"""Reads model files of the formats that can be imported; `IMPORTERS` says which file by what."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.conversion.importing.inspection import InputGuess, count_onnx_mmac, guess_input
from core.conversion.importing.plan import ImportPlan
from core.conversion.importing.synthetic_faces import synthetic_faces
from core.domain.errors import ModelError
from core.models import KERAS_FILE, LITERT_FILE, ONNX_FILE
from core.models.runtimes import inspect_onnx, open_engine, preprocess

_LEGACY = (
    "Saved by Keras 2 and kept as LiteRT only: it cannot be fine-tuned, and its saliency is "
    "computed by occlusion only."
)


@dataclass(frozen=True)
class ImportedFiles:
    """An inspected model file.

    Attributes:
        files: name in the registry -> file.
        served_by: the file used for predictions.
        guess: its preprocessing.
        size: parameters, and million multiply-accumulates.
        notes: sentences for the card.
        order_note: how the order of its labels was inferred; empty where it was given.
    """

    files: dict[str, Path]
    served_by: str
    guess: InputGuess
    size: tuple[int, float]
    notes: tuple[str, ...] = ()
    order_note: str = ""

    @property
    def sentences(self) -> tuple[str, ...]:
        """Notes on preprocessing and file, for the screen and the card."""
        return (*self.guess.sentences, *self.file_notes)

    @property
    def file_notes(self) -> tuple[str, ...]:
        """The notes that are not about preprocessing."""
        return tuple(filter(None, (*self.notes, self.order_note)))


def import_keras(path: Path, plan: ImportPlan, folder: Path) -> ImportedFiles:
    """Read a Keras file, also one of Keras 2 or weights alone, and write it as LiteRT too.

    TensorFlow is imported here, in the worker.

    Args:
        folder: where the files are written.
    Raises:
        ModelError: TensorFlow is not installed, or the file cannot be used.
    """
    try:
        from core.conversion.importing.keras_import import (
            load_imported_network,
            write_verified_litert,
        )
        from core.conversion.writers.keras_runtimes import prepare_one_thread
    except ModuleNotFoundError as error:
        raise ModelError(
            "Keras files require TensorFlow, which is not installed here.",
            advice="Install requirements.txt, or export the model as ONNX or LiteRT.",
        ) from error
    prepare_one_thread()
    loaded = load_imported_network(path, Path(plan.architecture) if plan.architecture else None)
    guess = guess_input(loaded.signature, plan, layers=loaded.layers, scales=loaded.scales)
    parity = write_verified_litert(loaded, folder / LITERT_FILE, synthetic_input(guess))
    notes = (parity, _LEGACY) if loaded.is_legacy else (parity,)
    files = {LITERT_FILE: folder / LITERT_FILE}
    if not loaded.is_legacy:
        loaded.network.save(folder / KERAS_FILE)
        files[KERAS_FILE] = folder / KERAS_FILE
    return ImportedFiles(files, LITERT_FILE, guess, (loaded.weights, loaded.mmac), notes)


def import_onnx(path: Path, plan: ImportPlan, _folder: Path) -> ImportedFiles:
    """Read an ONNX file; it is kept as it is.

    Raises:
        ModelError: it cannot be used.
    """
    guess = guess_input(open_engine(path).signature, plan)
    content = path.read_bytes()
    weights = inspect_onnx(content, path.name).weights
    size = (weights, count_onnx_mmac(content, guess.input))
    return ImportedFiles({ONNX_FILE: path}, ONNX_FILE, guess, size)


def import_litert(path: Path, plan: ImportPlan, _folder: Path) -> ImportedFiles:
    """Read a LiteRT file; it is kept as it is, and its size is not measured.

    Raises:
        ModelError: it cannot be used.
    """
    guess = guess_input(open_engine(path).signature, plan)
    return ImportedFiles({LITERT_FILE: path}, LITERT_FILE, guess, (0, 0.0))


def synthetic_input(guess: InputGuess) -> NDArray[np.float32]:
    """Synthetic faces, preprocessed for a model: float32, in the layout of its input."""
    return preprocess(synthetic_faces().pixels, guess.input)
