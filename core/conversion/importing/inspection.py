"""Guesses an imported model's input, outputs and MACs from its file."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.conversion.importing.plan import ImportPlan
from core.domain import ColourOrder, Interpolation, ModelInput, OutputKind, Scaling, TensorLayout
from core.domain.errors import DamagedModel, PlanError
from core.domain.model_card import COLOURS
from core.models.runtimes import Signature

_SUM_TOLERANCE = 2e-3  # in float16, probabilities sum to 1 within a thousandth
# Part of a layer name in Keras' own networks (underscores removed), the network, and the
# preprocessing of its ImageNet training. The first match counts. Networks with a scaling layer of
# their own (EfficientNet, MobileNetV3) are recognised by that layer.
_PRETRAINED = (
    ("expandedconvdepthwise", "MobileNetV2", Scaling.SIGNED, ColourOrder.RGB),
    ("convdw1", "MobileNet", Scaling.SIGNED, ColourOrder.RGB),
    ("preactbn", "ResNetV2", Scaling.SIGNED, ColourOrder.RGB),
    ("block1conv1bn", "Xception", Scaling.SIGNED, ColourOrder.RGB),
    ("mixed10", "InceptionV3", Scaling.SIGNED, ColourOrder.RGB),
    ("conv2block1concat", "DenseNet", Scaling.IMAGENET, ColourOrder.RGB),
    ("conv2block11conv", "ResNet50", Scaling.MEAN_BYTES, ColourOrder.BGR),
    ("block1conv1", "VGG", Scaling.MEAN_BYTES, ColourOrder.BGR),
)


USUAL_INTERPOLATION = Interpolation.BILINEAR
"""The default of Keras' and torchvision's resize."""


@dataclass(frozen=True)
class InputGuess:
    """A guess at how pictures are preprocessed for a model.

    Attributes:
        input: the model's input.
        scaling_note: how its scaling was determined; empty where it was given.
        colours_note: likewise for the colour order.
        interpolation_note: likewise for the interpolation.
    """

    input: ModelInput
    scaling_note: str = ""
    colours_note: str = ""
    interpolation_note: str = ""

    @property
    def sentences(self) -> tuple[str, ...]:
        """The notes on what was guessed or measured."""
        return tuple(filter(None, (self.scaling_note, self.interpolation_note, self.colours_note)))

    def with_scaling(self, scaling: Scaling, note: str) -> InputGuess:
        """The same with another scaling.

        Args:
            note: how it was determined.
        """
        return replace(self, input=replace(self.input, scaling=scaling), scaling_note=note)

    def with_interpolation(self, interpolation: Interpolation, note: str) -> InputGuess:
        """The same with another interpolation.

        Args:
            note: how it was determined.
        """
        changed = replace(self.input, interpolation=interpolation)
        return replace(self, input=changed, interpolation_note=note)


def guess_input(
    signature: Signature, plan: ImportPlan, *, layers: Sequence[str] = (), scales: bool = False
) -> InputGuess:
    """Guess a model's input from its shape and the names of its layers.

    Args:
        layers: lower-case names, as far as the file has them.
        scales: whether its first layer scales pictures.
    Raises:
        DamagedModel: its input is no square picture.
        PlanError: the file does not define the size and the plan does not give it, or differs.
    """
    layout, channels, sides = _input_layout(signature.picture)
    size_px = _input_size(sides, plan.size_px)
    scaling, order, why = _guess_scaling(channels, layout, layers, scales=scales)
    guesses_colours = channels == COLOURS and not plan.colour_order
    return InputGuess(
        ModelInput(
            size_px=size_px,
            crop=plan.crop,
            channels=channels,
            scaling=Scaling(plan.scaling) if plan.scaling else scaling,
            layout=layout,
            colour_order=_order(plan, channels, order),
            interpolation=Interpolation(plan.interpolation or USUAL_INTERPOLATION),
        ),
        "" if plan.scaling else f"Scaling guessed as {scaling.value}: {why}.",
        f"Colours guessed as {order.value.upper()}." if guesses_colours else "",
        ""
        if plan.interpolation
        else f"Interpolation taken as {USUAL_INTERPOLATION}, the default of most libraries.",
    )


def guess_output_kind(outputs: NDArray[np.float32], labels: int) -> OutputKind:
    """Guess what a model's outputs are from its outputs for some pictures.

    Args:
        outputs: float32 `(n, k)`.
        labels: number of its classes.
    Raises:
        DamagedModel: their count does not match, or they are NaN or infinite.
    """
    if not np.isfinite(outputs).all():
        raise DamagedModel(
            "The model's outputs are NaN or infinite.",
            advice="Try another scaling; if that does not help, the file is damaged.",
        )
    within = bool((outputs >= -_SUM_TOLERANCE).all() and (outputs <= 1 + _SUM_TOLERANCE).all())
    if outputs.shape[1] == 1 and labels == 2 and within:
        return OutputKind.SHARE
    if outputs.shape[1] != labels:
        raise DamagedModel(
            f"The model has {outputs.shape[1]} outputs per picture, and there are {labels} labels.",
            advice="Give one label for each output, in their order.",
        )
    if within and bool((np.abs(outputs.sum(axis=1) - 1) < _SUM_TOLERANCE).all()):
        return OutputKind.PROBABILITIES
    # Logits between 0 and 1 throughout come only from hardly trained networks.
    return OutputKind.SIGMOIDS if within else OutputKind.LOGITS


def _input_layout(
    shape: tuple[int | None, ...],
) -> tuple[TensorLayout, int, tuple[int | None, int | None]]:
    """TensorLayout, channels and sides."""
    if len(shape) == 3:
        if shape[2] in {1, COLOURS}:
            return TensorLayout.NHWC, shape[2], (shape[0], shape[1])
        if shape[0] in {1, COLOURS}:
            return TensorLayout.NCHW, shape[0], (shape[1], shape[2])
    found = " x ".join("free" if side is None else str(side) for side in shape) or "nothing"
    raise DamagedModel(
        f"The model's input is {found}, which is not a greyscale or colour picture.",
        advice="The input must be one face picture, such as 48 x 48 x 1 or 3 x 224 x 224.",
    )


def _input_size(sides: tuple[int | None, int | None], requested_px: int) -> int:
    known = {side for side in sides if side is not None}
    if len(known) > 1:
        raise DamagedModel(
            f"The model's input is {sides[0]} x {sides[1]} px.",
            advice="Only square inputs are supported.",
        )
    if not known and not requested_px:
        raise PlanError(
            "The file does not define the input size.",
            advice="Give the input size in pixels that it was trained with.",
        )
    size_px = known.pop() if known else requested_px
    if requested_px and requested_px != size_px:
        raise PlanError(
            f"The model's input size is {size_px} px, not {requested_px} px.",
            advice="Leave the input size empty.",
        )
    return size_px


def _guess_scaling(
    channels: int, layout: TensorLayout, layers: Sequence[str], *, scales: bool
) -> tuple[Scaling, ColourOrder, str]:
    if scales:
        return Scaling.BYTES, ColourOrder.RGB, "its first layer rescales [0, 255]"
    plain = [layer.replace("_", "") for layer in layers]
    for name, network, scaling, order in _PRETRAINED if channels == COLOURS else ():
        if any(name in layer for layer in plain):
            return scaling, order, f"its layers are named like {network}'s"
    if channels == COLOURS and layout is TensorLayout.NCHW:
        return Scaling.IMAGENET, ColourOrder.RGB, "the usual for colour pictures in this layout"
    return Scaling.UNIT, ColourOrder.RGB, "the usual for networks trained from scratch"


def _order(plan: ImportPlan, channels: int, guessed: ColourOrder) -> ColourOrder:
    if channels == 1:
        return ColourOrder.RGB
    return ColourOrder(plan.colour_order) if plan.colour_order else guessed


_log = logging.getLogger(__name__)


def count_onnx_mmac(content: bytes, model_input: ModelInput) -> float:
    """Million multiply-accumulates a picture: convolutions and dense layers; 0 if unknown.

    Args:
        content: of the file, which was inspected before (`models.runtimes.inspect_onnx`).
    """
    try:
        import onnx
    except ImportError:  # it comes with training
        return 0.0
    try:
        model = onnx.load_from_string(content)
        sides = model.graph.input[0].type.tensor_type.shape.dim
        for side, length in zip(sides, (1, *model_input.shape), strict=True):
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
