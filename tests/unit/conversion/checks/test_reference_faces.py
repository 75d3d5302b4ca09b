"""Which faces are asked about: the model's own dataset, another one, or drawn ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.conversion import ConvertPlan
from core.conversion.checks.reference_faces import SAMPLES, faces_for, home_of
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


def _asked(settings, card, **how):
    return faces_for(ConvertPlan(card.name, **how), card, settings)


def test_the_dataset_a_model_learned_from_is_found_by_its_hash(settings, demo):
    card = replace(make_card(), data=TrainingData.of(demo))
    faces = _asked(settings, card)
    assert faces.words == "56 pictures of PrivateTest of demo."
    judged = demo["PrivateTest"]
    assert np.array_equal(faces.pixels, judged.pixels)
    assert np.array_equal(faces.labels, judged.labels)


def test_its_pictures_divided_otherwise_are_not_what_it_is_compared_on(settings, demo):
    otherwise = SplitProtocol("PrivateTest", "PublicTest", "Training")
    card = replace(make_card(), data=replace(TrainingData.of(demo), protocol=otherwise))
    assert home_of(card, settings) is None


def test_of_a_model_of_unknown_pictures_no_dataset_is_called_its_own(settings, demo):
    assert home_of(replace(make_card(), data=None), settings) is None


def test_ranges_are_measured_on_learning_pictures_never_on_the_judged_ones(settings, demo):
    card = replace(make_card(), data=TrainingData.of(demo))
    faces = _asked(settings, card)
    assert faces.samples_words == "280 pictures of Training of demo"
    assert np.array_equal(faces.samples, demo["Training"].pixels)


def test_a_model_of_mapped_classes_finds_its_dataset_too(settings, demo):
    mapped = apply_map(demo, TO_CONFIDENT2)
    card = replace(make_card(), scheme=CONFIDENT2, data=TrainingData.of(mapped))
    faces = _asked(settings, card)
    assert set(faces.labels.tolist()) == {0, 1}
    assert len(faces.pixels) == len(mapped["PrivateTest"])


def test_drawn_faces_stand_in_and_say_so(settings):
    faces = _asked(settings, make_card())
    assert "synthetic faces" in faces.words
    assert faces.labels is None
    assert faces.pixels.shape == (700, 48, 48)
    assert len(faces.samples) == SAMPLES
    assert len(np.unique(faces.pixels.reshape(700, -1), axis=0)) == 700


def test_the_same_seed_draws_the_same_faces(settings):
    one, other = (_asked(settings, make_card()) for _ in range(2))
    assert np.array_equal(one.pixels, other.pixels)
    assert np.array_equal(one.samples, other.samples)


@pytest.mark.parametrize("dataset", ["", "demo"])
def test_at_most_so_many_are_asked_about(settings, demo, dataset):
    assert len(_asked(settings, make_card(), dataset=dataset, pictures=20).pixels) == 20


def test_another_dataset_is_looked_at_through_the_mapping_that_leads_to_the_labels(settings, demo):
    card = replace(make_card(), scheme=CONFIDENT2)
    assert set(_asked(settings, card, dataset="demo").labels.tolist()) == {0, 1}
    named = _asked(settings, card, dataset="demo", classes=TO_CONFIDENT2.name)
    assert set(named.labels.tolist()) == {0, 1}


def test_a_dataset_of_other_classes_is_refused(settings, demo):
    card = replace(make_card(), scheme=EXPRESSIVENESS3)
    with pytest.raises(LabelSchemeMismatch, match="demo names angry"):
        _asked(settings, card, dataset="demo")


def test_an_unknown_dataset_is_refused(settings):
    with pytest.raises(UnknownDataset):
        _asked(settings, make_card(), dataset="none of that name")


def test_pictures_without_labels_do_not_judge(settings, demo, monkeypatch):
    unlabelled = replace(demo.pictures, labels=np.full(len(demo), -1))
    monkeypatch.setattr(
        "core.conversion.checks.reference_faces.open_entry",
        lambda *_: replace(demo, pictures=unlabelled),
    )
    with pytest.raises(EmptySplit, match="no labelled picture"):
        _asked(settings, make_card(), dataset="demo")
