"""Models as other people bring them: tiny ONNX files with any input, any answers, any fault."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

ALPHABET = ("angry", "disgust", "fear", "happy", "neutral", "sad", "surprise")
"""FER2013's labels in the order in which Keras reads folders."""


@dataclass(frozen=True)
class Foreign:
    """What is unusual about a model; it is one dense layer, or less.

    Attributes:
        shape: of its input; words are lengths that are free.
        answers: numbers it gives.
        ending: operation after the layer: "Softmax", "Sigmoid" or none.
        value: of all its weights; None takes random ones.
        kind: of its input.
        inputs, outputs: how many.
        domain: of the layer's operation.
        elsewhere: a file that its weights are said to lie in.
    """

    shape: Sequence[str | int] = ("n", 8, 8, 1)
    answers: int = 7
    ending: str = "Softmax"
    value: float | None = None
    kind: int = TensorProto.FLOAT
    inputs: int = 1
    outputs: int = 1
    domain: str = ""
    elsewhere: str = ""


def write_foreign(path: Path, model: Foreign = Foreign()) -> Path:
    """Write a model; the answer is its path."""
    count = int(np.prod([side for side in model.shape[1:] if isinstance(side, int)]))
    weights = np.random.default_rng(1).normal(0, 1, (count, model.answers)).astype(np.float32)
    if model.value is not None:
        weights[:] = model.value
    kept = numpy_helper.from_array(weights, "weights")
    if model.elsewhere:
        onnx.external_data_helper.set_external_data(kept, model.elsewhere)
        kept.ClearField("raw_data")
    nodes = [
        helper.make_node("Cast", ["x0"], ["cast"], to=TensorProto.FLOAT),
        helper.make_node("Reshape", ["cast", "flat"], ["row"]),
        helper.make_node("MatMul", ["row", "weights"], ["y"], domain=model.domain),
        helper.make_node(model.ending or "Identity", ["y"], ["z0"]),
    ]
    nodes += [helper.make_node("Identity", ["z0"], [f"z{n}"]) for n in range(1, model.outputs)]
    graph = helper.make_graph(
        nodes,
        "foreign",
        [
            helper.make_tensor_value_info(f"x{n}", model.kind, list(model.shape))
            for n in range(model.inputs)
        ],
        [
            helper.make_tensor_value_info(f"z{n}", TensorProto.FLOAT, ["n", model.answers])
            for n in range(model.outputs)
        ],
        [kept, numpy_helper.from_array(np.array([-1, count], np.int64), "flat")],
    )
    sets = [helper.make_opsetid("", 17), helper.make_opsetid("their.own", 1)]
    made = helper.make_model(graph, opset_imports=sets, ir_version=8)
    path.write_bytes(made.SerializeToString())
    return path


def write_described(folder: Path) -> tuple[Path, Path]:
    """A network as `model.to_json()` of Keras 2 describes it, and its weights in another file.

    Pictures of 8 px in, scores for seven labels out; one dense layer.
    """
    layers = [
        ("InputLayer", {"batch_input_shape": [None, 8, 8, 1], "dtype": "float32", "name": "face"}),
        ("Flatten", {"name": "flatten"}),
        ("Dense", {"name": "dense", "units": 7, "activation": "softmax", "use_bias": True}),
    ]
    described = {
        "class_name": "Sequential",
        "config": {
            "name": "theirs",
            "layers": [{"class_name": kind, "config": config} for kind, config in layers],
        },
        "keras_version": "2.11.0",
        "backend": "tensorflow",
    }
    architecture, weights = folder / "network.json", folder / "network.h5"
    architecture.write_text(json.dumps(described))
    rng = np.random.default_rng(1)
    with h5py.File(weights, "w") as file:
        file.attrs["layer_names"] = [b"dense"]
        dense = file.create_group("dense")
        dense.attrs["weight_names"] = [b"dense/kernel:0", b"dense/bias:0"]
        dense["dense/kernel:0"] = rng.normal(0, 1, (64, 7)).astype(np.float32)
        dense["dense/bias:0"] = np.zeros(7, np.float32)
    return architecture, weights
