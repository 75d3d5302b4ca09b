from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.datasets.labels.corrections import (
    Corrections,
    Exclude,
    Merge,
    Relabel,
    apply_corrections,
    load_corrections,
    save_corrections,
)
from core.domain import FER7, UNLABELLED, PictureSet
from core.domain.errors import LabelSchemeMismatch
from tests.make import make_dataset

COUNT = 30
NAMES = st.lists(st.sampled_from([f"p{n}" for n in range(COUNT)]), max_size=8, unique=True)
WORDS = st.text(max_size=12)
LABEL = st.sampled_from(FER7.labels)
PLAIN_STEP = st.one_of(
    st.builds(Exclude, NAMES.map(tuple), WORDS), st.builds(Relabel, NAMES.map(tuple), LABEL, WORDS)
)
MERGE = st.builds(Merge, LABEL, LABEL, WORDS).filter(lambda step: step.label != step.into)
STEPS = st.lists(st.one_of(PLAIN_STEP, MERGE), max_size=5).map(tuple)


def _dataset():
    rng = np.random.default_rng(3)
    sizes = {"Training": 20, "Validation": 4, "Test": 6}
    labels = {split: rng.integers(-1, 7, count) for split, count in sizes.items()}
    dataset = make_dataset(labels, size_px=8)
    names = np.array([f"p{number}" for number in range(COUNT)])
    pictures = PictureSet(dataset.pictures.pixels, dataset.pictures.labels, names)
    object.__setattr__(dataset, "pictures", pictures)
    return dataset


DATASET = _dataset()


def _content(dataset):
    pictures = dataset.pictures
    return pictures.names.tolist(), pictures.labels.tolist(), dataset.split_of.tolist()


@given(STEPS, PLAIN_STEP)
def test_undoing_is_the_inverse_of_a_step(steps, step):
    before = Corrections(steps)
    assert before.with_step(step).without_last() == before
    assert before.with_step(step).without_last().key == before.key


@given(st.lists(PLAIN_STEP, max_size=5).map(tuple), PLAIN_STEP)
def test_an_undone_step_leaves_the_dataset_as_it_was(steps, step):
    before = Corrections(steps)
    again = apply_corrections(DATASET, before.with_step(step).without_last())
    assert _content(again) == _content(apply_corrections(DATASET, before))


@given(st.lists(PLAIN_STEP, max_size=6).map(tuple))
def test_the_test_split_stays_as_published(steps):
    judged = apply_corrections(DATASET, Corrections(steps))["Test"]
    published = DATASET["Test"]
    assert np.array_equal(judged.pixels, published.pixels)
    assert np.array_equal(judged.labels, published.labels)
    assert np.array_equal(judged.names, published.names)


@given(MERGE)
def test_merging_moves_each_picture_of_one_class_and_no_other(step):
    after = apply_corrections(DATASET, Corrections((step,)))
    for before, label in zip(DATASET.pictures.labels, after.pictures.labels, strict=True):
        if before == UNLABELLED:
            assert label == UNLABELLED
            continue
        was = FER7.labels[before]
        assert after.scheme.labels[label] == (step.into if was == step.label else was)


@given(STEPS, STEPS)
def test_the_key_is_the_steps_own(first, second):
    assert (Corrections(first).key == Corrections(second).key) == (first == second)


@given(STEPS)
def test_what_was_corrected_has_only_pictures_and_labels_of_the_dataset(steps):
    try:
        after = apply_corrections(DATASET, Corrections(steps))
    except LabelSchemeMismatch as error:
        assert error.advice  # noqa: PT017 - a merged class may be named again
        return
    assert set(after.pictures.names.tolist()) <= set(DATASET.pictures.names.tolist())
    assert set(after.scheme.labels) <= set(FER7.labels)
    assert after.pictures.labels.max() < len(after.scheme)
    assert len(after.split_of) == len(after)


@given(STEPS)
def test_what_is_written_as_json_is_read_again(steps):
    corrections = Corrections(steps)
    assert Corrections.from_json(json.loads(json.dumps(corrections.to_json()))) == corrections


@given(st.lists(PLAIN_STEP, min_size=1, max_size=3).map(tuple), st.data())
def test_a_list_that_somebody_changed_is_noticed(steps, data):
    written = Corrections(steps).to_json()
    at = data.draw(st.integers(0, len(steps) - 1))
    written["steps"][at]["names"].append("p99")
    with pytest.raises(ValueError, match="not those its key"):
        Corrections.from_json(written)


@given(st.lists(STEPS, min_size=1, max_size=3))
def test_the_last_list_saved_is_the_one_loaded(versions):

    with TemporaryDirectory() as folder:
        for steps in versions:
            save_corrections(Path(folder), Corrections(steps))
        assert load_corrections(Path(folder)) == Corrections(versions[-1])
