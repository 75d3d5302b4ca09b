"""Lists of pictures, in the formats of public datasets."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from core.datasets import DatasetSource, open_dataset
from core.datasets.readers.boxes import are_corners, box_columns, box_numbers, crop_to_box
from core.datasets.readers.csv_pixels import ColumnNames
from core.domain.errors import UnclearColumns, UnmappedLabels, UnreadableDataset

LABELS = ("happy", "sad", "angry", "happy", "sad", "angry") * 4


@pytest.fixture
def root(tmp_path):
    """Twenty-four pictures in one folder, each of one grey."""
    (tmp_path / "set" / "images").mkdir(parents=True)
    for at in range(len(LABELS)):
        grey = np.full((48, 48), at * 10, dtype=np.uint8)
        cv2.imwrite(str(tmp_path / "set" / "images" / f"face_{at:03}.png"), grey)
    return tmp_path / "set"


@pytest.fixture
def opened(root, tmp_path):
    def open_(**how):
        return open_dataset(DatasetSource(str(root), **how), tmp_path / "cache")

    return open_


def _write(path, lines, *, header="", between=","):
    rows = [header, *lines] if header else lines
    path.write_text("\n".join(between.join(row) if row is not header else row for row in rows))


def _lines():
    return [(f"face_{at:03}.png", label) for at, label in enumerate(LABELS)]


def _said(dataset):
    names = [dataset.scheme.labels[label] for label in dataset.pictures.labels.tolist()]
    return {
        name.split("/")[-1]: label
        for name, label in zip(dataset.pictures.names, names, strict=True)
    }


@pytest.mark.parametrize("file", ["labels.csv", "train.csv", "list.txt", "images/legend.csv"])
@pytest.mark.parametrize("header", ["image,emotion", "file name,expression", ""])
@pytest.mark.parametrize("between", [",", "\t", " "])
def test_names_and_labels_of_a_list_are_read(root, opened, file, header, between):
    if between == " ":
        header = header.replace("file name", "file")
    _write(root / file, _lines(), header=header.replace(",", between), between=between)
    dataset = opened()
    assert _said(dataset) == dict(_lines())
    assert any(note.startswith("Read from the list") for note in dataset.notes)


@pytest.mark.parametrize(
    "written",
    [
        lambda name: f"images/{name}",
        lambda name: f"set/images/{name}",
        lambda name: f"images\\{name}",
        lambda name: name.removesuffix(".png"),
        lambda name: f"/home/ada/set/images/{name}",
        lambda name: name.replace(".png", ".jpg"),
    ],
)
def test_a_picture_is_found_however_the_list_writes_its_name(root, opened, written):
    _write(root / "labels.csv", [(written(name), label) for name, label in _lines()])
    assert _said(opened()) == dict(_lines())


def test_pictures_that_were_aligned_are_found_by_the_names_before_and_numbers_are_asked(
    root, opened
):
    """RAF-DB: `train_00001.jpg 5` for `train_00001_aligned.jpg`."""
    for at, file in enumerate(sorted((root / "images").iterdir())):
        side = "train" if at < 16 else "test"
        file.rename(file.with_name(f"{side}_{at:05}_aligned.png"))
    lines = [(f"{'train' if at < 16 else 'test'}_{at:05}.jpg", str(at % 3 + 1)) for at in range(24)]
    _write(root / "list_patition_label.txt", lines, between=" ")
    with pytest.raises(UnmappedLabels, match="'1', '2', '3' are numbers"):
        opened()
    dataset = opened(label_map=(("1", "happy"), ("2", "sad"), ("3", "angry")))
    assert dataset.sizes["Test"] == 8


def test_splits_and_people_of_a_list_are_read(root, opened):
    sides = ["train"] * 12 + ["val"] * 6 + ["test"] * 6
    lines = [
        (*line, side, f"p{at // 3}")
        for at, (line, side) in enumerate(zip(_lines(), sides, strict=True))
    ]
    _write(root / "labels.csv", lines, header="image,label,split,subject")
    dataset = opened()
    assert dataset.sizes == {"Training": 12, "Validation": 6, "Test": 6}
    assert dataset.pictures.subjects[5] == "p1"


def test_lists_of_each_split_are_read_together(root, opened):
    _write(root / "train_list.txt", _lines()[:18], between=" ")
    _write(root / "test_list.txt", _lines()[18:], between=" ")
    assert opened().sizes["Test"] == 6


def test_lines_and_pictures_that_do_not_meet_are_counted(root, opened):
    _write(root / "labels.csv", [*_lines()[:-3], ("gone.png", "sad"), *_lines()[:2]])
    dataset = opened()
    assert len(dataset) == 21
    assert "1 line names a missing picture." in dataset.notes
    assert "3 pictures are in no list: excluded." in dataset.notes


def test_a_damaged_picture_in_a_list_is_named(root, opened):
    (root / "images" / "face_003.png").write_bytes(b"damaged")
    _write(root / "labels.csv", _lines())
    assert any("images/face_003.png" in note for note in opened().notes)


def test_ambiguous_columns_are_asked_about_and_can_be_named(root, opened):
    lines = [(name, "x", label, "y") for name, label in _lines()]
    _write(root / "labels.csv", lines, header="image,a,b,c")
    with pytest.raises(
        UnclearColumns, match=r"it has image, a, b, c, such as face_000.png · x"
    ) as caught:
        opened()
    assert caught.value.columns == ("image", "a", "b", "c")
    assert caught.value.rows[0] == ("face_000.png", "x", "happy", "y")
    assert "--label-column" in caught.value.advice
    assert _said(opened(columns=ColumnNames(label="b"))) == dict(_lines())
    assert _said(opened(columns=ColumnNames(label="3"))) == dict(_lines())
    with pytest.raises(UnclearColumns, match="no column 'mood'"):
        opened(columns=ColumnNames(label="mood"))


def _faces(root, form):
    """Two faces of different grey in each picture, listed with their boxes."""
    lines = []
    for at, label in enumerate(LABELS):
        picture = np.zeros((100, 200), dtype=np.uint8)
        picture[20:60, 10:50] = 100
        picture[40:80, 150:190] = 200
        cv2.imwrite(str(root / "images" / f"face_{at:03}.png"), picture)
        for left, top in ((10, 20), (150, 40)):
            lines.append((f"face_{at:03}.png", *form(left, top, 40), label))
    return lines


def _corners(left, top, side):
    return (str(left), str(top), str(left + side), str(top + side))


def _sizes(left, top, side):
    return (str(left), str(top), str(side), str(side))


@pytest.mark.parametrize(
    ("header", "form"),
    [
        ("image,left,top,right,bottom,label", _corners),
        ("image,face_x,face_y,face_width,face_height,label", _sizes),
        ("image,xmin,ymin,xmax,ymax,label", _corners),
        ("image,bbox_x1,bbox_y1,bbox_x2,bbox_y2,label", _corners),
        ("image,x,y,w,h,label", _sizes),
        ("image,box,label", lambda *at: (f'"{list(map(int, _sizes(*at)))}"',)),
        ("image,bbox,label", lambda *at: (" ".join(_corners(*at)),)),
    ],
)
def test_boxes_crop_faces(root, opened, header, form):
    _write(root / "labels.csv", _faces(root, form), header=header)
    dataset = opened()
    assert len(dataset) == 48
    middles = dataset.pictures.pixels[:, 4:-4, 4:-4].reshape(48, -1)
    assert set(np.unique(middles).tolist()) == {100, 200}
    assert dataset.pictures.names[1] == "images/face_000.png#2"


def test_boxes_in_columns_without_names_can_be_chosen(root, opened):
    """ExpW: name, number, top, left, right, bottom, confidence, label; no header."""
    lines = [
        (name, "0", top, left, right, bottom, "0.9", label)
        for name, left, top, right, bottom, label in _faces(root, _corners)
    ]
    _write(root / "label.lst", lines, between=" ")
    dataset = opened(columns=ColumnNames(label="8", box="4,3,5,6"))
    assert set(np.unique(dataset.pictures.pixels[:, 4:-4, 4:-4]).tolist()) == {100, 200}


def test_a_list_that_is_asked_for_goes_before_folders(root, opened):
    for at, file in enumerate(sorted((root / "images").iterdir())):
        (root / "images" / str(at % 2)).mkdir(exist_ok=True)
        file.rename(root / "images" / str(at % 2) / file.name)
    _write(root / "labels.csv", _lines(), header="image,label")
    assert _said(opened(columns=ColumnNames(picture="image"))) == dict(_lines())


def test_folders_that_say_labels_need_no_list(root, opened):
    for at, file in enumerate(sorted((root / "images").iterdir())):
        (root / LABELS[at]).mkdir(exist_ok=True)
        file.rename(root / LABELS[at] / file.name)
    _write(root / "notes.csv", [(name, "sad") for name, _ in _lines()])
    assert _said(opened()) == dict(_lines())


def test_a_text_that_lists_nothing_changes_nothing(root, opened):
    (root / "readme.txt").write_text("Twenty-four faces\nof one grey each\n")
    with pytest.raises(UnmappedLabels, match="'images' is no label"):
        opened()


def test_a_dataset_from_before_does_not_begin_to_read_lists(root, opened):
    _write(root / "labels.csv", _lines())
    with pytest.raises(UnmappedLabels, match="'images' is no label"):
        opened(reading=0)


@pytest.mark.parametrize("cells", [["1 2 3"], ["a"], [""], ["1", "2", "3", "4", "5"]])
def test_other_than_four_numbers_are_no_box(cells):
    assert box_numbers(cells) is None


def test_a_box_that_is_empty_or_outside_holds_nothing():
    picture = np.zeros((50, 100), dtype=np.uint8)
    assert crop_to_box(picture, (10, 10, 10, 30), corners=True) is None
    assert crop_to_box(picture, (200, 10, 20, 20), corners=False) is None
    assert crop_to_box(picture, (-5, -5, 300, 300), corners=False).shape == (50, 50)
    assert crop_to_box(picture, (90, 40, 20, 10), corners=False).shape == (20, 20)


def test_the_notation_of_boxes_follows_from_names_or_from_what_fits_the_picture():
    size = (100, 100)
    assert are_corners(("x1", "y1", "x2", "y2"), [])
    assert not are_corners(("x", "y", "w", "h"), [])
    assert are_corners(("box",), [((60, 60, 90, 90), size)])
    assert not are_corners(("box",), [((60, 60, 30, 30), size)])
    assert not are_corners(("box",), [((0, 0, 48, 48), (48, 48))])
    assert box_columns(("name", "label")) == ()


def test_a_list_of_damaged_pictures_is_refused(root, opened):
    for file in (root / "images").iterdir():
        file.write_bytes(b"x")
    _write(root / "labels.csv", _lines())
    with pytest.raises(UnreadableDataset, match="24 of 24 pictures"):
        opened()


def test_a_line_that_contradicts_an_earlier_one_is_counted(opened, root):
    again = [("face_000.png", "sad"), ("face_001.png", LABELS[1])]
    _write(root / "labels.csv", [*_lines(), *again], header="name,label")
    found = opened()
    assert len(found) == len(LABELS)
    assert _said(found)["face_000.png"] == LABELS[0]
    assert "1 line gives a second label to a picture; the first one is used." in found.notes


def test_a_list_in_another_encoding_is_said_to_be_in_one(opened, root):
    lines = [(name, "fröhlich") for name, _ in _lines()]
    _write(root / "labels.csv", lines, header="name,label")
    (root / "labels.csv").write_bytes((root / "labels.csv").read_text().encode("latin-1"))
    with pytest.raises(UnreadableDataset, match=r"The list labels\.csv is not valid UTF-8 text"):
        opened(scheme="own")


@pytest.mark.parametrize("column", ["label", "7"])
def test_a_column_that_names_no_picture_is_reported(opened, root, column):
    _write(root / "labels.csv", _lines(), header="name,label")
    with pytest.raises(
        UnreadableDataset, match="No line of a list in set names an existing picture"
    ):
        opened(columns=ColumnNames(picture=column, label="label"))


def test_a_number_of_thousands_of_digits_is_no_column(opened, root):
    _write(root / "labels.csv", _lines(), header="name,label")
    with pytest.raises(UnclearColumns):
        opened(columns=ColumnNames(label="9" * 5000))
