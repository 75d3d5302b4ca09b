from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from core.datasets.audit.problem import Problem, ProblemKind
from core.domain.dataset import picture_digests
from core.evaluation.evaluator.evaluation_parts import leakage_of
from core.evaluation.predictions.leakage import (
    NONE,
    find_leakage,
    leakage_bytes,
    near_pairs,
    read_leakage,
)
from tests.make import make_dataset

NO_FACE_ID = (np.zeros(0, np.uint64), np.zeros(0, np.uint64))


def names(*numbers):
    return np.array(numbers, dtype=np.uint64)


def pairs(*both):
    return names(*(one for one, _ in both)), names(*(other for _, other in both))


def test_equal_pixels_repeat_the_split_that_was_seen_first():
    digests = {"learned": names(1, 2), "chose": names(2, 3), "test": names(3, 1, 4, 4)}
    found = find_leakage(("learned", "chose", "test"), digests, NO_FACE_ID)
    assert found["learned"].of.tolist() == [NONE, NONE]
    assert found["chose"].of.tolist() == [0, NONE]
    assert found["test"].of.tolist() == [1, 0, NONE, 2]
    assert not found["test"].near.any()
    assert found["test"].counts == {"learned": 1, "chose": 1, "test": 1}


def test_one_photograph_over_several_pairs_is_one():
    digests = {"learned": names(1), "test": names(2, 3, 9)}
    found = find_leakage(("learned", "test"), digests, pairs((2, 1), (3, 2)))
    assert found["test"].of.tolist() == [0, 0, NONE]
    assert found["test"].near.tolist() == [True, True, False]
    assert found["test"].unseen_photographs.tolist() == [False, False, True]
    assert found["test"].unseen_pixels.tolist() == [True, True, True]


def test_pairs_of_pictures_that_are_not_there_say_nothing():
    found = find_leakage(("test",), {"test": names(5, 6)}, pairs((7, 5), (6, 8), (99, 98)))
    assert found["test"].of.tolist() == [NONE, NONE]


def test_the_order_of_a_pair_does_not_matter():
    digests = {"learned": names(1), "test": names(2)}
    for alike in (pairs((1, 2)), pairs((2, 1))):
        assert find_leakage(("learned", "test"), digests, alike)["test"].of.tolist() == [0]


def test_without_pictures_nothing_repeats():
    found = find_leakage(("test",), {"test": names()}, pairs((1, 2)))
    assert len(found["test"].of) == 0


def test_an_audits_near_repeats_become_pairs_of_names():
    dataset = make_dataset({"Test": [0, 1, 2]})
    near = Problem(
        ProblemKind.NEAR_DUPLICATE,
        np.array([0, 0, 1], np.float32),
        np.array([False, False, True]),
        "",
        partners=np.array([-1, -1, 0]),
    )
    all_names = picture_digests(dataset.pictures.pixels)
    one, other = near_pairs(dataset, near)
    assert (one.tolist(), other.tolist()) == ([all_names[2]], [all_names[0]])
    assert [len(side) for side in near_pairs(dataset, None)] == [0, 0]


def test_what_is_read_is_what_was_written():
    digests = {"a": names(1, 1), "b": names(1, 2)}
    found = find_leakage(("a", "b"), digests, NO_FACE_ID)
    read = read_leakage(leakage_bytes(found))
    assert set(read) == {"a", "b"}
    for split, one in found.items():
        assert read[split].of.tolist() == one.of.tolist()
        assert read[split].near.tolist() == one.near.tolist()
        assert read[split].splits == ("a", "b")


@pytest.mark.parametrize("split", ["a", "b"])
def test_counts_name_only_splits_that_are_repeated(split):
    found = find_leakage(("a", "b"), {"a": names(1), "b": names(2)}, NO_FACE_ID)
    assert found[split].counts == {}


def test_duplicates_of_a_test_split_do_not_depend_on_other_evaluated_splits():
    """Where the test is named before the split that chose, as where we divide."""
    rng = np.random.default_rng(1)
    pixels = rng.integers(0, 256, (60, 8, 8), dtype=np.uint8)
    pixels[20:23] = pixels[:3]  # of the test, learned from
    pixels[23:25] = pixels[40:42]  # of the test, chosen by
    labels = [at % 7 for at in range(20)]
    splits = {"Training": labels, "Own test": labels, "Held out": labels}
    dataset = make_dataset(splits, pixels=pixels)
    inputs = SimpleNamespace(
        training_split="Training",
        validation_split="Held out",
        dataset=dataset,
        opened=dataset,
        plan=SimpleNamespace(dataset="", corrections=""),
    )
    for judged in (["Own test"], ["Own test", "Held out"]):
        answers = {
            split: SimpleNamespace(digests=picture_digests(dataset[split].pixels))
            for split in judged
        }
        found, _ = leakage_of(inputs, answers, None)
        assert found["Own test"].counts == {"Training": 3, "Held out": 2}
