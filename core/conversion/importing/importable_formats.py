"""Model files that can be imported; the refusal of others is in `refused_files`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.domain.wording import listed


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


IMPORTED_FORMATS = listed([*dict.fromkeys(one.title for one in IMPORTERS.values())], "or")
IMPORTED_SUFFIXES = listed([*IMPORTERS], "or")
