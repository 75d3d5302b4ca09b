"""Inspects an ONNX file without running it: whether it refers to other files, and its size.

ONNX is a protocol buffer (onnx.proto, field numbers of release 1.23). Only the fields needed are
decoded, and weights are skipped, so a large file takes milliseconds; the `onnx` package, which
knows the whole format, is installed with training only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from core.domain.errors import DamagedModel

# Kind of message -> number of a field -> kind of the message inside.
_INSIDE: Mapping[str, Mapping[int, str]] = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "function": {7: "node", 11: "attribute"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "node": {5: "attribute"},
    "attribute": {
        **{5: "tensor", 10: "tensor", 6: "graph", 11: "graph"},
        **{22: "sparse", 23: "sparse"},
    },
    "sparse": {1: "tensor", 2: "tensor"},
}
_DIMS, _DATA_TYPE, _EXTERNAL_DATA, _DATA_LOCATION = 1, 2, 13, 14  # of a tensor
_FLOATS = {1, 10, 11, 16}  # float32, float16, float64, bfloat16
_MOST_MESSAGES = 2_000_000  # a network of 100 million weights has some thousands
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5

Field = tuple[int, int | memoryview]


@dataclass(frozen=True)
class OnnxContents:
    """What an ONNX file holds.

    Attributes:
        weights: values in its float tensors.
        external_data: whether any of them are stored in another file.
        nodes: operations.
    """

    weights: int
    external_data: bool
    nodes: int


def inspect_onnx(content: bytes, name: str) -> OnnxContents:
    """What an ONNX file holds.

    Args:
        name: of the file, for messages.
    Raises:
        DamagedModel: it is no ONNX file, or it is cut off.
    """
    weights, external_data, nodes = 0, False, 0
    try:
        for kind, message in _messages(memoryview(content)):
            if kind == "tensor":
                count, outside = _tensor(message)
                weights, external_data = weights + count, external_data or outside
            nodes += kind == "node"
    except (IndexError, ValueError) as error:
        raise DamagedModel(
            f"{name} is no ONNX file, or it is cut off.", advice="Export the model again."
        ) from error
    return OnnxContents(weights, external_data, nodes)


def _messages(content: memoryview) -> Iterator[tuple[str, memoryview]]:
    """Every message of a kind we know, and those inside it."""
    waiting = [("model", content)]
    for _ in range(_MOST_MESSAGES):
        if not waiting:
            return
        kind, message = waiting.pop()
        yield kind, message
        inside = _INSIDE.get(kind, {})
        for number, value in _fields(message) if inside else ():
            if number in inside and isinstance(value, memoryview):
                waiting.append((inside[number], value))
    raise ValueError("too many parts")


def _tensor(message: memoryview) -> tuple[int, bool]:
    """How many weights, and whether they lie in another file."""
    count, is_float, outside = 1, False, False
    for number, value in _fields(message):
        if number == _DIMS:
            for side in _numbers(value):
                count *= side
        elif number == _DATA_TYPE:
            is_float = value in _FLOATS
        elif number == _EXTERNAL_DATA or (number == _DATA_LOCATION and value != 0):
            outside = True
    return (count if is_float else 0), outside


def _numbers(value: int | memoryview) -> Iterator[int]:
    """A repeated number: packed, or one of several."""
    if isinstance(value, int):
        yield value
        return
    at = 0
    while at < len(value):
        number, at = _varint(value, at)
        yield number


def _fields(message: memoryview) -> Iterator[Field]:
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        number, wire = tag >> 3, tag & 7
        if wire == _VARINT:
            value, at = _varint(message, at)
            yield number, value
            continue
        if wire == _BYTES:
            length, at = _varint(message, at)
        elif wire in {_FIXED32, _FIXED64}:
            length = 4 if wire == _FIXED32 else 8
        else:
            raise ValueError(f"wire type {wire}")
        if at + length > len(message):
            raise ValueError("cut off")
        yield number, message[at : at + length]
        at += length


def _varint(content: memoryview, at: int) -> tuple[int, int]:
    """A number in groups of seven bits, and where the next one begins."""
    value = 0
    for shift in range(0, 70, 7):
        byte = content[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise ValueError("no number ends here")
