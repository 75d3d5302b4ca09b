from __future__ import annotations

import cv2
import numpy as np
import pytest

from core.datasets import open_fer2013
from core.errors import UnknownDataset, UnreadableDataset
from core.vocabulary import FER7


@pytest.fixture
def faces():
    """Sixteen pictures of each expression, and who they are for: 12 train, 2 public, 2 private."""
    rng = np.random.default_rng(1)
    usage = ["Training"] * 12 + ["PublicTest"] * 2 + ["PrivateTest"] * 2
    return [
        (label, one, rng.integers(0, 256, (48, 48), dtype=np.uint8))
        for label in range(7)
        for one in usage
    ]


def _write_csv(path, faces, *, header="emotion,pixels,Usage"):
    names = [name.strip() for name in header.split(",")]
    lines = [header]
    for label, usage, picture in faces:
        cells = {"emotion": label, "Usage": usage, "pixels": " ".join(map(str, picture.ravel()))}
        lines.append(",".join(str(cells[name]) for name in names))
    path.write_text("\n".join(lines) + "\n")
    return path


def _write_folders(root, faces, *, named):
    for number, (label, usage, picture) in enumerate(faces):
        folder = root / ("train" if usage == "Training" else "test") / FER7.labels[label]
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{usage}_{number:05}.png" if named else f"{number:05}.png"
        cv2.imwrite(str(folder / name), picture)
    return root


def test_the_same_pictures_have_one_hash_in_every_format(tmp_path, faces):
    one = open_fer2013(_write_csv(tmp_path / "fer2013.csv", faces), seed=1)
    two = open_fer2013(
        _write_csv(tmp_path / "icml.csv", faces, header="emotion, Usage, pixels"), seed=1
    )
    three = open_fer2013(_write_folders(tmp_path / "named", faces, named=True), seed=1)
    four = open_fer2013(_write_folders(tmp_path / "plain", faces, named=False), seed=1)
    assert one.content_hash == two.content_hash == three.content_hash == four.content_hash


def test_one_changed_label_changes_the_hash(tmp_path, faces):
    before = open_fer2013(_write_csv(tmp_path / "a.csv", faces), seed=1)
    label, usage, picture = faces[0]
    after = open_fer2013(
        _write_csv(tmp_path / "b.csv", [(label + 1, usage, picture), *faces[1:]]), seed=1
    )
    assert before.content_hash != after.content_hash


def test_file_names_that_tell_the_tests_apart_keep_the_official_protocol(tmp_path, faces):
    dataset = open_fer2013(_write_folders(tmp_path, faces, named=True), seed=1)
    assert dataset.protocol.judges == "PrivateTest"
    assert {name: len(part) for name, part in dataset.splits.items()} == {
        "Training": 84,
        "PublicTest": 14,
        "PrivateTest": 14,
    }


def test_a_test_folder_of_both_tests_stays_unseen(tmp_path, faces):
    dataset = open_fer2013(_write_folders(tmp_path, faces, named=False), seed=1)
    assert dataset.protocol.chooses == "Held out"
    assert len(dataset["Test"]) == 28
    assert len(dataset["Training"]) + len(dataset["Held out"]) == 84
    assert "held out" in dataset.notes[0]


def test_a_csv_without_the_usage_of_a_test_is_refused_with_advice(tmp_path, faces):
    only_training = [face for face in faces if face[1] == "Training"]
    with pytest.raises(UnreadableDataset, match="no rows with the Usage PublicTest or PrivateTest"):
        open_fer2013(_write_csv(tmp_path / "train.csv", only_training), seed=1)


def test_a_picture_that_cannot_be_read_is_named(tmp_path, faces):
    root = _write_folders(tmp_path, faces, named=True)
    next((root / "train" / "happy").iterdir()).write_bytes(b"not a picture")
    with pytest.raises(UnreadableDataset, match=r"happy/Training_\d+.png is not a readable"):
        open_fer2013(root, seed=1)


def test_a_folder_that_is_no_expression_is_named(tmp_path, faces):
    root = _write_folders(tmp_path, faces, named=True)
    (root / "train" / "bored").mkdir()
    with pytest.raises(UnreadableDataset, match="train/bored is not an expression"):
        open_fer2013(root, seed=1)


@pytest.mark.parametrize("name", ["nothing.csv", "nothing"])
def test_a_path_with_nothing_there_is_refused(tmp_path, name):
    with pytest.raises(UnknownDataset):
        open_fer2013(tmp_path / name, seed=1)


def test_a_folder_without_train_is_refused(tmp_path):
    with pytest.raises(UnknownDataset, match="no folder train/"):
        open_fer2013(tmp_path, seed=1)
