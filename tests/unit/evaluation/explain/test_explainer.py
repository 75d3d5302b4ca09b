"""What was found about some pictures becomes a part of the evaluation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.datasets.summary.face_regions import EYES, MOUTH
from core.evaluation.explain import explainer, saliency
from core.evaluation.explain.explainer import (
    OCCLUDED_PER_CLASS,
    ExplainedPictures,
    check_sample,
    empty_part,
    maps_by_occlusion,
    saliency_part,
    sample_of_each_class,
    with_more_maps,
)
from core.evaluation.explain.saliency import region_weights
from core.evaluation.scorecard.errors import EvaluatedPictures
from tests.explanations import looks_at, make_evaluated, make_maps, make_part
from tests.make import make_card


@pytest.fixture
def judged() -> EvaluatedPictures:
    """Two angry and two fearful; the second of each is named disgust."""
    return make_evaluated([0, 0, 2, 2], [0, 1, 2, 1])


def looked_at(positions: list[int], *, places: int = 6) -> ExplainedPictures:
    """Maps of chance of some pictures."""
    maps = make_maps(2 * len(positions), places=places)
    return ExplainedPictures(np.array(positions), maps.reshape(-1, 2, places, places), "Grad-CAM++")


def test_correct_and_wrong_predictions_have_separate_mean_maps(judged: EvaluatedPictures) -> None:
    explained = looked_at([0, 1, 2, 3])
    part = saliency_part(explained, judged, split="PrivateTest", keep=9, checks=None)
    assert part.right_counts.tolist() == [1, 0, 1, 0, 0, 0, 0]
    assert part.wrong_counts.tolist() == [1, 0, 1, 0, 0, 0, 0]
    assert np.allclose(part.right[0], explained.maps[0, 0], atol=1e-3)
    assert np.allclose(part.wrong[2], explained.maps[3, 0], atol=1e-3)


def test_misclassified_pictures_go_first_where_few_maps_are_stored(
    judged: EvaluatedPictures,
) -> None:
    part = saliency_part(looked_at([0, 1, 2, 3]), judged, split="PrivateTest", keep=2, checks=None)
    assert part.digests.tolist() == judged.digests[[1, 3]].tolist()
    bare = saliency_part(looked_at([0, 1, 2, 3]), judged, split="PrivateTest", keep=0, checks=None)
    assert len(bare.digests) == len(bare.maps) == 0
    assert bare.right_counts.sum() == 2


def test_a_new_map_takes_the_place_of_the_old_one(judged: EvaluatedPictures) -> None:
    part = make_part(judged)
    explained = looked_at([1])
    more = with_more_maps(part, explained, judged)
    assert sorted(more.digests.tolist()) == sorted(part.digests.tolist())
    at = int(np.flatnonzero(more.digests == judged.digests[1])[0])
    assert np.allclose(more.maps[at], explained.maps[0, 0], atol=1e-3)
    assert np.array_equal(more.right, part.right)


def test_maps_of_another_network_are_not_mixed_with_those_there_are(
    judged: EvaluatedPictures,
) -> None:
    more = with_more_maps(make_part(judged), looked_at([1, 2], places=12), judged)
    assert more.digests.tolist() == judged.digests[[1, 2]].tolist()


def test_one_map_can_be_stored_before_any_other(judged: EvaluatedPictures) -> None:
    explained = looked_at([2])
    part = with_more_maps(empty_part("PrivateTest", explained, judged), explained, judged)
    assert part.digests.tolist() == [judged.digests[2]]
    assert not part.right_counts.any()


def test_a_few_of_each_class_are_covered_right_and_wrong() -> None:
    labels = [0] * 60 + [1] * 3
    judged = make_evaluated(labels, [0] * 40 + [5] * 20 + [1] * 3)
    chosen = sample_of_each_class(judged, np.arange(63), np.random.default_rng(0))
    half = OCCLUDED_PER_CLASS // 2
    assert (judged.right[chosen] & (judged.labels[chosen] == 0)).sum() == half
    assert (judged.wrong[chosen] & (judged.labels[chosen] == 0)).sum() == half
    assert (judged.labels[chosen] == 1).sum() == 3
    assert len(set(chosen.tolist())) == len(chosen)


def test_covering_finds_what_a_model_without_a_network_looks_at() -> None:
    judged = make_evaluated([3, 3], [3, 0])
    pixels = np.full((2, 48, 48), 70, dtype=np.uint8)
    pixels[:, MOUTH.mask(48)] = 240
    told: list[tuple[int, int]] = []
    explained = maps_by_occlusion(
        looks_at(MOUTH),
        pixels,
        judged,
        np.arange(2),
        on_progress=lambda done, total: told.append((done, total)),
    )
    assert explained.maps.shape == (2, 2, 12, 12)
    assert told == [(1, 2), (2, 2)]
    for one in (explained.maps[0, 0], explained.maps[1, 1]):  # for happy, said or labelled
        weights = region_weights(one)
        assert weights["mouth"] > 3 > weights["eyes"]
    assert explained.maps[1, 0].max() <= explained.maps[1, 1].max()


def test_under_a_mapping_the_class_the_model_itself_names_is_explained() -> None:
    plain = make_evaluated([3], [3])
    mapped = EvaluatedPictures(
        plain.digests,
        np.array([1]),
        np.array([[0.2, 0.8]]),
        ("confident", "stressed"),  # no output of the model is called so
    )
    pixels = np.full((1, 48, 48), 70, dtype=np.uint8)
    pixels[:, EYES.mask(48)] = 240
    explained = maps_by_occlusion(
        looks_at(EYES), pixels, mapped, np.arange(1), on_progress=lambda _done, _total: None
    )
    assert region_weights(explained.maps[0, 0])["eyes"] > 3


def test_checks_tell_how_alike_maps_of_random_weights_are() -> None:
    pixels = np.full((4, 48, 48), 70, dtype=np.uint8)
    pixels[:, MOUTH.mask(48)] = 240
    maps = np.repeat(MOUTH.mask(12)[None, None].astype(np.float32), 4, axis=0)
    explained = ExplainedPictures(
        np.arange(4), np.repeat(maps, 2, axis=1), "Grad-CAM++", untrained=0.25
    )
    found = check_sample(explained, looks_at(MOUTH), pixels, np.random.default_rng(0))
    assert found is not None
    assert found.untrained == 0.25
    assert found.named > found.elsewhere


def test_targets_follow_the_order_of_the_networks_outputs() -> None:
    card = replace(make_card(), outputs=(0, 1, 2, 3, 5, 6, 4))  # folders by the alphabet
    asked = np.array(
        [[6, 4], [saliency.TOP_CLASS, 0]]
    )  # neutral and sad; whatever it says, and angry
    assert explainer._network_outputs(asked, card).tolist() == [[4, 5], [saliency.TOP_CLASS, 0]]
    assert explainer._network_outputs(asked, make_card()) is asked
