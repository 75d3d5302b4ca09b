"""What an imported model reads, answers and computes, as far as its file shows it."""

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

_NEAR_ONE = 2e-3  # float16 networks miss the sum of 1 by a thousandth
# How Keras names layers of the networks it comes with (dashes left out), what each network is
# called, and how pictures were scaled when ImageNet taught it. The first that is found counts.
# Networks with a scaling layer of their own (EfficientNet, MobileNetV3) are known by that layer.
_TAUGHT = (
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
"""Of libraries in which models are trained elsewhere: Keras' and torchvision's resize take it."""


@dataclass(frozen=True)
class Guess:
    """How pictures are given to a model.

    Attributes:
        input: the whole of it.
        scaling_told: where its scaling comes from; empty where it was asked for.
        colours_told: likewise of the order of its colours.
        interpolation_told: likewise of how smaller faces are enlarged.
    """

    input: ModelInput
    scaling_told: str = ""
    colours_told: str = ""
    interpolation_told: str = ""

    @property
    def sentences(self) -> tuple[str, ...]:
        """What was guessed or measured; nothing about what was asked for."""
        return tuple(filter(None, (self.scaling_told, self.interpolation_told, self.colours_told)))

    def with_scaling(self, scaling: Scaling, told: str) -> Guess:
        """The same with another scaling.

        Args:
            told: where it comes from.
        """
        return replace(self, input=replace(self.input, scaling=scaling), scaling_told=told)

    def with_interpolation(self, interpolation: Interpolation, told: str) -> Guess:
        """The same with smaller faces enlarged in another way.

        Args:
            told: where it comes from.
        """
        wanted = replace(self.input, interpolation=interpolation)
        return replace(self, input=wanted, interpolation_told=told)


def guess_input(
    signature: Signature, plan: ImportPlan, *, layers: Sequence[str] = (), scales: bool = False
) -> Guess:
    """What a model reads, from the shape of its input and the names of its layers.

    Args:
        layers: names, lower case, as far as the file has them.
        scales: whether its first layer scales pictures by itself.
    Raises:
        DamagedModel: its input is no square picture.
        PlanError: the file leaves the size open and nobody said it, or said another one.
    """
    layout, channels, sides = _picture(signature.picture)
    size_px = _size(sides, plan.size_px)
    scaling, order, why = _taught(channels, layout, layers, scales=scales)
    guesses_colours = channels == COLOURS and not plan.colour_order
    return Guess(
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


def guess_answers(numbers: NDArray[np.float32], labels: int) -> OutputKind:
    """What a model's numbers are, by what it said about some pictures.

    Args:
        numbers: float32 `(n, k)`.
        labels: how many it is said to have.
    Raises:
        DamagedModel: their count does not fit, or they are no numbers.
    """
    if not np.isfinite(numbers).all():
        raise DamagedModel(
            "The model's outputs are NaN or infinite.",
            advice="Try another scaling; if that does not help, the file is damaged.",
        )
    within = bool((numbers >= -_NEAR_ONE).all() and (numbers <= 1 + _NEAR_ONE).all())
    if numbers.shape[1] == 1 and labels == 2 and within:
        return OutputKind.SHARE
    if numbers.shape[1] != labels:
        raise DamagedModel(
            f"The model has {numbers.shape[1]} outputs per picture, and there are {labels} labels.",
            advice="Give one label for each output, in their order.",
        )
    if within and bool((np.abs(numbers.sum(axis=1) - 1) < _NEAR_ONE).all()):
        return OutputKind.PROBABILITIES
    # Logits that all lie between 0 and 1 are those of a network that was hardly trained.
    return OutputKind.SIGMOIDS if within else OutputKind.LOGITS


def _picture(
    shape: tuple[int | None, ...],
) -> tuple[TensorLayout, int, tuple[int | None, int | None]]:
    """Layout, channels and sides."""
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


def _size(sides: tuple[int | None, int | None], asked_px: int) -> int:
    known = {side for side in sides if side is not None}
    if len(known) > 1:
        raise DamagedModel(
            f"The model's input is {sides[0]} x {sides[1]} px.",
            advice="Only square inputs are supported.",
        )
    if not known and not asked_px:
        raise PlanError(
            "The file does not define the input size.",
            advice="Give the input size in pixels that it was trained with.",
        )
    size_px = known.pop() if known else asked_px
    if asked_px and asked_px != size_px:
        raise PlanError(
            f"The model's input size is {size_px} px, not {asked_px} px.",
            advice="Leave the input size empty.",
        )
    return size_px


def _taught(
    channels: int, layout: TensorLayout, layers: Sequence[str], *, scales: bool
) -> tuple[Scaling, ColourOrder, str]:
    if scales:
        return Scaling.BYTES, ColourOrder.RGB, "its first layer rescales [0, 255]"
    plain = [layer.replace("_", "") for layer in layers]
    for word, network, scaling, order in _TAUGHT if channels == COLOURS else ():
        if any(word in layer for layer in plain):
            return scaling, order, f"its layers are named like {network}'s"
    if channels == COLOURS and layout is TensorLayout.NCHW:
        return Scaling.IMAGENET, ColourOrder.RGB, "the usual for colour pictures in this layout"
    return Scaling.UNIT, ColourOrder.RGB, "the usual for networks trained from scratch"


def _order(plan: ImportPlan, channels: int, guessed: ColourOrder) -> ColourOrder:
    if channels == 1:
        return ColourOrder.RGB
    return ColourOrder(plan.colour_order) if plan.colour_order else guessed


_log = logging.getLogger(__name__)


def mmac_of_onnx(content: bytes, wanted: ModelInput) -> float:
    """Million multiply-accumulates a picture: convolutions and dense layers; 0 if unknown.

    Args:
        content: of the file, which was looked into before (`models.runtimes.onnx_file`).
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
