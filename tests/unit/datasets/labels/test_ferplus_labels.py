from __future__ import annotations

import numpy as np
import pytest

from core.datasets import DatasetSource, open_dataset
from core.datasets.labels.ferplus_labels import FER_PLUS8, majority
from core.domain import FER7
from core.domain.errors import UnreadableDataset
from tests.datasets_on_disk import make_pictures, write_csv

HEADER = (
    "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF"
)
ORDER = ("neutral", "happy", "surprise", "sad", "angry", "disgust", "fear", "contempt")


def _row(**votes):
    """One line of the votes' file."""
    counts = [votes.get(name, 0) for name in (*ORDER, "unknown", "nf")]
    return f"Training,fer0.png,{','.join(map(str, counts))}"


@pytest.fixture
def folder(tmp_path):
    """112 pictures, voted on as labelled, but for five at the beginning."""
    pictures = make_pictures(size_px=8)
    write_csv(tmp_path / "set" / "fer2013.csv", pictures)
    rows = [_row(**{one.label: 10}) for one in pictures]
    rows[0] = _row(contempt=6, angry=4)
    rows[1] = _row(happy=5, sad=5)  # no majority
    rows[2] = _row(nf=10)
    rows[3] = _row(unknown=7, sad=3)
    rows[4] = _row(happy=4, sad=3, fear=1, angry=1, neutral=1)  # single votes are left out
    (tmp_path / "set" / "ferplus_votes.csv").write_text("\n".join([HEADER, *rows]))
    return tmp_path / "set"


def test_labels_are_what_most_people_said_and_the_rest_is_left_out(folder, tmp_path):
    source = DatasetSource(str(folder / "fer2013.csv"), scheme="ferplus")
    dataset = open_dataset(source, tmp_path / "cache")
    assert dataset.scheme.labels == (*FER7.labels, "contempt")
    assert len(dataset) == 109
    first = dict(zip(dataset.pictures.names.tolist(), dataset.pictures.labels, strict=True))
    assert dataset.scheme.labels[first["fer2013.csv:2"]] == "contempt"
    assert dataset.scheme.labels[first["fer2013.csv:6"]] == "happy"
    assert not {"fer2013.csv:3", "fer2013.csv:4", "fer2013.csv:5"} & set(first)
    assert any("3 pictures were excluded" in note for note in dataset.notes)
    assert dataset.required_protocol.test == "PrivateTest"


def test_the_same_file_still_opens_with_its_own_labels(folder, tmp_path):
    dataset = open_dataset(DatasetSource(str(folder / "fer2013.csv")), tmp_path / "cache")
    assert (dataset.scheme, len(dataset)) == (FER7, 112)


def test_half_of_the_votes_are_no_majority_and_nothing_is_unknown_for_sure():
    votes = np.zeros((4, 10), dtype=np.int64)
    votes[0, 3], votes[0, 4] = 5, 5
    votes[1, 3], votes[1, 4] = 6, 4
    votes[2] = 1  # slips only
    votes[3, 9] = 9
    assert majority(votes).tolist() == [8, 3, 8, 9]
    assert len(FER_PLUS8) == 8


def test_without_votes_beside_it_that_is_reported(folder, tmp_path):
    (folder / "ferplus_votes.csv").unlink()
    with pytest.raises(UnreadableDataset, match=r"no FER\+ votes beside fer2013.csv"):
        open_dataset(
            DatasetSource(str(folder / "fer2013.csv"), scheme="ferplus"), tmp_path / "cache"
        )


def test_votes_of_other_pictures_are_refused(folder, tmp_path):
    (folder / "fer2013.csv").rename(folder / "mine.csv")
    with pytest.raises(UnreadableDataset, match="some pictures of mine are none of them"):
        open_dataset(DatasetSource(str(folder / "mine.csv"), scheme="ferplus"), tmp_path / "cache")
