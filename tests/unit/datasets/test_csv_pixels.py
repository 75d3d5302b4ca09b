from __future__ import annotations

import numpy as np
import pytest

from core.datasets.csv_pixels import read_pixel_csv
from core.errors import UnreadableDataset
from core.vocabulary import FER7

PIXELS = " ".join(str(number) for number in range(16))


def _file(tmp_path, text):
    path = tmp_path / "faces.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_columns_are_found_whatever_their_order_and_blanks(tmp_path):
    path = _file(tmp_path, f"emotion, Usage, pixels\n3,Training,{PIXELS}\n0,PublicTest,{PIXELS}\n")
    rows = read_pixel_csv(path, FER7)
    assert rows.labels.tolist() == [3, 0]
    assert rows.usage.tolist() == ["Training", "PublicTest"]
    assert np.array_equal(rows.pixels[1], np.arange(16, dtype=np.uint8).reshape(4, 4))


def test_a_file_without_usage_and_with_windows_line_ends_is_read(tmp_path):
    rows = read_pixel_csv(_file(tmp_path, f'emotion,pixels\r\n6,"{PIXELS}"\r\n'), FER7)
    assert rows.labels.tolist() == [6]
    assert rows.usage.tolist() == [""]


def test_extra_blanks_between_numbers_change_nothing(tmp_path):
    spaced = "  ".join(PIXELS.split())
    rows = read_pixel_csv(_file(tmp_path, f"emotion,pixels\n1, {spaced} \n"), FER7)
    assert rows.pixels.shape == (1, 4, 4)


@pytest.mark.parametrize(
    ("bad_row", "said"),
    [
        (f"7,{PIXELS}", "row 3: the label is '7'"),
        (f"happy,{PIXELS}", "row 3: the label is 'happy'"),
        (f",{PIXELS}", "row 3: the label is ''"),
        (f"1.5,{PIXELS}", "row 3: the label is '1.5'"),
        ("1,1 2 3", "row 3: expected 16 whole numbers"),
        (f"1,{PIXELS[:-2]}256", "row 3: expected 16 whole numbers"),
        (f"1,-1{PIXELS[1:]}", "row 3: expected 16 whole numbers"),
        (f"1,{PIXELS[:-2]}xy", "row 3: expected 16 whole numbers"),
        ("1,", "row 3: expected 16 whole numbers"),
    ],
)
def test_a_damaged_row_is_named_as_a_spreadsheet_counts(tmp_path, bad_row, said):
    path = _file(tmp_path, f"emotion,pixels\n2,{PIXELS}\n{bad_row}\n")
    with pytest.raises(UnreadableDataset, match=said) as caught:
        read_pixel_csv(path, FER7)
    assert caught.value.advice


def test_wrong_columns_are_listed(tmp_path):
    with pytest.raises(UnreadableDataset, match=r"no column pixels; it has emotion, image"):
        read_pixel_csv(_file(tmp_path, "emotion,image\n1,2\n"), FER7)


@pytest.mark.parametrize("text", ["", "emotion,pixels\n"])
def test_an_empty_file_is_refused(tmp_path, text):
    with pytest.raises(UnreadableDataset):
        read_pixel_csv(_file(tmp_path, text), FER7)


def test_a_file_that_is_no_text_is_refused(tmp_path):
    path = tmp_path / "faces.csv"
    path.write_bytes(bytes(range(256)) * 40)
    with pytest.raises(UnreadableDataset):
        read_pixel_csv(path, FER7)
