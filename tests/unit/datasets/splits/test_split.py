from __future__ import annotations

import numpy as np
import pytest

from core.datasets.splits.split import KAGGLE_TEST, SplitInput, hold_out, split_pictures
from core.domain import UNLABELLED
from core.domain.errors import EmptySplit


def _undivided(splits, *, labels=None, subjects=None):
    """Pictures `p0`, `p1`, ... of two classes in turn, unless labels are given."""
    count = len(splits)
    names = tuple(dict.fromkeys(splits))
    return SplitInput(
        labels=np.arange(count) % 2 if labels is None else np.array(labels),
        splits=np.array([names.index(one) for one in splits]),
        split_names=names,
        names=np.array([f"p{number}" for number in range(count)]),
        subjects=np.full(count, "") if subjects is None else np.array(subjects),
    )


def _counts(split_result):
    return dict(zip(split_result.names, np.bincount(split_result.split_of).tolist(), strict=True))


def _sides(split_result, pictures):
    words = np.array(split_result.names)[split_result.split_of].tolist()
    return dict(zip(pictures.names.tolist(), words, strict=True))


@pytest.mark.parametrize(
    "roles", [("Training", "PublicTest", "PrivateTest"), ("Training", "Validation", "Test")]
)
def test_splits_that_files_name_stay(roles):
    pictures = _undivided([roles[number % 3] for number in range(30)])
    split_result = split_pictures(pictures, seed=1)
    assert split_result.protocol.roles == roles
    assert split_result.split_of is pictures.splits
    assert (split_result.is_new, split_result.notes) == (False, ())


def test_a_test_without_labels_is_no_test():
    splits = ["Training"] * 80 + ["Validation"] * 10 + ["Test"] * 10
    labels = [number % 2 for number in range(90)] + [UNLABELLED] * 10
    split_result = split_pictures(_undivided(splits, labels=labels), seed=1)
    assert split_result.protocol.roles == ("Training", "Validation", "Own test")
    assert _counts(split_result) == {"Training": 72, "Validation": 10, "Test": 10, "Own test": 8}


def test_what_is_missing_is_held_out_of_each_class_and_reported():
    split_result = split_pictures(_undivided([""] * 200), seed=4)
    assert _counts(split_result) == {"Training": 158, "Own test": 20, "Held out": 22}
    assert split_result.notes == (
        "20 pictures were held out for the test (seed 4).",
        "22 pictures were held out for validation (seed 5).",
    )
    held = np.arange(200) % 2
    for name in ("Own test", "Held out"):
        inside = split_result.split_of == split_result.names.index(name)
        assert np.bincount(held[inside]).tolist() == [inside.sum() // 2] * 2


def test_people_are_kept_separate_where_all_are_known():
    subjects = [f"s{number // 10}" for number in range(300)]
    pictures = _undivided([""] * 300, subjects=subjects)
    split_result = split_pictures(pictures, seed=1)
    assert "by person" in split_result.notes[0]
    for subject in set(subjects):
        assert len(set(split_result.split_of[pictures.subjects == subject].tolist())) == 1


def test_pictures_that_name_no_split_join_the_training_pictures_and_are_reported():
    splits = ["Training", "Validation", "Test", ""] * 20
    split_result = split_pictures(_undivided(splits), seed=1)
    assert _counts(split_result) == {"Training": 40, "Validation": 20, "Test": 20}
    assert split_result.notes == ("20 pictures name no split; they were added to Training.",)


def test_no_picture_is_lost_where_some_name_training_and_some_nothing():
    split_result = split_pictures(_undivided(["Training", ""] * 100), seed=1)
    assert _counts(split_result) == {"Training": 158, "Own test": 20, "Held out": 22}


@pytest.mark.parametrize("named", ["Held out", "Own test"])
def test_a_split_that_a_file_calls_as_ours_is_taken_for_it(named):
    splits = ["Training", "Training", "Training", named] * 40
    split_result = split_pictures(_undivided(splits), seed=1)
    assert len(set(split_result.names)) == len(split_result.names)
    assert _counts(split_result)[named] == 40
    assert named in split_result.protocol.roles


def test_kaggles_test_is_explained():
    splits = ["Training"] * KAGGLE_TEST[0] + ["Test"] * KAGGLE_TEST[1]
    split_result = split_pictures(_undivided(splits), seed=1)
    assert "PublicTest and PrivateTest together" in split_result.notes[-1]


@pytest.mark.parametrize(
    ("splits", "labels"),
    [
        ([""] * 4, [UNLABELLED] * 4),
        ([""] * 4, [0, 1, 0, 1]),
        (["fold1", "fold2"] * 50, None),
        (["Test"] * 50, None),
    ],
)
def test_a_dataset_too_small_for_a_split_is_left_without_one_and_says_why(splits, labels):
    split_result = split_pictures(_undivided(splits, labels=labels), seed=1)
    assert split_result.protocol is None
    assert len(split_result.split_of) == len(splits)
    assert split_result.notes


def test_an_earlier_split_holds_whatever_the_seed():
    pictures = _undivided([""] * 100)
    before = split_pictures(pictures, seed=1)
    after = split_pictures(pictures, seed=2, frozen=_sides(before, pictures))
    assert _sides(after, pictures) == _sides(before, pictures)
    assert after.protocol == before.protocol
    assert after.is_new


def test_newer_pictures_join_the_training_pictures():
    before = _undivided([""] * 100)
    frozen = _sides(split_pictures(before, seed=1), before)
    pictures = _undivided([""] * 103)
    after = split_pictures(pictures, seed=1, frozen=frozen)
    assert _sides(after, pictures) == {**frozen, "p100": "Training", "p101": "Training"} | {
        "p102": "Training"
    }
    assert after.notes == ("3 pictures are newer than the split; they were added to Training.",)


def test_an_earlier_split_of_other_pictures_splits_nothing():
    frozen = {"x1": "Training", "x2": "Own test", "x3": "Held out"}
    split_result = split_pictures(_undivided([""] * 100), seed=1, frozen=frozen)
    assert split_result.protocol is None
    assert "new split is then made" in split_result.notes[0]


@pytest.mark.parametrize("labels", [[], [0] * 20 + [1]])
def test_nothing_or_too_little_cannot_be_held_out(labels):
    with pytest.raises(EmptySplit) as caught:
        hold_out(np.array(labels, dtype=np.int64), fraction=0.1, seed=1)
    assert caught.value.advice
