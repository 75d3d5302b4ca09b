"""Reference faces: from the training dataset, another dataset, or synthetic."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.conversion import ConvertPlan
from core.conversion.checks.reference_faces import MAX_SAMPLES, faces_for, training_dataset_of
from core.datasets import DatasetSource
from core.datasets.catalogue.catalogue import add
from core.datasets.labels.class_mapping import apply_map
from core.datasets.readers.demo import write_demo
from core.domain import CONFIDENT2, EXPRESSIVENESS3, TO_CONFIDENT2, SplitProtocol, TrainingData
from core.domain.errors import EmptySplit, LabelSchemeMismatch, UnknownDataset
from tests.make import make_card


@pytest.fixture
def demo(settings):
    path = write_demo(settings.data_dir / "demo", np.random.default_rng(7))
    return add(settings.datasets_dir, "demo", DatasetSource(str(path)), settings.datasets_cache_dir)


def _faces(settings, card, **options):
    return faces_for(ConvertPlan(card.name, **options), card, settings)


def test_the_training_dataset_is_found_by_its_hash(settings, demo):
    card = replace(make_card(), data=TrainingData.of(demo))
    faces = _faces(settings, card)
    assert faces.description == "56 pictures of PrivateTest of demo."
    pictures = demo["PrivateTest"]
    assert np.array_equal(faces.pixels, pictures.pixels)
    assert np.array_equal(faces.labels, pictures.labels)


def test_the_training_dataset_with_another_split_is_not_used(settings, demo):
    other_protocol = SplitProtocol("PrivateTest", "PublicTest", "Training")
    card = replace(make_card(), data=replace(TrainingData.of(demo), protocol=other_protocol))
    assert training_dataset_of(card, settings) is None


def test_a_model_of_unknown_training_data_has_no_training_dataset(settings, demo):
    assert training_dataset_of(replace(make_card(), data=None), settings) is None


def test_quantization_is_calibrated_on_training_pictures_never_on_test_pictures(settings, demo):
    card = replace(make_card(), data=TrainingData.of(demo))
    faces = _faces(settings, card)
    assert faces.samples_description == "280 pictures of Training of demo"
    assert np.array_equal(faces.samples, demo["Training"].pixels)


def test_a_model_of_mapped_classes_finds_its_dataset_too(settings, demo):
    mapped = apply_map(demo, TO_CONFIDENT2)
    card = replace(make_card(), scheme=CONFIDENT2, data=TrainingData.of(mapped))
    faces = _faces(settings, card)
    assert set(faces.labels.tolist()) == {0, 1}
    assert len(faces.pixels) == len(mapped["PrivateTest"])


def test_synthetic_faces_are_used_without_a_dataset_and_named(settings):
    faces = _faces(settings, make_card())
    assert "synthetic faces" in faces.description
    assert faces.labels is None
    assert faces.pixels.shape == (700, 48, 48)
    assert len(faces.samples) == MAX_SAMPLES
    assert len(np.unique(faces.pixels.reshape(700, -1), axis=0)) == 700


def test_the_same_seed_samples_the_same_faces(settings):
    one, other = (_faces(settings, make_card()) for _ in range(2))
    assert np.array_equal(one.pixels, other.pixels)
    assert np.array_equal(one.samples, other.samples)


@pytest.mark.parametrize("dataset", ["", "demo"])
def test_at_most_the_requested_number_of_pictures_is_used(settings, demo, dataset):
    assert len(_faces(settings, make_card(), dataset=dataset, pictures=20).pixels) == 20


def test_another_dataset_is_mapped_to_the_model_s_labels(settings, demo):
    card = replace(make_card(), scheme=CONFIDENT2)
    assert set(_faces(settings, card, dataset="demo").labels.tolist()) == {0, 1}
    named = _faces(settings, card, dataset="demo", classes=TO_CONFIDENT2.name)
    assert set(named.labels.tolist()) == {0, 1}


def test_a_dataset_of_other_classes_is_refused(settings, demo):
    card = replace(make_card(), scheme=EXPRESSIVENESS3)
    with pytest.raises(LabelSchemeMismatch, match="classes of demo are angry"):
        _faces(settings, card, dataset="demo")


def test_an_unknown_dataset_is_refused(settings):
    with pytest.raises(UnknownDataset):
        _faces(settings, make_card(), dataset="none of that name")


def test_pictures_without_labels_are_not_used(settings, demo, monkeypatch):
    unlabelled = replace(demo.pictures, labels=np.full(len(demo), -1))
    monkeypatch.setattr(
        "core.conversion.checks.reference_faces.open_entry",
        lambda *_: replace(demo, pictures=unlabelled),
    )
    with pytest.raises(EmptySplit, match="no labelled picture"):
        _faces(settings, make_card(), dataset="demo")
