"""Models that can be converted without TensorFlow, and rows about their formats."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from core.domain import ONNX_FILE, LabelScheme, ModelCard, ModelInput
from core.models import save
from core.models.converted_formats import ConvertedFormat, Latency, Parity, Speed
from tests.make import make_card

MACHINE = "A processor, 2 cores, Linux"


def write_linear_onnx(path: Path, weights: NDArray[np.float32]) -> Path:
    """A network of one dense layer: `(n, side, side, 1)` in, `(n, k)` logits out.

    Args:
        weights: float32, shape `(side * side, k)`.
    """
    count, classes = weights.shape
    side = round(count**0.5)
    pictures = helper.make_tensor_value_info("pictures", TensorProto.FLOAT, ["n", side, side, 1])
    logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", classes])
    kept = [
        numpy_helper.from_array(weights, "weights"),
        numpy_helper.from_array(np.array([-1, count], np.int64), "shape"),
    ]
    nodes = [
        helper.make_node("Reshape", ["pictures", "shape"], ["flat"]),
        helper.make_node("MatMul", ["flat", "weights"], ["logits"]),
    ]
    graph = helper.make_graph(nodes, "linear", [pictures], [logits], kept)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
    onnx.save(made, path)
    return path


def random_weights(*, side: int = 48, classes: int = 7, seed: int = 0) -> NDArray[np.float32]:
    """A layer whose answers to faces lie apart."""
    made = np.random.default_rng(seed).normal(0.0, 6.0 / side, (side * side, classes))
    return made.astype(np.float32)


def shelve_linear(
    models_dir: Path,
    name: str = "line",
    *,
    weights: NDArray[np.float32] | None = None,
    scheme: LabelScheme | None = None,
) -> ModelCard:
    """A model on the shelf whose one file is an ONNX network."""
    weights = random_weights() if weights is None else weights
    models_dir.mkdir(parents=True, exist_ok=True)
    path = write_linear_onnx(models_dir / f"{name}.onnx", weights)
    card = make_card(name)
    card = replace(
        card,
        input=ModelInput(round(weights.shape[0] ** 0.5)),
        scheme=card.scheme if scheme is None else scheme,
        served_by=ONNX_FILE,
    )
    saved = save(models_dir, card, {ONNX_FILE: path})
    path.unlink()
    return saved


def make_parity(**changes: object) -> Parity:
    """Answers that are hardly apart."""
    usual = Parity(700, 1e-6, 1e-7, 0.0)
    return replace(usual, **changes)  # type: ignore[arg-type]


def make_speed(one_ms: float = 1.0, *, machine: str = MACHINE) -> Speed:
    """A file that takes so long for one picture."""
    return Speed(
        2.0,
        Latency(one_ms, one_ms * 1.2),
        Latency(one_ms * 20, one_ms * 25),
        machine=machine,
        load_average=0.5,
    )


def make_row(name: str = "onnx", **changes: object) -> ConvertedFormat:
    """A format that passed; its file is not made."""
    usual = ConvertedFormat(
        name=name,
        runtime=name.split("-")[0] if name != "saved-model" else name,
        requires=("onnxruntime==1.31.1", "numpy==2.4.6"),
        file=f"formats/line.{name}",
        sha256="00",
        size_bytes=1_500_000,
        parity=make_parity(),
        speed=make_speed(),
        refusal="",
        faces="700 drawn faces.",
        made_at="2026-11-21T12:00:00+00:00",
        source_sha256="5e",
    )
    return replace(usual, **changes)  # type: ignore[arg-type]
