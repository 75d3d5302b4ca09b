from __future__ import annotations

import json

import numpy as np
import pytest

from core.datasets.labels.class_mapping import BUILT_IN, apply_map, make_map, maps_for, save_map
from core.domain import EXPRESSIVENESS3, FER7, TO_CONFIDENT2, UNLABELLED, LabelMap
from core.domain.errors import DatasetError, LabelSchemeMismatch
from tests.make import make_dataset

ALL = dict.fromkeys(FER7.labels, "") | {"happy": "glad", "sad": "Not glad ", "angry": "not glad"}


@pytest.fixture
def dataset():
    return make_dataset({"Training": [0, 1, 3, 5, UNLABELLED], "Held out": [6], "Test": [4, 2, 1]})


def test_pictures_change_class_and_excluded_labels_are_left_out(dataset):
    seen = apply_map(dataset, TO_CONFIDENT2)
    words = [
        "" if label == UNLABELLED else seen.scheme.labels[label] for label in seen.pictures.labels
    ]
    assert words == ["stressed", "confident", "", "confident", "stressed", "stressed"]
    assert {name: len(part) for name, part in seen.splits.items()} == {
        "Training": 3,
        "Held out": 1,
        "Test": 2,
    }


def test_pixels_go_with_their_labels(dataset):
    seen = apply_map(dataset, TO_CONFIDENT2)
    assert np.array_equal(seen.pictures.pixels, dataset.pictures.pixels[[0, 2, 4, 5, 6, 7]])


def test_a_dataset_under_other_classes_is_noted_and_has_a_hash_of_its_own(dataset):
    seen = apply_map(dataset, TO_CONFIDENT2)
    assert seen.notes[-1] == ("Classes as in 'confident or stressed'; excluded: disgust, surprise.")
    assert seen.content_hash != dataset.content_hash
    assert seen.protocol == dataset.protocol


def test_a_map_that_leaves_no_picture_gives_an_empty_dataset():
    seen = apply_map(make_dataset({"Training": [1], "a": [5], "b": [1]}), TO_CONFIDENT2)
    assert len(seen) == 0


def test_a_map_that_does_not_know_a_label_is_refused(dataset):
    few = LabelMap("few", TO_CONFIDENT2.target, TO_CONFIDENT2.pairs[:3])
    with pytest.raises(LabelSchemeMismatch, match="does not say what becomes of"):
        apply_map(dataset, few)


def test_only_maps_that_know_every_label_are_offered(tmp_path):
    save_map(tmp_path, make_map("Two", ALL))
    assert list(maps_for(tmp_path, FER7)) == ["confident or stressed", "Two"]
    assert maps_for(tmp_path, EXPRESSIVENESS3) == {}


def test_a_map_that_is_kept_comes_back_the_same(tmp_path):
    made = make_map("My two", ALL)
    assert made.target.labels == ("not glad", "glad")
    save_map(tmp_path, made)
    assert maps_for(tmp_path, FER7)["My two"] == made


def test_a_map_of_the_same_name_replaces_it(tmp_path):
    save_map(tmp_path, make_map("Two", ALL))
    other = make_map("Two", {**ALL, "fear": "glad"})
    save_map(tmp_path, other)
    assert maps_for(tmp_path, FER7)["Two"] == other
    assert len(list(tmp_path.iterdir())) == 1


def test_a_nearly_equal_name_does_not_replace_another_map(tmp_path):
    first = make_map("My two", ALL)
    save_map(tmp_path, first)
    with pytest.raises(DatasetError, match="nearly the same name") as caught:
        save_map(tmp_path, make_map("my-Two", {**ALL, "fear": "glad"}))
    assert caught.value.advice
    assert maps_for(tmp_path, FER7)["My two"] == first


@pytest.mark.parametrize(
    "name", ["", " x", "../x", "x" * 41, "a/b", "Confident-or stressed", "As in the files"]
)
def test_a_name_that_cannot_be_used_is_refused(name):
    with pytest.raises(DatasetError, match="cannot be the name") as caught:
        make_map(name, ALL)
    assert caught.value.advice


def test_a_map_to_a_single_class_is_refused():
    with pytest.raises(LabelSchemeMismatch, match="leaves 1 class"):
        make_map("one", dict.fromkeys(FER7.labels, "face"))


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "{}", "5", "[" * 100_000, '{"name": "x", "classes": 5, "pairs": []}'),
        *('{"name": "x", "classes": ["a"], "pairs": []}',),
        *('{"name": "x", "classes": ["a", "b"], "pairs": [["happy", "c"]]}',),
        *('{"name": "x", "classes": ["a", "b"], "pairs": [["happy", "a"], ["happy", "b"]]}',),
    ],
)
def test_a_damaged_file_affects_only_its_own_map(tmp_path, text):
    save_map(tmp_path, make_map("Two", ALL))
    (tmp_path / "damaged.json").write_text(text)
    assert list(maps_for(tmp_path, FER7)) == ["confident or stressed", "Two"]


def test_no_file_replaces_a_built_in_map(tmp_path):
    save_map(tmp_path, make_map("Two", ALL))
    read = json.loads((tmp_path / "two.json").read_text())
    (tmp_path / "two.json").write_text(json.dumps({**read, "name": TO_CONFIDENT2.name}))
    assert maps_for(tmp_path, FER7) == dict(BUILT_IN)
