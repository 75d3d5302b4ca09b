from __future__ import annotations

import numpy as np
import pytest

from core.datasets.labels.correction_effects import confirmation, corrected_labels
from core.datasets.labels.corrections import (
    Corrections,
    Exclude,
    Merge,
    Relabel,
    apply_corrections,
    save_corrections,
    undo_correction,
)
from tests.make import make_dataset


@pytest.fixture
def named():
    dataset = make_dataset({"Training": [0, 1, 2, 3], "Validation": [0, 1], "Test": [2, 3]})
    names = np.array([f"p{number}" for number in range(8)])
    object.__setattr__(dataset.pictures, "names", names)
    return dataset


def test_pictures_of_the_test_split_are_confirmed_as_unchanged(named):
    assert confirmation(named, [Relabel(("p0", "p1", "p6"), "sad", "x")]) == (
        "2 pictures relabelled as sad. 1 picture of the test split stays as it is."
    )
    assert confirmation(named, [Exclude(("p6", "p7"), "x")]) == (
        "0 pictures excluded. 2 pictures of the test split stay as they are."
    )
    assert confirmation(named, [Merge("fear", "sad", "x")]) == "fear merged into sad."


def test_each_picture_has_its_corrected_label_or_none_where_nothing_changed(named):
    steps = (Relabel(("p0", "p7"), "sad", "x"), Exclude(("p1",), "x"))
    corrected = apply_corrections(named, Corrections(steps))
    positions = np.array([7, 0, 1, 2])
    assert corrected_labels(named, corrected, positions) == ["", "sad", "excluded", ""]


def test_pictures_without_names_are_never_told_as_corrected(named):
    object.__setattr__(named.pictures, "names", np.array([""] * 8))
    assert corrected_labels(named, named, np.arange(8)) == [""] * 8


def test_corrections_made_together_are_undone_together(tmp_path):
    steps = (Exclude(("p1",), "x"), Relabel(("p2",), "sad", "x"), Relabel(("p3",), "fear", "x"))
    made = Corrections(steps)
    save_corrections(tmp_path, made)
    assert undo_correction(tmp_path, expected_key=made.key, steps=2).steps == steps[:1]
