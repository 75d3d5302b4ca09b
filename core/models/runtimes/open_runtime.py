"""Which runtime a model's file has, and the file opened in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from core.domain.errors import DamagedModel
from core.models.runtimes.contract import DescribedEngine


def open_engine(path: Path, *, threads: int = 1) -> DescribedEngine:
    """The engine for a model's file, by its ending: `.tflite` or `.onnx`.

    Runtimes are imported on first use: most installations use only one.

    Args:
        threads: CPU threads.
    Raises:
        DamagedModel: the file is damaged, or of an unsupported kind.
    """
    suffix = path.suffix.lower()
    if suffix not in _OPENERS:
        raise DamagedModel(
            f"{path.name} is not a supported model file.",
            advice=f"Use a file that ends in {' or '.join(_OPENERS)}.",
        )
    return _OPENERS[suffix](path, threads)


def runtime_of(file: str) -> str:
    """The runtime of a model's own file, by its suffix."""
    return "onnx" if file.endswith(".onnx") else "litert"


def _litert(path: Path, threads: int) -> DescribedEngine:
    from core.models.runtimes.litert import LiteRtEngine

    return LiteRtEngine(path, threads=threads)


def _onnx(path: Path, threads: int) -> DescribedEngine:
    from core.models.runtimes.onnx import OnnxEngine

    return OnnxEngine(path, threads=threads)


_OPENERS: dict[str, Callable[[Path, int], DescribedEngine]] = {".tflite": _litert, ".onnx": _onnx}
