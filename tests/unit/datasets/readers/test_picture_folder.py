from __future__ import annotations

import lzma
import os
import time
import zipfile

import cv2
import numpy as np
import pytest

from core.datasets import DatasetSource, open_dataset
from core.datasets.readers.archive import open_tree
from core.datasets.readers.picture_folder import label_of, read_pictures, split_of
from core.domain.errors import UnreadableDataset
from tests.datasets_on_disk import make_pictures, write_csv, write_folders
from tests.heic import write_heic
from tests.make import make_photo


def _one(path):
    """The one picture there; None if it was left out."""
    (block,) = read_pictures(open_tree(path), size_px=48)
    assert len(block) + len(block.left_out) == 1
    return block.pixels[0] if len(block) else None


def _png(picture):
    return cv2.imencode(".png", picture)[1].tobytes()


@pytest.mark.parametrize(
    ("name", "label", "split"),
    [
        ("train/happy/7.png", "happy", "Training"),
        ("fer/test/sad/7.png", "sad", "Test"),
        ("happy/7.png", "happy", ""),
        ("test/happy/PublicTest_7.png", "happy", "PublicTest"),
        ("train/7.png", "", "Training"),
        ("7.png", "", ""),
    ],
)
def test_folders_say_label_and_split(name, label, split):
    assert (label_of(name), split_of(name)) == (label, split)


def test_enlarged_pictures_come_in_smaller_blocks(tmp_path):
    (tmp_path / "a").mkdir()
    for number in range(70):
        (tmp_path / "a" / f"{number}.png").write_bytes(_png(make_photo(size_px=8)))
    blocks = list(read_pictures(open_tree(tmp_path), size_px=1024))
    assert [len(block) for block in blocks] == [64, 6]


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
def test_a_picture_damaged_in_an_archive_is_left_out(tmp_path, how):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", how) as archive:
        archive.writestr("a/1.png", _png(make_photo()))
    content = bytearray((tmp_path / "a.zip").read_bytes())
    content[40:200] = b"\xff" * 160
    (tmp_path / "a.zip").write_bytes(content)
    assert _one(tmp_path / "a.zip") is None


def test_an_unknown_way_of_packing_leaves_the_picture_out(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a/1.png", _png(make_photo()))
    content = (tmp_path / "a.zip").read_bytes()
    at = content.rindex(b"PK\x01\x02") + 10
    (tmp_path / "a.zip").write_bytes(content[:at] + b"\x63\x00" + content[at + 2 :])
    assert _one(tmp_path / "a.zip") is None


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no such names")
def test_names_that_are_no_text_become_text_and_lose_no_picture(tmp_path):
    root = write_folders(tmp_path / "f", make_pictures(size_px=8), named=True)
    for split in ("train", "test"):
        (root / split / "happy").rename(root / split / os.fsdecode(b"gl\xfccklich"))
    source = DatasetSource(str(root), label_map=(("gl\\udcfccklich", "happy"),))
    opened = open_dataset(source, tmp_path / "cache")
    assert opened.counts["Training"]["happy"] == 12
    for name in opened.pictures.names.tolist():
        name.encode()


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
@pytest.mark.parametrize("where", ["header", "content"])
def test_a_csv_file_damaged_in_an_archive_is_reported(tmp_path, how, where):
    path = write_csv(tmp_path / "fer2013.csv", make_pictures(size_px=8))
    with zipfile.ZipFile(tmp_path / "a.zip", "w", how) as archive:
        archive.write(path, path.name)
    content = bytearray((tmp_path / "a.zip").read_bytes())
    if where == "header":
        content[0] = 0
    else:
        content[60:200] = np.random.default_rng(1).bytes(140)
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(UnreadableDataset) as caught:
        open_dataset(DatasetSource(str(tmp_path / "a.zip")), tmp_path / "cache")
    assert caught.value.advice
    assert lzma.LZMAError.__name__ not in caught.value.message


@pytest.mark.parametrize("length", [0x7FFFFFFF, 0xFFFFFFFF])
def test_a_png_that_claims_gigabytes_is_left_out_before_it_costs_them(tmp_path, length):
    content = bytearray(_png(make_photo()))
    at = content.index(b"IDAT") - 4
    content[at : at + 4] = length.to_bytes(4, "big")
    (tmp_path / "a.png").write_bytes(content)
    began_at = time.monotonic()
    assert _one(tmp_path) is None
    assert time.monotonic() - began_at < 1


def test_a_png_of_more_pixels_than_any_photograph_is_left_out(tmp_path, monkeypatch):
    monkeypatch.setattr("core.datasets.readers.picture_folder.MOST_PIXELS", 48 * 48 - 1)
    (tmp_path / "a.png").write_bytes(_png(make_photo()))
    assert _one(tmp_path) is None
    monkeypatch.undo()
    assert np.array_equal(_one(tmp_path), make_photo())


@pytest.mark.parametrize(
    ("ending", "like"),
    [
        *((".jpg", ".jpg"), (".jpe", ".jpg"), (".JFIF", ".jpg"), (".pjpeg", ".jpg")),
        *((".gif", ".gif"), (".avif", ".avif"), (".jp2", ".jp2"), (".ppm", ".ppm")),
        *((".dib", ".bmp"), (".pnm", ".ppm"), (".webp", ".webp"), (".tif", ".tif")),
    ],
)
def test_pictures_of_every_ending_that_people_have_are_read(tmp_path, ending, like):
    picture = np.full((64, 64, 3), 200, dtype=np.uint8)
    content = cv2.imencode(like, picture)[1].tobytes()
    (tmp_path / f"a{ending}").write_bytes(content)
    assert abs(int(np.median(_one(tmp_path))) - 200) <= 60
    assert _one(tmp_path).min() > 150


@pytest.mark.parametrize("name", ["IMG_1.HEIC", "IMG_1.heif", "sent as.jpg"])
@pytest.mark.parametrize("tile_px", [64, 128])
def test_pictures_of_phones_are_read_whatever_their_ending(tmp_path, name, tile_px):
    picture = np.full((128, 128, 3), 60, dtype=np.uint8)
    picture[:, 64:] = 200
    write_heic(tmp_path / name, picture, tile_px=tile_px)
    found = _one(tmp_path)
    assert abs(int(found[24, 8]) - 60) < 12
    assert abs(int(found[24, 40]) - 200) < 12


def test_a_damaged_picture_of_a_phone_is_left_out_and_named(tmp_path):
    picture = np.full((64, 64, 3), 60, dtype=np.uint8)
    path = write_heic(tmp_path / "IMG_1.HEIC", picture, tile_px=64)
    path.write_bytes(path.read_bytes()[:200])
    (block,) = read_pictures(open_tree(tmp_path))
    assert block.left_out == ("IMG_1.HEIC",)
