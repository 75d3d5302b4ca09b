from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.datasets.labels.class_mapping import apply_map, make_map, maps_for, save_map
from core.domain import FER7, UNLABELLED, LabelMap, LabelScheme
from core.domain.errors import LabelSchemeMismatch
from tests.make import make_dataset

TARGET = LabelScheme("three", ("good", "bad", "none"))
MAPS = st.tuples(*(st.sampled_from((*TARGET.labels, None)) for _ in FER7.labels)).map(
    lambda to: LabelMap("map", TARGET, tuple(zip(FER7.labels, to, strict=True)))
)
LABELS = st.lists(st.integers(UNLABELLED, 6), min_size=1, max_size=12)
SPLITS = st.tuples(LABELS, LABELS, LABELS).map(
    lambda three: dict(zip(("Training", "Validation", "Test"), three, strict=True))
)
CLASSES = st.tuples(*(st.sampled_from(("", "glad", " Sad", "x y", "ü")) for _ in FER7.labels))


@given(SPLITS, MAPS)
def test_counts_add_up_split_by_split(splits, label_map):
    dataset = make_dataset(splits, size_px=8)
    seen = apply_map(dataset, label_map)
    for split, before in dataset.counts.items():
        expected = dict.fromkeys(TARGET.labels, 0)
        for label, count in before.items():
            if (to := label_map[label]) is not None:
                expected[to] += count
        assert seen.counts[split] == expected


@given(SPLITS, MAPS)
def test_no_picture_is_invented_and_only_excluded_labels_are_left_out(splits, label_map):
    dataset = make_dataset(splits, size_px=8)
    seen = apply_map(dataset, label_map)
    stays = [
        label == UNLABELLED or label_map[FER7.labels[label]] is not None
        for label in dataset.pictures.labels
    ]
    assert np.array_equal(seen.pictures.pixels, dataset.pictures.pixels[stays])
    assert np.array_equal(seen.split_of, dataset.split_of[stays])
    unlabelled = (dataset.pictures.labels == UNLABELLED).sum()
    assert (seen.pictures.labels == UNLABELLED).sum() == unlabelled


@given(SPLITS)
def test_a_map_of_each_label_to_itself_changes_no_label(splits):
    dataset = make_dataset(splits, size_px=8)
    same = LabelMap("same", FER7, tuple((label, label) for label in FER7.labels))
    seen = apply_map(dataset, same)
    assert np.array_equal(seen.pictures.labels, dataset.pictures.labels)
    assert len(seen) == len(dataset)


@given(st.text(max_size=8), MAPS)
def test_a_map_answers_for_its_own_labels_and_for_no_others(label, label_map):
    if label in FER7.labels:
        assert label_map[label] in (*TARGET.labels, None)
    else:
        with pytest.raises(LabelSchemeMismatch):
            label_map[label]


@given(CLASSES)
def test_a_map_that_a_person_made_is_kept_or_refused(classes):
    pairs = dict(zip(FER7.labels, classes, strict=True))
    names = {one.strip().lower() for one in classes} - {""}
    if len(names) < 2:
        with pytest.raises(LabelSchemeMismatch):
            make_map("mine", pairs)
        return
    made = make_map("mine", pairs)
    assert set(made.target.labels) == names
    with TemporaryDirectory() as folder:
        save_map(Path(folder), made)
        assert maps_for(Path(folder), FER7)["mine"] == made
        json.loads((Path(folder) / "mine.json").read_text(encoding="utf-8"))
