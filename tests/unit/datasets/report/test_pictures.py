from __future__ import annotations

import base64

import cv2
import numpy as np

from core.datasets.report.pictures import data_uri, png
from tests.make import make_photo


def test_a_picture_comes_back_pixel_by_pixel():
    picture = make_photo()
    back = cv2.imdecode(np.frombuffer(png(picture), np.uint8), cv2.IMREAD_UNCHANGED)
    assert np.array_equal(back, picture)


def test_a_data_uri_holds_the_picture():
    picture = make_photo(size_px=8)
    head, _, body = data_uri(picture).partition(",")
    assert head == "data:image/png;base64"
    assert base64.b64decode(body) == png(picture)


def test_a_picture_that_lies_on_disk_is_shown_too(tmp_path):
    np.save(tmp_path / "p.npy", make_photo()[None])
    assert png(np.load(tmp_path / "p.npy", mmap_mode="r")[0]) == png(make_photo())
