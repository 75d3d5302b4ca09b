from __future__ import annotations

import numpy as np
import pytest

from core.conversion.importing.inspection import guess_input, guess_output_kind
from core.conversion.importing.plan import ImportPlan
from core.domain import FER7, ColourOrder, OutputKind, Scaling, TensorLayout
from core.domain.errors import DamagedModel, PlanError
from core.models.runtimes.contract import Signature


def plan(**given: object) -> ImportPlan:
    return ImportPlan("model.keras", FER7.labels, **given)


def reads(*picture: int | None) -> Signature:
    return Signature(picture, 7, one_by_one=False)


@pytest.mark.parametrize(
    ("picture", "channels", "layout", "size_px"),
    [
        ((48, 48, 1), 1, TensorLayout.NHWC, 48),
        ((224, 224, 3), 3, TensorLayout.NHWC, 224),
        ((1, 64, 64), 1, TensorLayout.NCHW, 64),
        ((3, 112, 112), 3, TensorLayout.NCHW, 112),
    ],
)
def test_the_input_is_guessed_from_its_shape(picture, channels, layout, size_px):
    found = guess_input(reads(*picture), plan()).input
    assert (found.channels, found.layout, found.size_px) == (channels, layout, size_px)
    assert found.shape == picture


@pytest.mark.parametrize(
    ("picture", "layers", "scales", "scaling", "order"),
    [
        ((48, 48, 1), (), False, Scaling.UNIT, ColourOrder.RGB),
        ((48, 48, 1), (), True, Scaling.BYTES, ColourOrder.RGB),
        ((96, 96, 3), ("expanded_conv_depthwise",), False, Scaling.SIGNED, ColourOrder.RGB),
        ((96, 96, 3), ("conv_dw_1",), False, Scaling.SIGNED, ColourOrder.RGB),
        ((96, 96, 3), ("block1_conv1", "fc1"), False, Scaling.MEAN_BYTES, ColourOrder.BGR),
        ((96, 96, 3), ("block1_conv1", "block1_conv1_bn"), False, Scaling.SIGNED, ColourOrder.RGB),
        ((3, 96, 96), (), False, Scaling.IMAGENET, ColourOrder.RGB),
    ],
)
def test_every_guess_has_a_note(picture, layers, scales, scaling, order):
    found = guess_input(reads(*picture), plan(), layers=layers, scales=scales)
    assert (found.input.scaling, found.input.colour_order) == (scaling, order)
    assert any(scaling.value in sentence for sentence in found.sentences)


def test_a_given_value_is_not_guessed():
    given = plan(scaling="signed", colour_order="bgr", crop="box", interpolation="cubic")
    found = guess_input(reads(96, 96, 3), given, scales=True)
    assert found.input.scaling is Scaling.SIGNED
    assert found.input.colour_order is ColourOrder.BGR
    assert found.input.crop == "box"
    assert found.sentences == ()


def test_a_free_size_has_to_be_given():
    with pytest.raises(PlanError, match="does not define"):
        guess_input(reads(None, None, 1), plan())
    assert guess_input(reads(None, None, 1), plan(size_px=64)).input.size_px == 64


def test_a_size_that_differs_from_the_file_s_is_refused():
    with pytest.raises(PlanError, match="48 px, not 64 px"):
        guess_input(reads(48, 48, 1), plan(size_px=64))


@pytest.mark.parametrize("picture", [(2304,), (48, 48), (48, 48, 4), (48, 64, 1), (), (5, 48, 48)])
def test_an_input_that_is_no_square_picture_is_refused(picture):
    with pytest.raises(DamagedModel) as refused:
        guess_input(reads(*picture), plan())
    assert refused.value.advice


def test_the_output_kind_is_guessed_from_the_outputs():
    scores = np.full((4, 7), 1 / 7, np.float32)
    assert guess_output_kind(scores, 7) is OutputKind.PROBABILITIES
    assert guess_output_kind(scores * 3, 7) is OutputKind.SIGMOIDS
    assert guess_output_kind(scores * 12, 7) is OutputKind.LOGITS
    assert guess_output_kind(np.log(scores), 7) is OutputKind.LOGITS
    assert guess_output_kind(np.array([[0.2], [0.9]], np.float32), 2) is OutputKind.SHARE


@pytest.mark.parametrize(
    ("numbers", "labels"),
    [
        (np.zeros((2, 8)), 7),
        (np.zeros((2, 1)), 7),
        (np.full((2, 1), 3.0), 2),
        (np.full((2, 7), np.nan), 7),
    ],
)
def test_invalid_outputs_are_refused(numbers, labels):
    with pytest.raises(DamagedModel):
        guess_output_kind(numbers.astype(np.float32), labels)
