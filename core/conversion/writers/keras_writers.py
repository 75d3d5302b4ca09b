"""Writing a network in each format; the only place that knows how."""

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
import tensorflow as tf
from numpy.typing import NDArray

from core.conversion.writers.keras_errors import full_disk_told, refusals_told, unwritable
from core.conversion.writers.keras_litert import LiteRtFormat, write_litert
from core.conversion.writers.keras_runtimes import graph_of

Samples = NDArray[np.float32]
Write = Callable[[keras.Model, Path, Samples], None]

_ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # the oldest it knows: equal networks make equal archives
_NOT_MAPPED = "is not supported"
"""What tf2onnx only logs where an operation has no counterpart; the file it writes is then void."""


def write(network: keras.Model, name: str, path: Path, samples: Samples) -> None:
    """Write a network in one format.

    Args:
        network: plain, as `keras.saving.load_model` gives it.
        name: a key of `WRITERS`.
        path: of the file.
        samples: pictures as the network reads them, for formats that measure ranges.
    Raises:
        UnwritableFormat: an operation has no counterpart in this format.
        OSError: the disk refused.
    """
    WRITERS[name](network, path, samples)


def _as_saved_model(network: keras.Model, path: Path, _: Samples) -> None:
    """Keras' own export writes every weight twice."""
    module = tf.Module()
    module.serve = graph_of(network)
    module.weights = [weight.value for weight in network.weights]
    with full_disk_told(), refusals_told("SavedModel"), TemporaryDirectory() as folder:
        tf.saved_model.save(module, folder, signatures={"serving_default": module.serve})
        _zip(Path(folder), path)


def _as_onnx(network: keras.Model, path: Path, _: Samples) -> None:
    with full_disk_told(), _told_by_tf2onnx() as told, refusals_told("ONNX"):
        asked = keras.InputSpec("float32", (None, *network.input_shape[1:]), name="pictures")
        network.export(str(path), format="onnx", verbose=False, input_signature=[asked])
    if unmapped := [line for line in told.getvalue().splitlines() if _NOT_MAPPED in line]:
        path.unlink(missing_ok=True)
        raise unwritable("ONNX", " ".join(unmapped))


def _as_litert(
    number_format: LiteRtFormat, network: keras.Model, path: Path, samples: Samples
) -> None:
    write_litert(network, path, number_format, samples)


WRITERS: Mapping[str, Write] = {
    "saved-model": _as_saved_model,
    "onnx": _as_onnx,
    **{f"litert-{one}": partial(_as_litert, one) for one in LiteRtFormat},
}
"""Format -> who writes it. Keras is missing: it is the file that the others are made from."""


def _zip(folder: Path, path: Path) -> None:
    """A folder as an archive that depends on its content alone."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(one for one in folder.rglob("*") if one.is_file()):
            entry = zipfile.ZipInfo(file.relative_to(folder).as_posix(), _ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            with file.open("rb") as source, archive.open(entry, "w") as target:
                shutil.copyfileobj(source, target, 1 << 20)


@contextmanager
def _told_by_tf2onnx() -> Iterator[io.StringIO]:
    """What the converter logs while the block runs."""
    told = io.StringIO()
    listener, log = logging.StreamHandler(told), logging.getLogger("tf2onnx")
    log.addHandler(listener)
    try:
        with warnings.catch_warnings():
            # Keras' shim for tf2onnx asks numpy for a name that numpy will give another meaning.
            warnings.simplefilter("ignore", FutureWarning)
            yield told
    finally:
        log.removeHandler(listener)
