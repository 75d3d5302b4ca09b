from __future__ import annotations

import cv2
import pytest

from core.classroom.room_camera import HeadFinder
from core.vision import DETECTOR, LANDMARKER, from_video, path_of


@pytest.fixture
def finder(assets_dir):
    finder = HeadFinder(path_of(assets_dir, DETECTOR), path_of(assets_dir, LANDMARKER))
    yield finder
    finder.close()


def _picture(path):
    return cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)


@pytest.fixture
def found(finder, media):
    """Heads of a picture or of a clip's first frame, those that point to the front, those that
    do not, and those whose direction is unknown.
    """

    def counted(name):
        path = media(name)
        rgb = _picture(path) if path.suffix == ".jpg" else next(iter(from_video(path))).rgb
        towards = [head.towards for head in finder.find(rgb)]
        return len(towards), *(towards.count(one) for one in (True, False, None))

    return counted


def test_every_head_of_a_large_group_is_found_with_its_direction(found):
    assert found("solvay1927.jpg") == (29, 28, 1, 0)


def test_heads_at_desks_are_found(found):
    assert found("classroom_4adults_960x540_24s.mp4") == (4, 4, 0, 0)


def test_a_head_in_profile_points_away_and_one_of_few_pixels_nowhere(found):
    heads, towards, away, unknown = found("multiface_grid_1280x480_12s.mp4")
    assert (heads, away) == (10, 2)
    assert towards + unknown == 8
    assert unknown >= 3


def test_an_empty_room_has_no_heads(found):
    assert found("no_face.mp4") == (0, 0, 0, 0)
