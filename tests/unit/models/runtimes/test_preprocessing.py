from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from core.domain import (
    CONFIDENT2,
    FER7,
    ColourOrder,
    Interpolation,
    ModelInput,
    OutputKind,
    Scaling,
    TensorLayout,
)
from core.models.runtimes.preprocessing import (
    as_faces,
    logits_from,
    preprocess,
    resized,
)
from tests.make import make_card, make_photo


def faces(channels: int = 1, size_px: int = 4) -> np.ndarray:
    shape = (3, size_px, size_px, channels)
    return np.random.default_rng(2).random(shape).astype(np.float32)


def softmax(logits: np.ndarray) -> np.ndarray:
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


@pytest.mark.parametrize(
    ("interpolation", "flag"),
    [(Interpolation.CUBIC, cv2.INTER_CUBIC), (Interpolation.BILINEAR, cv2.INTER_LINEAR)],
)
def test_a_smaller_picture_is_enlarged_as_the_card_says(interpolation, flag):
    small = make_photo(1, size_px=24)
    wanted = cv2.resize(small, (64, 64), interpolation=flag)
    found = as_faces(small[None], ModelInput(64, interpolation=interpolation))
    assert found.shape == (1, 64, 64, 1)
    assert found.dtype == np.float32
    assert np.array_equal(np.rint(found[0, ..., 0] * 255), wanted)


@pytest.mark.parametrize("interpolation", Interpolation)
def test_a_larger_picture_is_averaged_whatever_the_card_says(interpolation):
    large = make_photo(1, size_px=96)
    wanted = cv2.resize(large, (48, 48), interpolation=cv2.INTER_AREA)
    assert np.array_equal(resized(large[None], 48, interpolation)[0], wanted)


def test_models_trained_here_get_the_cropped_array_unchanged():
    given = faces()
    assert preprocess(given, ModelInput(4)) is given


@pytest.mark.parametrize(
    ("scaling", "black", "white"),
    [
        (Scaling.UNIT, 0.0, 1.0),
        (Scaling.SIGNED, -1.0, 1.0),
        (Scaling.BYTES, 0.0, 255.0),
        (Scaling.IMAGENET, -0.485 / 0.229, (1 - 0.485) / 0.229),
        (Scaling.MEAN_BYTES, -123.68, 255 - 123.68),
    ],
)
def test_black_and_white_are_scaled_as_the_card_says(scaling, black, white):
    wanted = ModelInput(2, channels=3, scaling=scaling)
    ends = np.stack([np.zeros((2, 2, 1)), np.ones((2, 2, 1))]).astype(np.float32)
    red = preprocess(ends, wanted)[..., 0]
    assert red[0] == pytest.approx(black, abs=1e-4)
    assert red[1] == pytest.approx(white, abs=1e-4)


def test_a_colour_model_gets_the_grey_channel_three_times():
    found = preprocess(faces(), ModelInput(4, channels=3))
    assert found.shape == (3, 4, 4, 3)
    assert np.array_equal(found[..., 0], found[..., 2])


def test_blue_comes_first_where_the_card_says_so():
    given = faces(3)
    found = preprocess(given, ModelInput(4, channels=3, colour_order=ColourOrder.BGR))
    assert np.array_equal(found, given[..., ::-1])


def test_each_colour_keeps_its_own_mean_when_blue_comes_first():
    wanted = ModelInput(2, channels=3, scaling=Scaling.MEAN_BYTES, colour_order=ColourOrder.BGR)
    black = preprocess(np.zeros((1, 2, 2, 3), np.float32), wanted)[0, 0, 0]
    assert black == pytest.approx([-103.939, -116.779, -123.68], abs=1e-3)


def test_channels_come_first_where_the_card_says_so():
    given = faces(3)
    found = preprocess(given, ModelInput(4, channels=3, layout=TensorLayout.NCHW))
    assert found.shape == (3, 3, 4, 4)
    assert found.flags.c_contiguous
    assert np.array_equal(found[1, 2], given[1, :, :, 2])


def test_colour_pictures_are_refused_by_a_greyscale_model():
    with pytest.raises(ValueError, match="channels"):
        preprocess(faces(3), ModelInput(4))


def test_logits_stay_unchanged():
    logits = np.array([[1.0, -2.0, 0, 0, 0, 0, 0]], np.float32)
    assert logits_from(logits, make_card()) is logits


def test_probabilities_are_the_softmax_of_their_logits():
    scores = np.array([[0.7, 0.3, 0, 0, 0, 0, 0]], np.float32)
    card = replace(make_card(), answers=OutputKind.PROBABILITIES)
    assert softmax(logits_from(scores, card)) == pytest.approx(scores, abs=1e-6)


def test_a_single_output_is_the_probability_of_the_second_label():
    card = replace(make_card(), scheme=CONFIDENT2, answers=OutputKind.SHARE)
    found = softmax(logits_from(np.array([[0.2], [1.0]], np.float32), card))
    assert found == pytest.approx(np.array([[0.8, 0.2], [0.0, 1.0]]), abs=1e-6)
    assert card.outputs_expected == 1


def test_outputs_are_put_into_the_order_of_the_labels():
    # By the alphabet, neutral is fifth; in FER7 it is last.
    card = replace(make_card(), outputs=(0, 1, 2, 3, 5, 6, 4))
    found = logits_from(np.arange(7, dtype=np.float32)[None], card)
    assert found[0, FER7.index("neutral")] == 4
    assert found[0, FER7.index("sad")] == 5


def test_excluded_outputs_leave_their_share_to_the_others():
    card = replace(make_card(), answers=OutputKind.PROBABILITIES, outputs=(1, 2, 3, 4, 5, 6, 7))
    scores = np.array([[0.5, 0.25, 0.25, 0, 0, 0, 0, 0]], np.float32)
    assert softmax(logits_from(scores, card))[0, :2] == pytest.approx([0.5, 0.5], abs=1e-5)
    assert card.outputs_expected == 8


def test_sigmoids_become_logits_of_any_confidence():
    """As scores they would all stay under 0.27, and never be sure."""
    p = np.full((1, 7), 0.02, np.float32)
    p[0, 3] = 0.98
    card = replace(make_card(), answers=OutputKind.SIGMOIDS)
    assert softmax(logits_from(p, card))[0, 3] > 0.99
    ends = np.array([[0.0, 1.0, 0, 0, 0, 0, 0]], np.float32)
    assert np.isfinite(logits_from(ends, card)).all()
