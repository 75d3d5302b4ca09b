"""The formats a model can be published in, with their tolerances."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.domain.errors import PlanError
from core.models import BROWSER_FORMAT


class Runtime(StrEnum):
    """What runs a file."""

    LITERT = "litert"
    ONNX = "onnx"
    KERAS = "keras"
    SAVED_MODEL = "saved-model"

    @property
    def packages(self) -> tuple[str, ...]:
        """Python packages that it requires, besides numpy."""
        return _PACKAGES[self]


_PACKAGES = {
    Runtime.LITERT: ("ai-edge-litert",),
    Runtime.ONNX: ("onnxruntime",),
    Runtime.KERAS: ("keras", "tensorflow-cpu"),
    Runtime.SAVED_MODEL: ("tensorflow-cpu",),
}


@dataclass(frozen=True)
class Tolerance:
    """How far a format's predictions may differ from the network's; all in [0, 1].

    Attributes:
        max_difference: of any score of any picture; None for no limit.
        max_mean_difference: of all scores.
        max_changed_labels: share of pictures whose top label differs.
        min_accuracy_change: lower limit for the 95 % interval of the paired change.
        why: the reason for these figures.
    """

    max_difference: float | None
    max_mean_difference: float
    max_changed_labels: float
    min_accuracy_change: float | None
    why: str


# The same float32 arithmetic in another order: differences of 1e-6 to 1e-5 were measured on 3,589
# faces. A label changes only where two scores are equal to that many digits.
FULL_PRECISION = Tolerance(
    1e-3, 1e-4, 0.002, None, "The same arithmetic in another order of summation."
)
# Weights keep 11 bits: scores changed by at most 2e-3 on 3,589 faces.
HALF_PRECISION = Tolerance(
    1e-2, 1e-3, 0.005, None, "Weights in half precision; computation in float32."
)
# With 8-bit weights single scores change by a few points, and borderline faces change their label.
# What is limited is how many, and the loss of accuracy: one point is less than half the width of
# the interval of a test of 3,589 pictures.
EIGHT_BITS = Tolerance(
    None,
    0.01,
    0.02,
    -0.01,
    "Weights quantized to 8 bits: predictions of borderline faces may change, the accuracy "
    "may not.",
)


@dataclass(frozen=True)
class Format:
    """One file format of a model.

    Attributes:
        name: identifier; letters, digits and hyphens.
        title: display name.
        suffix: of the file name, after the model's name.
        runtime: runs the file.
        good_for: use case, in one sentence.
        tolerance: beyond it the format is refused.
        batch_size: pictures in each call; None for any number.
    """

    name: str
    title: str
    suffix: str
    runtime: Runtime
    good_for: str
    tolerance: Tolerance
    batch_size: int | None = None


FORMATS: Mapping[str, Format] = {
    one.name: one
    for one in (
        Format(
            "keras",
            "Keras",
            ".keras",
            Runtime.KERAS,
            "Further work in Python: fine-tuning, inspection, other conversions.",
            FULL_PRECISION,
        ),
        Format(
            "saved-model",
            "SavedModel, zipped",
            ".saved_model.zip",
            Runtime.SAVED_MODEL,
            "Servers of the TensorFlow family, such as TensorFlow Serving.",
            FULL_PRECISION,
        ),
        Format(
            "litert-float32",
            "LiteRT, float32",
            "-float32.tflite",
            Runtime.LITERT,
            "Phones, single-board computers and Python without TensorFlow, at full precision.",
            FULL_PRECISION,
        ),
        Format(
            "litert-float16",
            "LiteRT, float16 weights",
            "-float16.tflite",
            Runtime.LITERT,
            "Half the size; suits phone GPUs.",
            HALF_PRECISION,
        ),
        Format(
            "litert-dynamic-int8",
            "LiteRT, 8-bit weights",
            "-dynamic-int8.tflite",
            Runtime.LITERT,
            "Fastest on most CPUs, at a quarter of the size.",
            EIGHT_BITS,
        ),
        Format(
            BROWSER_FORMAT,
            "LiteRT, 8-bit weights, batch size 1",
            "-dynamic-int8-batch-1.tflite",
            Runtime.LITERT,
            "Web browsers: LiteRT.js refuses a file whose batch size is free.",
            EIGHT_BITS,
            batch_size=1,
        ),
        Format(
            "litert-int8",
            "LiteRT, full 8-bit",
            "-int8.tflite",
            Runtime.LITERT,
            "Integer-only hardware: microcontrollers, Edge TPU, DSPs.",
            EIGHT_BITS,
        ),
        Format(
            "onnx",
            "ONNX",
            ".onnx",
            Runtime.ONNX,
            "Other runtimes: C++, C#, Java, JavaScript in a browser, the PyTorch ecosystem.",
            FULL_PRECISION,
        ),
    )
}
"""Name -> format, in the order they are shown and converted."""


def format_named(name: str) -> Format:
    """A format by name.

    Raises:
        PlanError: there is none of that name; the advice lists them.
    """
    if name not in FORMATS:
        raise PlanError(
            f"There is no format {name[:40]!r}.", advice=f"There are: {', '.join(FORMATS)}."
        )
    return FORMATS[name]
