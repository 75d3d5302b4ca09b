"""Numbers in the corner of a clip's frames."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from tests.numbered_clip import number_on, stamp


def _picture(number: int) -> np.ndarray:
    luma = np.full((480, 640), 90, dtype=np.uint8)
    stamp(luma, number)
    return np.repeat(luma[..., None], 3, axis=2)


@pytest.mark.parametrize("number", [0, 1, 330, 1023])
@pytest.mark.parametrize("width_px", [640, 480, 320])
def test_a_number_is_read_off_a_small_and_compressed_picture(number: int, width_px: int) -> None:
    small = cv2.resize(_picture(number), (width_px, width_px * 3 // 4))
    jpeg = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 20])[1]
    assert number_on(cv2.imdecode(jpeg, cv2.IMREAD_COLOR)) == number


def test_a_wrong_digit_and_a_grey_corner_are_no_number() -> None:
    wrong = _picture(5)
    wrong[:16, 16:32] = 235  # the second digit
    assert number_on(wrong) is None
    assert number_on(np.full((480, 640, 3), 128, dtype=np.uint8)) is None
