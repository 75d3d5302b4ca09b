"""What a model answered is kept, read back, and paired picture by picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.errors import DamagedModel
from core.evaluation.kept_answers import (
    KeptAnswers,
    kept_answers,
    paired,
    read_answers,
    write_answers,
)
from core.vocabulary import FER7
from tests.make import make_dataset


def answered(digests: list[int], labels: list[int], said: list[int]) -> KeptAnswers:
    """Answers of a model that is sure of what it says."""
    logits = np.eye(7, dtype=np.float32)[said] * 5
    return KeptAnswers(
        np.array(digests, np.uint64), np.array(labels, np.int64), logits, FER7.labels
    )


def test_answers_come_back_as_they_were_kept(tmp_path: Path) -> None:
    dataset = make_dataset({"Training": [0], "PublicTest": [1, 2, 3], "PrivateTest": [4, 5]})
    rng = np.random.default_rng(0)
    logits = {"PublicTest": rng.normal(size=(3, 7)), "PrivateTest": rng.normal(size=(2, 7))}
    write_answers(tmp_path / "answers.npz", kept_answers(dataset, logits))
    read = read_answers(tmp_path / "answers.npz")
    assert sorted(read) == ["PrivateTest", "PublicTest"]
    for split, wanted in logits.items():
        assert np.array_equal(read[split].logits.argmax(axis=1), wanted.argmax(axis=1))
        assert np.array_equal(read[split].labels, dataset[split].labels)
        assert read[split].classes == FER7.labels
    assert [path.name for path in tmp_path.iterdir()] == ["answers.npz"]


def test_pictures_are_paired_whatever_their_order() -> None:
    first = answered([11, 22, 33], [0, 1, 2], [0, 1, 0])
    second = answered([33, 11, 22], [2, 0, 1], [2, 0, 0])
    one, other = paired(first, second)
    assert one.tolist() == [True, True, False]
    assert other.tolist() == [True, False, True]


def test_a_picture_whose_label_was_corrected_between_two_runs_is_left_out() -> None:
    one, other = paired(answered([11, 22], [0, 1], [0, 1]), answered([11, 22], [0, 4], [0, 4]))
    assert len(one) == len(other) == 1


def test_copies_of_a_picture_are_paired_once_each() -> None:
    first = answered([7, 7, 7], [3, 3, 5], [3, 0, 5])
    second = answered([7, 7], [3, 3], [0, 3])
    one, other = paired(first, second)
    assert one.tolist() == [True, False]
    assert other.tolist() == [False, True]


def test_answers_under_other_classes_are_not_paired() -> None:
    second = KeptAnswers(
        np.array([1], np.uint64), np.array([0]), np.zeros((1, 2), np.float32), ("calm", "tense")
    )
    with pytest.raises(ValueError, match="cannot be paired"):
        paired(answered([1], [0], [0]), second)


def test_nothing_kept_is_nothing_read(tmp_path: Path) -> None:
    assert read_answers(tmp_path / "answers.npz") == {}


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 cut short"])
def test_damaged_answers_are_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "2026-01-01-0000-calm-otter" / "result" / "answers.npz"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with pytest.raises(DamagedModel, match="calm-otter cannot be read"):
        read_answers(path)
