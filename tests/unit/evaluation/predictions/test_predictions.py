"""What a model answered is kept, read back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.domain import FER7
from core.domain.errors import DamagedModel
from core.evaluation.predictions.predictions import (
    predictions_by_split,
    read_predictions,
    write_predictions,
)
from tests.make import make_dataset


def test_answers_come_back_as_they_were_kept(tmp_path: Path) -> None:
    dataset = make_dataset({"Training": [0], "PublicTest": [1, 2, 3], "PrivateTest": [4, 5]})
    rng = np.random.default_rng(0)
    logits = {"PublicTest": rng.normal(size=(3, 7)), "PrivateTest": rng.normal(size=(2, 7))}
    write_predictions(tmp_path / "answers.npz", predictions_by_split(dataset, logits))
    read = read_predictions(tmp_path / "answers.npz")
    assert sorted(read) == ["PrivateTest", "PublicTest"]
    for split, wanted in logits.items():
        assert np.array_equal(read[split].logits.argmax(axis=1), wanted.argmax(axis=1))
        assert np.array_equal(read[split].labels, dataset[split].labels)
        assert read[split].classes == FER7.labels
    assert [path.name for path in tmp_path.iterdir()] == ["answers.npz"]


def test_nothing_kept_is_nothing_read(tmp_path: Path) -> None:
    assert read_predictions(tmp_path / "answers.npz") == {}


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 cut short"])
def test_damaged_answers_are_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "2026-01-01-0000-calm-otter" / "result" / "answers.npz"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with pytest.raises(DamagedModel, match="calm-otter cannot be read"):
        read_predictions(path)
