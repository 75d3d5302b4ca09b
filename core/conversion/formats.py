"""The formats a model can be published in, and how close to the network each has to stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.domain.errors import PlanError


class Runtime(StrEnum):
    """What computes a file's answers."""

    LITERT = "litert"
    ONNX = "onnx"
    KERAS = "keras"
    SAVED_MODEL = "saved-model"

    @property
    def words(self) -> str:
        """Its name for people."""
        return _WORDS[self]

    @property
    def packages(self) -> tuple[str, ...]:
        """Python packages that it takes, numpy apart."""
        return _PACKAGES[self]


_WORDS = {
    Runtime.LITERT: "LiteRT",
    Runtime.ONNX: "ONNX Runtime",
    Runtime.KERAS: "Keras with TensorFlow",
    Runtime.SAVED_MODEL: "TensorFlow",
}
_PACKAGES = {
    Runtime.LITERT: ("ai-edge-litert",),
    Runtime.ONNX: ("onnxruntime",),
    Runtime.KERAS: ("keras", "tensorflow-cpu"),
    Runtime.SAVED_MODEL: ("tensorflow-cpu",),
}


@dataclass(frozen=True)
class Tolerance:
    """How far a format's answers may be from the network's; all shares of 1.

    Attributes:
        most_difference: of any score of any picture; None where single ones may be further off.
        most_mean_difference: of all scores.
        most_changed: share of pictures whose top label is another.
        least_accuracy_change: the 95 % interval of the paired change may not reach below this.
        why: what these figures rest on.
    """

    most_difference: float | None
    most_mean_difference: float
    most_changed: float
    least_accuracy_change: float | None
    why: str


# The same float32 arithmetic in another order: differences of 1e-6 to 1e-5 were seen over 3,589
# faces. A label changes only where two scores are equal to that many digits.
SAME_NUMBERS = Tolerance(
    1e-3, 1e-4, 0.002, None, "The same arithmetic in another order of summation."
)
# Weights keep 11 binary digits: a score moved by 2e-3 at most over 3,589 faces.
HALF_NUMBERS = Tolerance(
    1e-2, 1e-3, 0.005, None, "Weights in half precision; computation in float32."
)
# With 256 steps a weight single scores move by a few points, and faces between two labels fall to
# the other side. What counts is how many, and that the change is not for the worse: one point is
# less than half the width of the interval of a test of 3,589 pictures.
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
    """One way to write a model down.

    Attributes:
        name: as it is asked for; letters, digits and hyphens.
        title: for people.
        suffix: of the file's name, after the model's.
        runtime: what computes its answers.
        good_for: in one sentence.
        tolerance: beyond it the format is refused.
    """

    name: str
    title: str
    suffix: str
    runtime: Runtime
    good_for: str
    tolerance: Tolerance


FORMATS: Mapping[str, Format] = {
    one.name: one
    for one in (
        Format(
            "keras",
            "Keras",
            ".keras",
            Runtime.KERAS,
            "Further work in Python: fine-tuning, inspection, other conversions.",
            SAME_NUMBERS,
        ),
        Format(
            "saved-model",
            "SavedModel, zipped",
            ".saved_model.zip",
            Runtime.SAVED_MODEL,
            "Servers of the TensorFlow family, such as TensorFlow Serving.",
            SAME_NUMBERS,
        ),
        Format(
            "litert-float32",
            "LiteRT, float32",
            "-float32.tflite",
            Runtime.LITERT,
            "Phones, single-board computers and Python without TensorFlow, at full precision.",
            SAME_NUMBERS,
        ),
        Format(
            "litert-float16",
            "LiteRT, float16 weights",
            "-float16.tflite",
            Runtime.LITERT,
            "Half the size; suits phone GPUs.",
            HALF_NUMBERS,
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
            SAME_NUMBERS,
        ),
    )
}
"""Name -> format, in the order they are shown and made."""


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
