"""Maps are averaged, told in words, kept and read back."""

from __future__ import annotations

import numpy as np
import pytest

from core.datasets.summary.face_regions import EYES, MOUTH
from core.domain.errors import DamagedModel
from core.evaluation.explain.saliency import (
    class_specific,
    enlarged,
    mean_maps,
    normalised_maps,
    read_saliency,
    region_weights,
    write_saliency,
)
from tests.explanations import make_evaluated, make_maps, make_part


def test_maps_lose_what_is_negative_and_end_at_one() -> None:
    found = normalised_maps(np.array([[[-3.0, 2.0], [0.5, 1.0]], [[0.0, 0.0], [0.0, -1.0]]]))
    assert found.tolist() == [[[0, 1], [0.25, 0.5]], [[0, 0], [0, 0]]]


def test_an_enlarged_map_keeps_its_highest_place() -> None:
    small = np.zeros((6, 6))
    small[4, 1] = 1.0
    top, left = np.unravel_index(enlarged(small, 48).argmax(), (48, 48))
    assert (top // 8, left // 8) == (4, 1)
    assert enlarged(small, 48).min() >= 0


def test_maps_that_say_nothing_count_for_no_mean() -> None:
    maps = np.zeros((3, 2, 2), dtype=np.float32)
    maps[0, 0, 0] = maps[1, 0, 0] = 1.0
    means, counts = mean_maps(maps, np.array([0, 0, 0]), classes=2)
    assert counts.tolist() == [2, 0]
    assert means[0].tolist() == [[1, 0], [0, 0]]
    assert not means[1].any()


def test_an_even_map_weighs_every_region_the_same() -> None:
    weights = region_weights(np.ones((6, 6)))
    assert list(weights) == ["brows", "eyes", "mouth"]
    assert list(weights.values()) == pytest.approx([1.0, 1.0, 1.0])


def test_a_map_of_the_mouth_weighs_the_mouth() -> None:
    weights = region_weights(MOUTH.mask(48).astype(np.float32))
    assert weights["mouth"] > 5
    assert weights["eyes"] < 0.1
    assert region_weights(np.zeros((6, 6))) == {}


def test_what_sets_classes_apart_cancels_out() -> None:
    maps = np.stack([EYES.mask(12), MOUTH.mask(12), np.zeros((12, 12), bool)]).astype(np.float32)
    apart = class_specific(maps, np.array([4, 9, 0]))
    assert np.allclose(apart[:2].sum(axis=0), 0)
    assert apart[1][MOUTH.mask(12)].min() == 0.5
    assert not apart[2].any()  # there were none


def test_a_part_comes_back_as_it_was_written() -> None:
    part = make_part(make_evaluated([0, 1, 2], [0, 0, 2]))
    read = read_saliency(write_saliency(part))
    assert (read.split, read.method, read.classes) == (part.split, part.method, part.classes)
    assert read.checks == part.checks
    for name in ("right", "wrong", "right_counts", "wrong_counts", "digests", "maps", "truth_maps"):
        assert np.array_equal(getattr(read, name), getattr(part, name))


def test_a_part_without_checks_comes_back_without_checks() -> None:
    part = make_part(make_evaluated([0], [0]))
    bare = type(part)(**{**vars(part), "checks": None})
    assert read_saliency(write_saliency(bare)).checks is None


@pytest.mark.parametrize("damage", [lambda one: one[:200], lambda _: b"", lambda one: one[::-1]])
def test_a_damaged_part_says_what_to_do(damage) -> None:
    content = write_saliency(make_part(make_evaluated([0, 1], [0, 1])))
    with pytest.raises(DamagedModel, match=r"saliency\.npz cannot be read") as told:
        read_saliency(damage(content))
    assert "Explain the model again" in told.value.advice


def test_maps_for_other_pictures_are_refused() -> None:
    part = make_part(make_evaluated([0, 1], [0, 1]))
    with pytest.raises(ValueError, match="maps"):
        type(part)(**{**vars(part), "maps": make_maps(3).astype(np.float16)})
