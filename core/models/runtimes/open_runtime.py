"""What computes a model's answers: one contract, whichever runtime stands behind it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from core.domain.errors import DamagedModel
from core.models.runtimes.contract import DescribedEngine


def open_engine(path: Path, *, threads: int = 1) -> DescribedEngine:
    """The engine for a model's file, by its ending: `.tflite` or `.onnx`.

    Runtimes are imported when they are needed: most installations use one.

    Args:
        threads: of the processor.
    Raises:
        DamagedModel: the file is damaged, or is no model that Mien can ask.
    """
    suffix = path.suffix.lower()
    if suffix not in _OPENERS:
        raise DamagedModel(
            f"{path.name} is of no kind that is asked directly.",
            advice=f"Use a file that ends in {' or '.join(_OPENERS)}.",
        )
    return _OPENERS[suffix](path, threads)


def _litert(path: Path, threads: int) -> DescribedEngine:
    from core.models.runtimes.litert import LiteRtEngine

    return LiteRtEngine(path, threads=threads)


def _onnx(path: Path, threads: int) -> DescribedEngine:
    from core.models.runtimes.onnx import OnnxEngine

    return OnnxEngine(path, threads=threads)


_OPENERS: dict[str, Callable[[Path, int], DescribedEngine]] = {".tflite": _litert, ".onnx": _onnx}
