"""Judged pictures are found again by their pixels, wherever they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.domain.dataset import picture_digests
from core.domain.errors import UnknownDataset
from core.evaluation.predictions.evaluation import Evaluation
from core.evaluation.predictions.picture_lookup import (
    NOT_FOUND,
    FoundPictures,
    find_pictures,
    find_positions,
    positions_of,
)
from core.settings import Settings
from tests.explanations import answers_about, put_evaluated, put_faces
from tests.make import make_dataset


def test_pictures_are_found_whatever_their_order() -> None:
    pixels = make_dataset({"all": [0] * 9}).pictures.pixels
    order = np.random.default_rng(3).permutation(9)
    assert find_positions(picture_digests(pixels)[order], pixels).tolist() == order.tolist()


def test_what_is_not_there_is_not_found() -> None:
    pixels = make_dataset({"all": [0] * 4}).pictures.pixels
    assert find_positions(picture_digests(pixels), pixels[:2]).tolist() == [
        0,
        1,
        NOT_FOUND,
        NOT_FOUND,
    ]
    assert find_positions(picture_digests(pixels), pixels[:0]).tolist() == [NOT_FOUND] * 4
    assert len(positions_of(np.zeros(0, np.uint64), picture_digests(pixels))) == 0


def test_a_dataset_under_another_name_holds_the_same_pictures(
    settings: Settings, tmp_path: Path
) -> None:
    dataset = put_faces(settings, tmp_path, "mine")
    answers = answers_about(dataset, "PrivateTest")
    evaluation = put_evaluated(settings, answers, dataset="theirs")
    found = find_pictures(evaluation, answers.digests, settings)
    assert found.name == "mine"
    assert found.here.all()
    positions = np.array([3, 1])
    assert np.array_equal(found.pixels(positions), dataset["PrivateTest"].pixels[positions])


def test_a_file_outside_the_catalogue_is_opened_again(settings: Settings, tmp_path: Path) -> None:
    dataset = put_faces(settings, tmp_path / "other", "gone")
    answers = answers_about(dataset, "PrivateTest")
    plain = put_evaluated(settings, answers)
    evaluation = Evaluation(
        **{**vars(plain), "source": {"data": str(tmp_path / "other" / "fer2013.csv")}}
    )
    (settings.datasets_dir / "gone" / "source.json").unlink()
    found = find_pictures(evaluation, answers.digests, settings)
    assert (found.name, bool(found.here.all())) == ("", True)


def test_missing_pictures_are_an_error_with_advice(settings: Settings, tmp_path: Path) -> None:
    dataset = put_faces(settings, tmp_path)
    answers = answers_about(dataset, "PrivateTest")
    evaluation = put_evaluated(settings, answers, dataset="FER2013")
    with pytest.raises(UnknownDataset, match="FER2013 are not on this machine") as told:
        find_pictures(evaluation, answers.digests + np.uint64(1), settings)
    assert "Explore data" in told.value.advice


def test_a_damaged_dataset_does_not_hide_another_one(settings: Settings, tmp_path: Path) -> None:
    put_faces(settings, tmp_path / "a", "first")
    dataset = put_faces(settings, tmp_path / "b", "second")
    (tmp_path / "a" / "fer2013.csv").unlink()
    answers = answers_about(dataset, "PrivateTest")
    evaluation = put_evaluated(settings, answers, dataset="first")
    assert find_pictures(evaluation, answers.digests, settings).name == "second"


def test_rows_of_found_pictures_become_rows_of_all() -> None:
    dataset = make_dataset({"all": [0, 0]})
    found = FoundPictures(dataset, np.array([0, NOT_FOUND, 1]))
    assert found.among_all(np.array([True, True])).tolist() == [True, False, True]
    with pytest.raises(ValueError, match="not found"):
        found.pixels(np.array([1]))
