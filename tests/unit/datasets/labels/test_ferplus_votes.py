from __future__ import annotations

import pytest

from core.datasets.labels.ferplus_votes import read_votes
from core.domain.errors import UnreadableDataset

HEADER = (
    "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF"
)


def _file(tmp_path, *rows, header=HEADER):
    path = tmp_path / "votes.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def test_votes_come_in_the_order_of_the_labels(tmp_path):
    path = _file(
        tmp_path, "Training,fer0.png,1,2,3,4,5,6,7,1,1,1", "PublicTest,,0,0,0,0,0,0,0,0,0,10"
    )
    votes = read_votes(path)
    assert votes.counts.tolist() == [[5, 6, 7, 2, 4, 3, 1], [0] * 7]
    assert votes.others.tolist() == [3, 10]
    assert votes.usage.tolist() == ["Training", "PublicTest"]
    assert len(votes) == 2


def test_columns_may_stand_anywhere_and_have_blanks(tmp_path):
    header = "NF, unknown,contempt,fear,disgust,anger,sadness,surprise,happiness,neutral, Usage"
    votes = read_votes(_file(tmp_path, "0,1,0,7,6,5,4,3,2,1,Training", header=header))
    assert votes.counts.tolist() == [[5, 6, 7, 2, 4, 3, 1]]
    assert votes.others.tolist() == [1]


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ("1,2,x,4,5,6,7,1,1,1", "row 3: 'x' votes for surprise"),
        ("1,2,,4,5,6,7,1,1,1", "row 3: '' votes for surprise"),
        ("1,2,1.5,4,5,6,7,1,1,1", "row 3: '1.5' votes for surprise"),
        ("1,2,-1,4,5,6,7,1,1,1", "row 3: '-1' votes for surprise"),
        ("1,2,inf,4,5,6,7,1,1,1", "row 3: 'inf' votes for surprise"),
        ("1,2,1e18,4,5,6,7,1,1,1", "row 3: '1e18' votes for surprise"),
        ("1,2,3", "row 3: .* votes for anger"),
    ],
)
def test_a_cell_that_is_no_count_is_named(tmp_path, cells, message):
    path = _file(tmp_path, "Training,a.png,1,2,3,4,5,6,7,1,1,1", f"Training,b.png,{cells}")
    with pytest.raises(UnreadableDataset, match=message) as caught:
        read_votes(path)
    assert caught.value.advice


def test_a_missing_column_is_named(tmp_path):
    header = HEADER.replace(",contempt", "").replace("Usage,", "")
    with pytest.raises(UnreadableDataset, match="no column Usage or contempt") as caught:
        read_votes(_file(tmp_path, "a.png,1,2,3,4,5,6,7,1,1", header=header))
    assert "contempt" in caught.value.advice


@pytest.mark.parametrize("content", [b"", bytes(range(256)) * 20])
def test_a_file_that_is_no_csv_is_refused(tmp_path, content):
    path = tmp_path / "votes.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableDataset) as caught:
        read_votes(path)
    assert caught.value.advice


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UnreadableDataset, match=r"no file absent\.csv"):
        read_votes(tmp_path / "absent.csv")


@pytest.mark.parametrize("first", ["Training,a.png,1,2,3,4,5,6,7,1,1,1", None])
def test_a_row_with_a_cell_too_many_is_refused(tmp_path, first):
    rows = [row for row in (first, "Training,a.png,1,2,3,4,5,6,7,1,1,1,9") if row is not None]
    path = _file(tmp_path, *rows)
    with pytest.raises(UnreadableDataset):
        read_votes(path)


def test_a_column_named_twice_is_refused(tmp_path):
    header = HEADER.replace("Image name", " anger")
    with pytest.raises(UnreadableDataset, match="names a column twice") as caught:
        read_votes(_file(tmp_path, "Training,1,1,2,3,4,5,6,7,1,1,1", header=header))
    assert caught.value.advice


def test_a_folder_is_no_file_of_votes(tmp_path):
    with pytest.raises(UnreadableDataset, match="not a readable CSV"):
        read_votes(tmp_path)


def test_nothing_is_fetched_or_unpacked(tmp_path):
    path = _file(tmp_path, "Training,fer0.png,1,2,3,4,5,6,7,1,1,1")
    (tmp_path / "votes.csv.gz").write_bytes(path.read_bytes())
    assert len(read_votes(tmp_path / "votes.csv.gz")) == 1
