"""How much an ONNX network computes, where the package that knows the format is installed."""

from __future__ import annotations

import logging
from math import prod
from typing import Any

from core.domain import ModelInput

_log = logging.getLogger(__name__)


def mmac_of_onnx(content: bytes, wanted: ModelInput) -> float:
    """Million multiply-accumulates a picture: convolutions and dense layers; 0 if unknown.

    Args:
        content: of the file, which was looked into before (`perception.onnx_file`).
    """
    try:
        import onnx
    except ImportError:  # it comes with training
        return 0.0
    try:
        model = onnx.load_from_string(content)
        sides = model.graph.input[0].type.tensor_type.shape.dim
        for side, length in zip(sides, (1, *wanted.shape), strict=True):
            side.dim_value = length
        inferred = onnx.shape_inference.infer_shapes(model, data_prop=True)
        return sum(_multiplications(inferred.graph)) / 1e6
    except (ValueError, RuntimeError, IndexError, KeyError) as error:
        _log.info("multiplications were not counted: %s", error)
        return 0.0


def _multiplications(graph: Any) -> list[int]:
    shapes = {one.name: tuple(one.dims) for one in graph.initializer}
    for value in (*graph.value_info, *graph.input, *graph.output):
        sides = value.type.tensor_type.shape.dim
        shapes.setdefault(value.name, tuple(side.dim_value for side in sides))
    found = []
    for node in graph.node:
        if node.op_type in {"Conv", "FusedConv"}:
            places = prod(shapes[node.output[0]][2:])
            found.append(places * prod(shapes[node.input[1]]))
        elif node.op_type in {"Gemm", "MatMul"}:
            kernel = shapes[node.input[1]]
            rows = prod(shapes[node.output[0]][:-1]) if node.op_type == "MatMul" else 1
            found.append(rows * prod(kernel))
    return found
