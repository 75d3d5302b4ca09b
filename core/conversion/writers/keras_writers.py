"""Writes a network in each format."""

from __future__ import annotations

import io
import logging
import shutil
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import keras
import numpy as np
from numpy.typing import NDArray

from core.conversion.formats import FORMATS
from core.conversion.writers.keras_errors import (
    translate_converter_errors,
    translate_full_disk,
    unwritable,
)
from core.conversion.writers.keras_litert import LiteRtFormat, write_litert
from core.conversion.writers.keras_runtimes import save_graph
from core.models import BROWSER_FORMAT

Samples = NDArray[np.float32]
Write = Callable[[keras.Model, Path, Samples], None]

_ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # fixed, so that equal networks make equal archives
_NOT_MAPPED = "is not supported"
"""tf2onnx only logs this where an operation has no counterpart, and writes an invalid file."""


def write(network: keras.Model, name: str, path: Path, samples: Samples) -> None:
    """Write a network in one format.

    Args:
        network: as `keras.saving.load_model` returns it.
        name: a key of `WRITERS`.
        path: of the file.
        samples: preprocessed pictures, for calibrating quantization.
    Raises:
        UnwritableFormat: an operation has no counterpart in this format.
        OSError: the disk refused.
    """
    WRITERS[name](network, path, samples)


def _as_saved_model(network: keras.Model, path: Path, _: Samples) -> None:
    with (
        translate_full_disk(),
        translate_converter_errors("SavedModel"),
        TemporaryDirectory() as folder,
    ):
        save_graph(network, folder)
        _zip(Path(folder), path)


def _as_onnx(network: keras.Model, path: Path, _: Samples) -> None:
    with translate_full_disk(), _tf2onnx_log() as log, translate_converter_errors("ONNX"):
        signature = keras.InputSpec("float32", (None, *network.input_shape[1:]), name="pictures")
        network.export(str(path), format="onnx", verbose=False, input_signature=[signature])
    if unmapped := [line for line in log.getvalue().splitlines() if _NOT_MAPPED in line]:
        path.unlink(missing_ok=True)
        raise unwritable("ONNX", " ".join(unmapped))


def _as_litert(
    number_format: LiteRtFormat, network: keras.Model, path: Path, samples: Samples
) -> None:
    write_litert(network, path, number_format, samples)


def _for_browsers(network: keras.Model, path: Path, _: Samples) -> None:
    batch_size = FORMATS[BROWSER_FORMAT].batch_size
    write_litert(network, path, LiteRtFormat.DYNAMIC_INT8, batch_size=batch_size)


WRITERS: Mapping[str, Write] = {
    "saved-model": _as_saved_model,
    "onnx": _as_onnx,
    **{f"litert-{one}": partial(_as_litert, one) for one in LiteRtFormat},
    BROWSER_FORMAT: _for_browsers,
}
"""Format -> writer. Keras is missing: it is the file that the others are converted from."""


def _zip(folder: Path, path: Path) -> None:
    """Write a folder as an archive that depends on its content alone."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(one for one in folder.rglob("*") if one.is_file()):
            entry = zipfile.ZipInfo(file.relative_to(folder).as_posix(), _ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            with file.open("rb") as source, archive.open(entry, "w") as target:
                shutil.copyfileobj(source, target, 1 << 20)


@contextmanager
def _tf2onnx_log() -> Iterator[io.StringIO]:
    """Captures what the converter logs in the block."""
    captured = io.StringIO()
    handler, log = logging.StreamHandler(captured), logging.getLogger("tf2onnx")
    log.addHandler(handler)
    try:
        with warnings.catch_warnings():
            # Keras' shim for tf2onnx uses a name that numpy deprecates.
            warnings.simplefilter("ignore", FutureWarning)
            yield captured
    finally:
        log.removeHandler(handler)
