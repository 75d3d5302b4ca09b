"""What computes a model's answers: its runtime, and how pictures are prepared for it."""

from core.models.runtimes.contract import Engine, Signature, expect_answers
from core.models.runtimes.onnx_file import look_into
from core.models.runtimes.open_runtime import open_engine
from core.models.runtimes.preprocessing import (
    ENLARGED_BY,
    as_faces,
    as_logits,
    logits_from,
    numbers_expected,
    prepared,
    resized,
)

__all__ = [
    "ENLARGED_BY",
    "Engine",
    "Signature",
    "as_faces",
    "as_logits",
    "expect_answers",
    "logits_from",
    "look_into",
    "numbers_expected",
    "open_engine",
    "prepared",
    "resized",
]
