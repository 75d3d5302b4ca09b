from __future__ import annotations

import io

import numpy as np
import pytest

from core.datasets.readers.csv_pixels import ColumnNames, read_pixel_csv
from core.domain.errors import UnreadableDataset

PIXELS = " ".join(str(number) for number in range(16))


def _read(text, **how):
    content = text if isinstance(text, bytes) else text.encode()
    (block,) = read_pixel_csv(io.BytesIO(content), "faces.csv", **how)
    return block


def test_columns_are_found_whatever_their_order_and_blanks():
    text = f"emotion, Usage, pixels\n3,Training,{PIXELS}\n0, PublicTest ,{PIXELS}\n"
    block = _read(text)
    assert block.labels.tolist() == ["3", "0"]
    assert block.splits.tolist() == ["Training", "PublicTest"]
    assert block.names.tolist() == ["faces.csv:2", "faces.csv:3"]
    assert np.array_equal(block.pixels[1], np.arange(16, dtype=np.uint8).reshape(4, 4))


def test_columns_with_other_names_can_be_chosen():
    columns = ColumnNames(pixels="Grey values", label="mood", split="part", subject="who")
    text = f"mood,Grey values,part,who\nglad,{PIXELS},train,Ada\n"
    block = _read(text, columns=columns)
    assert (block.labels[0], block.splits[0], block.subjects[0]) == ("glad", "Training", "Ada")


def test_a_file_without_usage_and_with_windows_line_ends_is_read():
    block = _read(f'\ufeffemotion,pixels\r\n6,"{PIXELS}"\r\n')
    assert block.labels.tolist() == ["6"]
    assert block.splits.tolist() == [""]


def test_a_file_without_labels_is_read():
    assert _read(f"pixels\n{PIXELS}\n", split="test").splits.tolist() == ["Test"]


def test_an_unnamed_column_of_row_numbers_is_passed_over():
    assert _read(f",emotion,pixels\n0,5,{PIXELS}\n").labels.tolist() == ["5"]


def test_extra_blanks_between_numbers_change_nothing():
    spaced = "  ".join(PIXELS.split())
    assert _read(f"emotion,pixels\n1, {spaced} \n").pixels.shape == (1, 4, 4)


def test_another_size_can_be_asked_for():
    assert _read(f"emotion,pixels\n1,{PIXELS}\n", size_px=8).pixels.shape == (1, 8, 8)


def test_rows_come_some_thousand_at_a_time():
    text = "emotion,pixels\n" + f"1,{PIXELS}\n" * 5000
    blocks = list(read_pixel_csv(io.BytesIO(text.encode()), "faces.csv"))
    assert [len(block) for block in blocks] == [4096, 904]
    assert blocks[1].names[0] == "faces.csv:4098"


@pytest.mark.parametrize(
    ("bad_row", "message"),
    [
        ("1,1 2 3", "row 3: 3 entries instead of 16 whole numbers"),
        (f"1,{PIXELS[:-2]}256", "row 3: '256' among its 16 entries"),
        (f"1,-1{PIXELS[1:]}", "row 3: '-1' among its 16 entries"),
        (f"1,{PIXELS[:-2]}xy", "row 3: 'xy' among its 16 entries"),
        (f"1,{PIXELS} xy", "row 3: 17 entries"),
        (f"1,{PIXELS[:-2]}1.5", r"row 3: '1\.5' among its 16 entries"),
        (f"1,{PIXELS[:-2]}99999999999999", "row 3: '99999999999999' among its 16"),
        ("1,", "row 3: 0 entries"),
        ("1", "row 3: 1 cell instead of 2"),
    ],
)
def test_a_damaged_row_is_named_as_a_spreadsheet_counts(bad_row, message):
    with pytest.raises(UnreadableDataset, match=message) as caught:
        _read(f"emotion,pixels\n2,{PIXELS}\n{bad_row}\n")
    assert caught.value.advice


def test_pictures_that_are_no_square_are_refused():
    with pytest.raises(UnreadableDataset, match="row 2: 3 numbers, not a square number"):
        _read("emotion,pixels\n1,1 2 3\n")


def test_wrong_columns_are_listed():
    with pytest.raises(UnreadableDataset, match=r"no column pixels; it has emotion, image"):
        _read("emotion,image\n1,2\n")


def test_an_empty_file_is_refused():
    with pytest.raises(UnreadableDataset, match="empty"):
        _read("")


@pytest.mark.parametrize("content", [bytes(range(256)) * 40, b"emotion,pixels\n1,\xff\xfe\n"])
def test_a_file_that_is_no_text_is_refused(content):
    with pytest.raises(UnreadableDataset):
        _read(content)


def test_few_large_pictures_are_read_at_once(monkeypatch):
    monkeypatch.setattr("core.datasets.readers.csv_rows.MOST_TEXT", 5 * len(PIXELS))
    text = "pixels\n" + f"{PIXELS}\n" * 12
    blocks = list(read_pixel_csv(io.BytesIO(text.encode()), "faces.csv"))
    assert [len(block) for block in blocks] == [5, 5, 2]
    assert blocks[2].names.tolist() == ["faces.csv:12", "faces.csv:13"]


def test_fewer_rows_are_read_at_once_where_pictures_are_enlarged():
    text = "pixels\n" + f"{PIXELS}\n" * 70
    blocks = read_pixel_csv(io.BytesIO(text.encode()), "faces.csv", size_px=1024)
    assert len(next(blocks)) == 64
    blocks.close()


@pytest.mark.parametrize("blank", ["", "   ", ",", " , "])
def test_rows_without_anything_in_them_are_passed_over_and_still_counted(blank):
    text = f"{blank}\nemotion,pixels\n2,{PIXELS}\n{blank}\n{blank}\n3,{PIXELS}\n{blank}\n"
    block = _read(text if not blank.strip() else text.removeprefix(f"{blank}\n"))
    assert block.labels.tolist() == ["2", "3"]
    first = 3 if not blank.strip() else 2
    assert block.names.tolist() == [f"faces.csv:{first}", f"faces.csv:{first + 3}"]


@pytest.mark.parametrize(
    "written",
    [
        " ".join(f"{number}.0" for number in range(16)),
        str(list(range(16))),
        str(tuple(range(16))),
        str(np.arange(16).reshape(4, 4)),
        str([float(number) for number in range(16)]),
        repr(np.arange(16)),
        ",".join(map(str, range(16))),
        ";".join(map(str, range(16))),
    ],
)
def test_pixels_are_read_however_a_program_prints_a_list_of_numbers(written):
    block = _read(f'emotion,pixels\n1,"{written}"\n2,"{written}"\n')
    assert block.pixels[1].ravel().tolist() == list(range(16))


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (" ".join(f"{number / 15:.3f}" for number in range(16)), "16 fractions from 0 to 1"),
        ("[0 1 2 ... 13 14 15] 0 0 0 0 0 0 0 0 0", "truncated when it was printed"),
    ],
)
def test_pixels_that_cannot_be_read_are_refused_for_the_true_reason(written, message):
    with pytest.raises(UnreadableDataset, match=message):
        _read(f"emotion,pixels\n1,{PIXELS}\n2,{written}\n")


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_other_separators_than_the_comma_are_recognised(separator):
    lines = [("emotion", "pixels", "Usage"), ("3", PIXELS, "Training")]
    block = _read("\n".join(separator.join(cells) for cells in lines))
    assert (block.labels.tolist(), block.splits.tolist()) == (["3"], ["Training"])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_the_encodings_that_spreadsheets_save_are_read(encoding):
    block = _read(f"emotion\tpixels\n3\t{PIXELS}\n".encode(encoding))
    assert block.labels.tolist() == ["3"]


@pytest.mark.parametrize("strange", ["256", "-1", "1e9", "nan", "x"])
def test_a_number_that_is_no_pixel_is_named(strange):
    content = "emotion,pixels\n3," + " ".join(["7"] * 63 + [strange])
    with pytest.raises(UnreadableDataset) as refused:
        list(read_pixel_csv(io.BytesIO(content.encode()), "x.csv"))
    assert refused.value.message.startswith(f"x.csv, row 2: {strange!r} among its 64 entries")


def test_a_column_that_is_there_twice_is_refused():
    content = "emotion,Emotion,pixels\n3,4," + " ".join(["7"] * 64)
    with pytest.raises(UnreadableDataset, match="has 2 columns called emotion"):
        list(read_pixel_csv(io.BytesIO(content.encode()), "x.csv"))
