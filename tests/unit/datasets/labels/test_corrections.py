from __future__ import annotations

import json

import numpy as np
import pytest

from core.datasets.labels.corrections import (
    FILE,
    Corrections,
    Exclude,
    Merge,
    Relabel,
    apply_corrections,
    load_corrections,
    save_corrections,
    undo_correction,
)
from core.domain.errors import DatasetError, LabelSchemeMismatch, UnreadableDataset
from tests.make import make_dataset

LABELS = {"Training": [0, 1, 2, 3], "Validation": [0, 1], "Test": [2, 3]}


@pytest.fixture
def named():
    dataset = make_dataset(LABELS)
    names = np.array([f"p{number}" for number in range(8)])
    object.__setattr__(dataset.pictures, "names", names)
    return dataset


def _apply(dataset, *steps):
    return apply_corrections(dataset, Corrections(steps))


def test_nothing_changed_gives_the_dataset_itself(named):
    assert apply_corrections(named, Corrections()) is named


def test_excluded_pictures_are_gone_and_the_others_stay_in_their_splits(named):
    after = _apply(named, Exclude(("p1", "p4"), "blurred"))
    assert {name: part.names.tolist() for name, part in after.splits.items()} == {
        "Training": ["p0", "p2", "p3"],
        "Validation": ["p5"],
        "Test": ["p6", "p7"],
    }
    assert after["Training"].labels.tolist() == [0, 2, 3]


def test_a_relabelled_picture_has_its_new_label_and_the_published_one_is_kept(named):
    after = _apply(named, Relabel(("p1",), "sad", "looks sad"))
    assert after["Training"].labels.tolist() == [0, 4, 2, 3]
    assert named["Training"].labels.tolist() == [0, 1, 2, 3]


def test_the_test_split_keeps_pictures_and_labels(named):
    after = _apply(named, Exclude(("p6",), "x"), Relabel(("p7",), "sad", "x"))
    assert after["Test"].names.tolist() == ["p6", "p7"]
    assert after["Test"].labels.tolist() == [2, 3]


def test_merged_classes_are_one_in_every_split(named):
    after = _apply(named, Merge("fear", "sad", "too few"))
    assert "fear" not in after.scheme.labels
    assert len(after.scheme) == 6
    words = [after.scheme.labels[label] for label in after.pictures.labels]
    assert words == ["angry", "disgust", "sad", "happy", "angry", "disgust", "sad", "happy"]


def test_steps_are_applied_in_their_order(named):
    after = _apply(named, Merge("fear", "sad", "x"), Relabel(("p0",), "sad", "x"))
    assert after.counts["Training"]["sad"] == 2
    with pytest.raises(LabelSchemeMismatch):
        _apply(named, Merge("fear", "sad", "x"), Relabel(("p0",), "fear", "x"))


@pytest.mark.parametrize(
    "step", [Merge("sad", "sad", "x"), Merge("bored", "sad", "x"), Relabel(("p0",), "bored", "x")]
)
def test_a_step_that_cannot_be_applied_is_explained(named, step):
    with pytest.raises(LabelSchemeMismatch) as caught:
        _apply(named, step)
    assert caught.value.advice


def test_corrections_are_noted_with_their_version(named):
    corrections = Corrections().with_step(Exclude(("p0",), "x")).with_step(Exclude(("p1",), "x"))
    note = apply_corrections(named, corrections).notes[-1]
    assert note == f"2 corrections applied, version {corrections.key}."


def test_everything_may_be_excluded_but_the_test_split(named):
    after = _apply(named, Exclude(tuple(f"p{number}" for number in range(8)), "x"))
    assert {name: len(part) for name, part in after.splits.items()} == {
        "Training": 0,
        "Validation": 0,
        "Test": 2,
    }


def test_what_is_saved_is_loaded_and_every_version_stays(tmp_path):
    first = Corrections().with_step(Relabel(("ü,\n", '"'), "sad", "why"))
    second = first.with_step(Merge("fear", "sad", ""))
    for corrections in (first, second, second.without_last().without_last()):
        save_corrections(tmp_path, corrections)
        assert load_corrections(tmp_path) == corrections
    versions = {path.name for path in (tmp_path / "corrections").iterdir()}
    assert versions == {f"{first.key}.json", f"{second.key}.json", "none.json"}


def test_nothing_saved_is_nothing_changed(tmp_path):
    assert load_corrections(tmp_path) == Corrections()


@pytest.mark.parametrize("change", ["key", "step", "kind", "cut", "deep", "list", "names"])
def test_a_damaged_list_is_reported(tmp_path, change):
    save_corrections(tmp_path, Corrections((Exclude(("a",), "x"),)))
    good = json.loads((tmp_path / FILE).read_text())
    step = good["steps"][0]
    text = {
        "key": json.dumps({**good, "key": "0" * 16}),
        "step": json.dumps({**good, "steps": [{**step, "names": ["b"]}]}),
        "kind": json.dumps({**good, "steps": [{**step, "kind": "Destroy"}]}),
        "cut": json.dumps(good)[:-9],
        "deep": "[" * 100_000,
        "list": "[]",
        "names": json.dumps({**good, "steps": [{**step, "names": 5}]}),
    }[change]
    (tmp_path / FILE).write_text(text)
    with pytest.raises(UnreadableDataset, match="are damaged") as caught:
        load_corrections(tmp_path)
    assert "start again" in caught.value.advice


def test_a_full_disk_keeps_the_earlier_list(tmp_path, monkeypatch):
    before = Corrections((Exclude(("a",), "x"),))
    save_corrections(tmp_path, before)

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("core.storage.atomic.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        save_corrections(tmp_path, before.with_step(Exclude(("b",), "x")))
    monkeypatch.undo()
    assert load_corrections(tmp_path) == before


def test_undo_removes_the_correction_that_was_seen_and_no_later_one(tmp_path):
    seen = Corrections((Exclude(("a",), "x"),))
    save_corrections(tmp_path, seen)
    newer = seen.with_step(Exclude(("b",), "x"))
    save_corrections(tmp_path, newer)
    with pytest.raises(DatasetError, match="changed elsewhere"):
        undo_correction(tmp_path, expected_key=seen.key)
    assert load_corrections(tmp_path) == newer
    assert undo_correction(tmp_path, expected_key=newer.key) == seen
    assert load_corrections(tmp_path) == seen
