"""Laws of preparing pictures for models of other people."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.domain import ColourOrder, ModelInput, Scaling, TensorLayout
from core.models.runtimes.preprocessing import preprocess
from tests.examples import examples

# As the makers write them: torchvision's Normalize, and Keras' preprocess_input ("tf", "caffe").
TORCH_MEAN, TORCH_SPREAD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
CAFFE_MEAN = (123.68, 116.779, 103.939)


@st.composite
def cases(draw: st.DrawFn) -> tuple[np.ndarray, ModelInput]:
    size_px, count = draw(st.integers(1, 5)), draw(st.integers(1, 3))
    channels = draw(st.sampled_from([1, 3]))
    has = draw(st.sampled_from([1, channels]))
    wanted = ModelInput(
        size_px,
        channels=channels,
        scaling=draw(st.sampled_from(list(Scaling))),
        layout=draw(st.sampled_from(list(TensorLayout))),
        colour_order=draw(st.sampled_from(list(ColourOrder))) if channels == 3 else "rgb",
    )
    seed = draw(st.integers(0, 2**16))
    faces = np.random.default_rng(seed).random((count, size_px, size_px, has), dtype=np.float32)
    return faces, wanted


def one_number(value: float, colour: int, wanted: ModelInput) -> float:
    """What a pixel in [0, 1] becomes; of grey, the mean of what the three colours would become."""
    if wanted.channels == 1:
        three = ModelInput(1, channels=3, scaling=wanted.scaling)
        return sum(one_number(value, each, three) for each in range(3)) / 3
    match wanted.scaling:
        case Scaling.UNIT:
            return value
        case Scaling.SIGNED:
            return value * 255 / 127.5 - 1
        case Scaling.BYTES:
            return value * 255
        case Scaling.IMAGENET:
            return (value - TORCH_MEAN[colour]) / TORCH_SPREAD[colour]
        case _:
            return value * 255 - CAFFE_MEAN[colour]


@examples(200)
@given(cases())
def test_every_number_is_where_and_what_the_slow_way_makes_it(case):
    faces, wanted = case
    found = preprocess(faces, wanted)
    assert found.shape == (len(faces), *wanted.shape)
    assert found.dtype == np.float32
    for n, row, column, place in np.ndindex(
        len(faces), wanted.size_px, wanted.size_px, wanted.channels
    ):
        colour = 2 - place if wanted.colour_order is ColourOrder.BGR else place
        value = float(faces[n, row, column, min(colour, faces.shape[-1] - 1)])
        at = (n, row, column, place)
        if wanted.layout is TensorLayout.NCHW:
            at = (n, place, row, column)
        assert abs(found[at] - one_number(value, colour, wanted)) < 1e-3


@given(cases())
def test_pictures_do_not_touch_each_other(case):
    faces, wanted = case
    together = preprocess(faces, wanted)
    for n in range(len(faces)):
        assert np.array_equal(preprocess(faces[n : n + 1], wanted)[0], together[n])
