"""What computes a model's answers: its runtime, and how pictures are prepared for it."""

from core.models.runtimes.contract import DescribedEngine, Engine, Signature, expect_outputs
from core.models.runtimes.onnx_file import look_into
from core.models.runtimes.open_runtime import open_engine
from core.models.runtimes.preprocessing import (
    ENLARGED_BY,
    Pictures,
    as_faces,
    as_logits,
    logits_from,
    preprocess,
    resized,
)

__all__ = [
    "ENLARGED_BY",
    "DescribedEngine",
    "Engine",
    "Pictures",
    "Signature",
    "as_faces",
    "as_logits",
    "expect_outputs",
    "logits_from",
    "look_into",
    "open_engine",
    "preprocess",
    "resized",
]
