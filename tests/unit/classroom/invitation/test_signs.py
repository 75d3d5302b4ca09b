from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from urllib.parse import unquote

import cv2
import numpy as np
import pytest

from core.classroom.invitation import camera_sign, door_sign, qr_picture
from core.domain.classroom import Classroom, Shared
from core.policy import NoticePart
from tests.hostile import LABEL

CLASSROOM = Classroom(
    id="20261102-090000-class",
    code="ABC234",
    title="Biology 9b",
    region="elsewhere",
    purpose="classroom",
    shared=(Shared.PRESENT, Shared.FACING),
    is_listed=False,
    labels=(),
    card_name="",
    opened_at=datetime(2026, 11, 2, 9, tzinfo=UTC),
)
LINK = "https://school.example/join_class?class=0123456789abcdefghij"
PAGE = "https://school.example/join_class"


NOTICE = (NoticePart("How long", "It is kept for 30 days."),)


def _door(title="Biology 9b", notice=NOTICE):
    classroom = replace(CLASSROOM, title=title)
    return door_sign(classroom, page=PAGE, link=LINK, notice=notice).decode()


class _Elements(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def test_a_sign_has_what_is_needed_to_join_and_what_is_shared():
    page = _door()
    for words in ("Biology 9b", "ABC234", "school.example/join_class", "It is kept for 30 days."):
        assert words in page


@pytest.mark.parametrize(
    ("shared", "is_said"),
    [((Shared.PRESENT,), False), ((Shared.PRESENT, Shared.FACING), True)],
    ids=["presence", "heads"],
)
def test_the_sign_of_a_camera_tells_of_directions_only_where_they_are_counted(shared, is_said):
    page = camera_sign(replace(CLASSROOM, shared=shared)).decode()
    assert "It counts the heads" in page
    assert ("towards the front" in page) is is_said


@pytest.mark.parametrize("page", [_door(), camera_sign(CLASSROOM).decode()], ids=["door", "camera"])
def test_a_sign_loads_and_runs_nothing(page):
    elements = _Elements(page).found
    assert not {"script", "link", "iframe"} & {tag for tag, _ in elements}
    sources = [each.get("src") or each.get("href") for _, each in elements]
    assert all(one.startswith("data:image/svg+xml") for one in sources if one)
    assert "default-src 'none'" in page


@pytest.mark.parametrize("make", ["door", "camera"])
def test_a_hostile_title_stays_words(make):
    hostile = f"</h1><script>alert(1)</script> {LABEL}"[:120]
    classroom = replace(CLASSROOM, title=hostile)
    page = _door(hostile) if make == "door" else camera_sign(classroom).decode()
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_qr_code_is_read_as_the_link():
    svg = unquote(qr_picture(LINK).partition(",")[2])
    assert cv2.QRCodeDetector().detectAndDecode(_drawn(svg))[0] == LINK


def _drawn(svg, scale=6):
    """The modules of the picture: segno draws the dark ones of each row as strokes of height 1."""
    size = int(re.search(r"viewBox='0 0 (\d+) ", svg)[1])
    pixels = np.full((size, size), 255, np.uint8)
    x, y = 0.0, 0.0
    for letter, numbers in re.findall(r"([Mmh])([-\d. ]+)", re.search(r"d='(M4 [^']+)'", svg)[1]):
        values = [float(one) for one in re.findall(r"-?[\d.]+", numbers)]
        if letter == "M":
            x, y = values
        elif letter == "m":
            x, y = x + values[0], y + values[1]
        else:
            pixels[int(y), int(x) : int(x + values[0])] = 0
            x += values[0]
    return np.kron(pixels, np.ones((scale, scale), np.uint8))
