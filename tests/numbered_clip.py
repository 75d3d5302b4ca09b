"""A clip whose frames carry their numbers, so that each is known again wherever it arrives."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from core.domain import RgbPicture

BITS, CHECK = 10, 6
"""Binary digits of a number, and of what it leaves when divided by 61, which tells a misreading."""

BLOCK_PX, WIDTH_PX, HEIGHT_PX = 16, 640, 480
_DARK, _BRIGHT, _BORDER = 16, 235, 128
_CERTAIN = 40
"""A block is bright or dark by at least so much; compression changes it by a few."""


def stamp(luma: NDArray[np.uint8], number: int) -> None:
    """Write a number into the top left corner of a picture's luma, in place.

    Args:
        luma: `(480, 640)`.
        number: 0 to 1023.
    """
    for place, bit in enumerate(_bits(number)):
        left = place * BLOCK_PX
        luma[:BLOCK_PX, left : left + BLOCK_PX] = _BRIGHT if bit else _DARK


def number_on(rgb: RgbPicture) -> int | None:
    """The number in the corner of a picture, perhaps a smaller or a compressed one; None where it
    cannot be read.
    """
    side = BLOCK_PX * rgb.shape[1] / WIDTH_PX
    quarter, middle = round(side / 4), round(3 * side / 4)
    bits = []
    for place in range(BITS + CHECK):
        left = round(place * side)
        value = rgb[quarter:middle, left + quarter : left + middle].mean()
        if abs(value - _BORDER) < _CERTAIN:
            return None
        bits.append(bool(value > _BORDER))
    number = sum(bit << place for place, bit in enumerate(bits[:BITS]))
    return number if _bits(number) == bits else None


def write_numbered_clip(path: Path, clip: Path, *, fps: int) -> Path:
    """Every frame of a clip as YUV4MPEG2 for Chromium's fake camera, with its number.

    Args:
        clip: Motion JPEG of 640 x 480.
        fps: how many are played in a second.
    """
    with av.open(str(clip), format="mjpeg") as source, path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{WIDTH_PX} H{HEIGHT_PX} F{fps}:1 Ip A1:1 C420jpeg\n".encode())
        for number, picture in enumerate(source.decode(video=0)):
            planes = picture.reformat(format="yuv420p").to_ndarray()
            stamp(planes[:HEIGHT_PX], number)
            file.write(b"FRAME\n" + planes.tobytes())
    return path


def _bits(number: int) -> list[bool]:
    digits = [(number, BITS), (number % 61, CHECK)]
    return [bool(value >> place & 1) for value, width in digits for place in range(width)]
