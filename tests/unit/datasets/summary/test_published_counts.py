from __future__ import annotations

import numpy as np

from core.datasets.summary.class_counts import count_classes
from core.datasets.summary.published_counts import (
    CONFIDENT2_BY_ITS_MAP,
    CONFIDENT2_PUBLISHED,
    TRAINING,
    check_counts,
)
from core.domain import CONFIDENT2, TO_CONFIDENT2
from tests.make import make_dataset

TEST = np.arange(3589) % 7
TRAIN = np.repeat(np.arange(7), list(TRAINING.values()))


def _checks(splits, **named):
    count = sum(map(len, splits.values()))
    dataset = make_dataset(splits, pixels=np.zeros((count, 1, 1), np.uint8), **named)
    return {check.what: check for check in check_counts(dataset, count_classes(dataset))}


def test_fer2013_as_published_passes_every_check_whatever_its_name():
    checks = _checks({"Training": TRAIN, "PublicTest": TEST, "PrivateTest": TEST}, name="my copy")
    assert len(checks) == 12
    assert all(check.ok for check in checks.values())
    assert checks["Training: disgust"].expected == 436
    assert checks["Both tests together"].found == 7178
    assert checks["PublicTest"].sentence == "3,589, as published."


def test_a_held_out_part_of_the_kaggle_folder_still_counts_as_training():
    splits = {"Training": TRAIN[3589:], "Held out": TRAIN[:3589], "Test": [*TEST, *TEST]}
    checks = _checks(splits, name="FER 2013")
    assert checks["Training + Held out"].ok
    assert checks["Training + Held out: angry"].ok
    assert checks["Both tests together"].ok
    assert "PublicTest" not in checks


def test_a_missing_picture_is_reported_with_its_numbers():
    checks = _checks(
        {"Training": TRAIN[1:], "PublicTest": TEST, "PrivateTest": TEST}, name="fer2013"
    )
    angry = checks["Training: angry"]
    assert not angry.ok
    assert (angry.expected, angry.found) == (3995, 3994)
    assert angry.sentence == "3,994: 1 fewer than the 3,995 published."
    assert checks["Training: fear"].ok


def test_nothing_was_published_about_an_unknown_dataset():
    assert _checks({"All": [0, 1, 2]}, name="our own faces") == {}


def test_confident_and_stressed_show_the_true_count_beside_the_published_one():
    checks = _checks({"All": np.arange(CONFIDENT2_BY_ITS_MAP) % 2}, scheme=CONFIDENT2)
    by_map, published = checks.values()
    assert by_map.ok
    assert (published.ok, published.expected, published.found) == (False, 29262, 31338)
    assert "does not follow from its own map" in published.sentence
    assert published.is_explained
    less, published = _checks(
        {"All": [0, 1]}, scheme=CONFIDENT2, name="FER2013, two classes"
    ).values()
    assert not less.is_explained
    assert not published.is_explained


def test_the_counts_of_the_map_follow_from_fer2013s_own():
    # All 35,887 less surprise and disgust, with the tests' counts as published.
    all_of = {"surprise": 4002, "disgust": 547}
    left_out = [source for source, target in TO_CONFIDENT2.pairs if target is None]
    assert 35887 - sum(all_of[label] for label in left_out) == CONFIDENT2_BY_ITS_MAP
    assert CONFIDENT2_PUBLISHED != CONFIDENT2_BY_ITS_MAP
