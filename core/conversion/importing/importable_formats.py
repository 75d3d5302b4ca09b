"""Model files that can be imported; the refusal of others is in `refused_files`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Importer:
    """What reads a kind of model file.

    Attributes:
        title: the format's name on screen.
        function: "module:function", imported by the job only.
    """

    title: str
    function: str


_KERAS = Importer("Keras", "core.conversion.importing.importers:import_keras")

IMPORTERS: Mapping[str, Importer] = {
    ".keras": _KERAS,
    ".h5": _KERAS,
    ".hdf5": _KERAS,
    ".onnx": Importer("ONNX", "core.conversion.importing.importers:import_onnx"),
    ".tflite": Importer("LiteRT", "core.conversion.importing.importers:import_litert"),
}
"""Suffix of a file that can be imported -> what reads it."""

WEIGHTS_ENDINGS = (".h5", ".hdf5")
"""Suffixes of files that may hold weights alone, with the architecture in another file."""


def _listed(names: Iterable[str]) -> str:
    """Different names in a sentence: "Keras, ONNX or LiteRT"."""
    *others, last = dict.fromkeys(names)
    return f"{', '.join(others)} or {last}" if others else last


IMPORTED_FORMATS = _listed(one.title for one in IMPORTERS.values())
IMPORTED_SUFFIXES = _listed(IMPORTERS)
