"""Runtimes that run a model's file, and preprocessing for it."""

from core.models.runtimes.contract import DescribedEngine, Engine, Signature, expect_outputs
from core.models.runtimes.onnx_file import inspect_onnx
from core.models.runtimes.open_runtime import open_engine, runtime_of
from core.models.runtimes.preprocessing import (
    OPENCV_INTERPOLATION,
    Pictures,
    as_faces,
    as_logits,
    logits_from,
    preprocess,
    resized,
)

__all__ = [
    "OPENCV_INTERPOLATION",
    "DescribedEngine",
    "Engine",
    "Pictures",
    "Signature",
    "as_faces",
    "as_logits",
    "expect_outputs",
    "inspect_onnx",
    "logits_from",
    "open_engine",
    "preprocess",
    "resized",
    "runtime_of",
]
