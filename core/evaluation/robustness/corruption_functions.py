"""Changes of pixels that the corruptions apply, each with its own unit.

Every function takes uint8 pictures `(n, high, wide)` or `(n, high, wide, 3)` and returns new ones
of the same shape and type. `FaceRegion` is the square in them that a network reads, so that a
change has the same effect on a face crop and on a face in a frame. Lengths are given for a square
of `REFERENCE_PX` and scale with it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from core.datasets.summary import EYES, MOUTH, WHOLE, PictureRegion

Pictures = NDArray[np.uint8]
REFERENCE_PX = 48
"""Side of FER2013's pictures: "a blur of 1 px" is one forty-eighth of the face picture."""

_LINE_SAMPLES = 4  # along each pixel of a motion: finer ones change no grey level
_FULL_TURN = 2 * np.pi


@dataclass(frozen=True)
class FaceRegion:
    """The square in every picture that a network reads, in pixels.

    Attributes:
        left, top: its corner.
        side: its length.
    """

    left: float
    top: float
    side: float

    @property
    def unit(self) -> float:
        """Pixels of these pictures per pixel of a face crop of `REFERENCE_PX`."""
        return self.side / REFERENCE_PX

    @property
    def middle(self) -> tuple[float, float]:
        """x and y of its middle."""
        return self.left + self.side / 2, self.top + self.side / 2


CorruptionFunction = Callable[[Pictures, float, FaceRegion, np.random.Generator], Pictures]


def whole_picture(pictures: Pictures) -> FaceRegion:
    """The region of the face in pictures that are face crops."""
    return FaceRegion(0.0, 0.0, float(pictures.shape[1]))


def brighten(
    pictures: Pictures, stops: float, _face: FaceRegion, _rng: np.random.Generator
) -> Pictures:
    """More light: each stop doubles it.

    Values are converted to linear light and back to sRGB (IEC 61966-2-1); too bright ones are
    clipped.
    """
    grey = np.arange(256) / 255
    light = np.where(grey <= 0.04045, grey / 12.92, ((grey + 0.055) / 1.055) ** 2.4)
    light = np.clip(light * 2.0**stops, 0, 1)
    written = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.asarray(as_bytes(written * 255)[pictures], dtype=np.uint8)


def darken(
    pictures: Pictures, stops: float, face: FaceRegion, rng: np.random.Generator
) -> Pictures:
    """Less light: each stop halves it; see `brighten`."""
    return brighten(pictures, -stops, face, rng)


def scale_contrast(
    pictures: Pictures, factor: float, _face: FaceRegion, _rng: np.random.Generator
) -> Pictures:
    """Every value's distance from its picture's mean, times a factor."""
    axes = tuple(range(1, pictures.ndim))
    mean = pictures.mean(axis=axes, keepdims=True, dtype=np.float32)
    return as_bytes(mean + np.float32(factor) * (pictures - mean))


def blur(
    pictures: Pictures, sigma_px: float, face: FaceRegion, _rng: np.random.Generator
) -> Pictures:
    """Out of focus: a Gaussian of this standard deviation."""
    sigma = sigma_px * face.unit
    if sigma <= 0:
        return pictures.copy()
    return _each(pictures, lambda one, _: cv2.GaussianBlur(one, (0, 0), sigma))


def motion_blur(
    pictures: Pictures, length_px: float, face: FaceRegion, rng: np.random.Generator
) -> Pictures:
    """Blurred along a straight line of this length, in a random direction for each picture."""
    angles = rng.uniform(0, np.pi, len(pictures))
    length = length_px * face.unit
    return _each(pictures, lambda one, at: cv2.filter2D(one, -1, _line(length, float(angles[at]))))


def shrink(
    pictures: Pictures, side_px: float, face: FaceRegion, _rng: np.random.Generator
) -> Pictures:
    """Low resolution: the face is reduced to so many pixels, then enlarged again.

    Enlarged bilinearly, as on the live pages; a face that is smaller already stays.
    """
    high, wide = pictures.shape[1:3]
    share = side_px / face.side
    if share >= 1:
        return pictures.copy()
    small = (max(1, round(wide * share)), max(1, round(high * share)))

    def reduce_and_enlarge(one: Pictures, _: int) -> Any:
        reduced = cv2.resize(one, small, interpolation=cv2.INTER_AREA)
        return cv2.resize(reduced, (wide, high), interpolation=cv2.INTER_LINEAR)

    return _each(pictures, reduce_and_enlarge)


def compress(
    pictures: Pictures, quality: float, _face: FaceRegion, _rng: np.random.Generator
) -> Pictures:
    """Written as JPEG of this quality (libjpeg's scale, 1 to 100) and read again."""
    how = [cv2.IMWRITE_JPEG_QUALITY, round(quality)]

    def written_and_read(one: Pictures, _: int) -> Any:
        return cv2.imdecode(cv2.imencode(".jpg", one, how)[1], cv2.IMREAD_UNCHANGED)

    return _each(pictures, written_and_read)


def add_noise(
    pictures: Pictures, sigma: float, _face: FaceRegion, rng: np.random.Generator
) -> Pictures:
    """Sensor noise: normally distributed for each value, in grey levels of 255."""
    noise = rng.standard_normal(pictures.shape, dtype=np.float32)
    return as_bytes(pictures + np.float32(sigma) * noise)


def rotate(
    pictures: Pictures, degrees: float, face: FaceRegion, rng: np.random.Generator
) -> Pictures:
    """Rotated to a random side, about the centre of the face."""
    sides = rng.choice((-1.0, 1.0), len(pictures))

    def tilted(one: Pictures, at: int) -> Any:
        middle = (face.middle[0] - 0.5, face.middle[1] - 0.5)
        return _warped(one, cv2.getRotationMatrix2D(middle, float(sides[at] * degrees), 1.0))

    return _each(pictures, tilted)


def shift_crop(
    pictures: Pictures, share: float, face: FaceRegion, rng: np.random.Generator
) -> Pictures:
    """The crop is shifted in a random direction, by a share of its side."""
    angles = rng.uniform(0, _FULL_TURN, len(pictures))
    distance = share * face.side

    def moved(one: Pictures, at: int) -> Any:
        x, y = distance * np.cos(angles[at]), distance * np.sin(angles[at])
        return _warped(one, np.array([[1.0, 0.0, x], [0.0, 1.0, y]]))

    return _each(pictures, moved)


def _line(length: float, angle: float) -> NDArray[np.float32]:
    """A kernel of motion blur; each sample is distributed over the four pixels around it."""
    half = length / 2
    reach = int(np.ceil(half))
    side = 2 * reach + 1
    steps = np.linspace(-half, half, max(1, round(length * _LINE_SAMPLES)) | 1)
    x, y = reach + steps * np.cos(angle), reach + steps * np.sin(angle)
    kernel = np.zeros((side + 1, side + 1))
    left, top = np.floor(x + 1e-9).astype(int), np.floor(y + 1e-9).astype(int)
    right, below = x - left, y - top
    for down, across, weight in (
        (0, 0, (1 - right) * (1 - below)),
        (0, 1, right * (1 - below)),
        (1, 0, (1 - right) * below),
        (1, 1, right * below),
    ):
        np.add.at(kernel, (top + down, left + across), weight)
    kernel = kernel[:side, :side]
    return np.asarray(kernel / kernel.sum(), dtype=np.float32)


def _warped(one: Pictures, matrix: NDArray[np.float64]) -> Any:
    high, wide = one.shape[:2]
    return cv2.warpAffine(
        one, matrix, (wide, high), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )


def _each(pictures: Pictures, change: Callable[[Pictures, int], Any]) -> Pictures:
    if len(pictures) == 0:
        return pictures.copy()
    found = [change(np.ascontiguousarray(one), at) for at, one in enumerate(pictures)]
    return np.asarray(np.stack(found), dtype=np.uint8)


def as_bytes(values: NDArray[Any]) -> Pictures:
    """Numbers as grey levels: rounded, and clipped to 0 and 255."""
    return np.asarray(np.clip(np.rint(values), 0, 255), dtype=np.uint8)


def cover_eyes(
    pictures: Pictures, share: float, face: FaceRegion, _rng: np.random.Generator
) -> Pictures:
    """A bar over the eyes that covers this share of the face crop."""
    return _covered(pictures, _grown(EYES, share), face)


def cover_mouth(
    pictures: Pictures, share: float, face: FaceRegion, _rng: np.random.Generator
) -> Pictures:
    """A patch over the mouth that covers this share of the face crop."""
    return _covered(pictures, _grown(MOUTH, share), face)


def cover_lower(
    pictures: Pictures, share: float, face: FaceRegion, _rng: np.random.Generator
) -> Pictures:
    """From the chin up, as a mask or a scarf does."""
    return _covered(pictures, PictureRegion("lower part", 0.0, 1 - share, 1.0, 1.0), face)


def cover_patch(
    pictures: Pictures, share: float, face: FaceRegion, rng: np.random.Generator
) -> Pictures:
    """A square patch at a random position on the face of each picture."""
    side = float(np.sqrt(share))
    corners = rng.uniform(0, 1 - side, (len(pictures), 2))
    found = pictures.copy()
    for at, (left, top) in enumerate(corners):
        patch = PictureRegion("patch", left, top, left + side, top + side)
        found[at : at + 1] = _covered(pictures[at : at + 1], patch, face)
    return found


def _covered(pictures: Pictures, region: PictureRegion, face: FaceRegion) -> Pictures:
    """A region filled with the mean grey of the face; sides are rounded to whole pixels."""
    found = pictures.copy()
    inside = pictures[(slice(None), *_window(WHOLE, face))]
    mean = inside.mean(axis=(1, 2), keepdims=True, dtype=np.float32)
    found[(slice(None), *_window(region, face))] = as_bytes(mean)
    return found


def _window(region: PictureRegion, face: FaceRegion) -> tuple[slice, slice]:
    def span(low: float, high: float, start: float) -> slice:
        first, last = (max(0, round(start + one * face.side)) for one in (low, high))
        return slice(first, last)

    return (
        span(region.top, region.bottom, face.top),
        span(region.left, region.right, face.left),
    )


def _grown(region: PictureRegion, share: float) -> PictureRegion:
    """A region of the same centre and shape that covers this share of the picture.

    At an edge it is cut off, and extended in the other direction instead.
    """
    wide, high = region.right - region.left, region.bottom - region.top
    by = float(np.sqrt(share / (wide * high)))
    wide = min(1.0, wide * by)
    high = min(1.0, share / wide) if wide else 0.0
    left = float(np.clip((region.left + region.right - wide) / 2, 0, 1 - wide))
    top = float(np.clip((region.top + region.bottom - high) / 2, 0, 1 - high))
    return PictureRegion(region.name, left, top, left + wide, top + high)
