from __future__ import annotations

import numpy as np

from core.datasets.labels.ferplus_votes import Votes
from core.domain import FER7, UNLABELLED, EpochEnded, LabelScheme, PictureSet
from core.evaluation.predictions.evaluation_files import (
    history_bytes,
    predictions_table,
    read_history,
    read_votes_part,
    votes_bytes,
)


def test_votes_survive_as_a_file():
    votes = Votes(
        np.arange(28).reshape(4, 7), np.array([0, 1, 2, 300]), np.array(["a", "a", "b", "b"])
    )
    read = read_votes_part(votes_bytes(votes, {"a": np.array([1]), "b": np.array([3, 2])}))
    assert read["a"].counts.tolist() == [list(range(7, 14))]
    assert read["b"].others.tolist() == [255, 2]
    assert read["b"].usage.tolist() == ["b", "b"]


def test_learning_survives_as_a_file():
    epochs = (EpochEnded(1, 2, {"loss": 1.5}), EpochEnded(2, 2, {"loss": 1.25}))
    assert read_history(history_bytes(epochs)) == epochs


def test_predictions_have_a_row_a_picture_labelled_or_not():
    pictures = PictureSet(
        np.zeros((2, 4, 4), np.uint8),
        np.array([3, UNLABELLED]),
        np.array(["=cmd()", "b.png"]),
    )
    table = predictions_table([("Test", pictures, np.eye(7)[[3, 0]] * 9)], FER7, 1.0)
    assert table["label"].tolist() == ["happy", ""]
    assert table["said"].tolist() == ["happy", "angry"]
    assert table["picture"].tolist() == ["'=cmd()", "b.png"]  # no spreadsheet runs it
    assert table["score"].tolist() == table[["p_happy", "p_angry"]].max(axis=1).tolist()


def test_classes_and_splits_of_somebody_are_words_and_no_formulas():
    pictures = PictureSet(np.zeros((1, 4, 4), np.uint8), np.array([1]), np.array(["a.png"]))
    scheme = LabelScheme("own", ("calm", "=hyperlink()"))
    table = predictions_table([("@test", pictures, np.array([[9.0, 0.0]]))], scheme, 1.0)
    assert table["label"].tolist() == ["'=hyperlink()"]
    assert table["said"].tolist() == ["calm"]
    assert table["split"].tolist() == ["'@test"]
