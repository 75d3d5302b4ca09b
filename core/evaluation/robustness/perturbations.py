"""What light, lenses, distance, cameras and hands do to a picture, each in its own unit.

Every change takes uint8 pictures `(n, high, wide)` or `(n, high, wide, 3)` and gives new ones of
the same shape and type. `FacePlace` says where in them the square lies that a network reads, so
that one and the same change means the same for a cut-out face and for a face within a frame.
Lengths are given for a square of `REFERENCE_PX` and grow with it.
Parts of a face are hidden by a bar, a mask or a patch, each by a share of the face picture.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from core.datasets.summary import EYES, MOUTH, WHOLE, Region

Pictures = NDArray[np.uint8]
REFERENCE_PX = 48
"""Side of FER2013's pictures: "a blur of 1 px" is one forty-eighth of the face picture."""

_LINE_SAMPLES = 4  # along each pixel of a motion: finer ones change no grey level
_RNG_FULL_TURN = 2 * np.pi


@dataclass(frozen=True)
class FacePlace:
    """Where in every picture the square lies that a network reads, in pixels.

    Attributes:
        left, top: its corner.
        side: its length.
    """

    left: float
    top: float
    side: float

    @property
    def unit(self) -> float:
        """How many pixels of these pictures one pixel of a face of `REFERENCE_PX` takes."""
        return self.side / REFERENCE_PX

    @property
    def middle(self) -> tuple[float, float]:
        """x and y of its middle."""
        return self.left + self.side / 2, self.top + self.side / 2


Perturbation = Callable[[Pictures, float, FacePlace, np.random.Generator], Pictures]


def whole(pictures: Pictures) -> FacePlace:
    """The place of the face in pictures that show nothing else."""
    return FacePlace(0.0, 0.0, float(pictures.shape[1]))


def expose(
    pictures: Pictures, stops: float, _place: FacePlace, _rng: np.random.Generator
) -> Pictures:
    """More light: each stop doubles it.

    Light is what sRGB's numbers stand for (IEC 61966-2-1), so values are made linear before and
    written as sRGB again after; what is too bright burns out.
    """
    grey = np.arange(256) / 255
    light = np.where(grey <= 0.04045, grey / 12.92, ((grey + 0.055) / 1.055) ** 2.4)
    light = np.clip(light * 2.0**stops, 0, 1)
    written = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.asarray(as_bytes(written * 255)[pictures], dtype=np.uint8)


def darken(
    pictures: Pictures, stops: float, place: FacePlace, rng: np.random.Generator
) -> Pictures:
    """Less light: each stop halves it; see `expose`."""
    return expose(pictures, -stops, place, rng)


def stretch_contrast(
    pictures: Pictures, factor: float, _place: FacePlace, _rng: np.random.Generator
) -> Pictures:
    """Every value's distance from its picture's mean, times a factor."""
    axes = tuple(range(1, pictures.ndim))
    mean = pictures.mean(axis=axes, keepdims=True, dtype=np.float32)
    return as_bytes(mean + np.float32(factor) * (pictures - mean))


def blur(
    pictures: Pictures, sigma_px: float, place: FacePlace, _rng: np.random.Generator
) -> Pictures:
    """Out of focus: a Gaussian of this standard deviation."""
    sigma = sigma_px * place.unit
    if sigma <= 0:
        return pictures.copy()
    return _each(pictures, lambda one, _: cv2.GaussianBlur(one, (0, 0), sigma))


def move(
    pictures: Pictures, length_px: float, place: FacePlace, rng: np.random.Generator
) -> Pictures:
    """Smeared along a straight line of this length, in a direction of its own for each picture."""
    turns = rng.uniform(0, np.pi, len(pictures))
    length = length_px * place.unit
    return _each(pictures, lambda one, at: cv2.filter2D(one, -1, _line(length, float(turns[at]))))


def shrink(
    pictures: Pictures, side_px: float, place: FacePlace, _rng: np.random.Generator
) -> Pictures:
    """As if the face had been only so many pixels large: averaged down, then enlarged again.

    Enlarged as the live pages do it, between neighbours; a face that small already stays.
    """
    high, wide = pictures.shape[1:3]
    share = side_px / place.side
    if share >= 1:
        return pictures.copy()
    small = (max(1, round(wide * share)), max(1, round(high * share)))

    def there_and_back(one: Pictures, _: int) -> Any:
        reduced = cv2.resize(one, small, interpolation=cv2.INTER_AREA)
        return cv2.resize(reduced, (wide, high), interpolation=cv2.INTER_LINEAR)

    return _each(pictures, there_and_back)


def compress(
    pictures: Pictures, quality: float, _place: FacePlace, _rng: np.random.Generator
) -> Pictures:
    """Written as JPEG of this quality (libjpeg's scale, 1 to 100) and read again."""
    how = [cv2.IMWRITE_JPEG_QUALITY, round(quality)]

    def written_and_read(one: Pictures, _: int) -> Any:
        return cv2.imdecode(cv2.imencode(".jpg", one, how)[1], cv2.IMREAD_UNCHANGED)

    return _each(pictures, written_and_read)


def add_noise(
    pictures: Pictures, sigma: float, _place: FacePlace, rng: np.random.Generator
) -> Pictures:
    """A sensor's noise: a normal draw of its own for each value, in grey levels of 255."""
    noise = rng.standard_normal(pictures.shape, dtype=np.float32)
    return as_bytes(pictures + np.float32(sigma) * noise)


def turn(
    pictures: Pictures, degrees: float, place: FacePlace, rng: np.random.Generator
) -> Pictures:
    """Tilted to one side or the other, by the toss of a coin, about the middle of the face."""
    sides = rng.choice((-1.0, 1.0), len(pictures))

    def tilted(one: Pictures, at: int) -> Any:
        middle = (place.middle[0] - 0.5, place.middle[1] - 0.5)
        return _warped(one, cv2.getRotationMatrix2D(middle, float(sides[at] * degrees), 1.0))

    return _each(pictures, tilted)


def misplace(
    pictures: Pictures, share: float, place: FacePlace, rng: np.random.Generator
) -> Pictures:
    """Cut out beside the face, by a share of the face picture's side, in any direction."""
    ways = rng.uniform(0, _RNG_FULL_TURN, len(pictures))
    far = share * place.side

    def moved(one: Pictures, at: int) -> Any:
        x, y = far * np.cos(ways[at]), far * np.sin(ways[at])
        return _warped(one, np.array([[1.0, 0.0, x], [0.0, 1.0, y]]))

    return _each(pictures, moved)


def _line(length: float, angle: float) -> NDArray[np.float32]:
    """A kernel that smears along a line, each sample shared out among the four pixels around it."""
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
    """Numbers as grey levels: rounded, and cut off at 0 and 255."""
    return np.asarray(np.clip(np.rint(values), 0, 255), dtype=np.uint8)


def cover_eyes(
    pictures: Pictures, share: float, place: FacePlace, _rng: np.random.Generator
) -> Pictures:
    """A bar over the eyes, growing with the share of the face picture that it covers."""
    return _covered(pictures, _grown(EYES, share), place)


def cover_mouth(
    pictures: Pictures, share: float, place: FacePlace, _rng: np.random.Generator
) -> Pictures:
    """The same over the mouth."""
    return _covered(pictures, _grown(MOUTH, share), place)


def cover_lower(
    pictures: Pictures, share: float, place: FacePlace, _rng: np.random.Generator
) -> Pictures:
    """From the chin up, as a mask or a scarf does."""
    return _covered(pictures, Region("lower part", 0.0, 1 - share, 1.0, 1.0), place)


def cover_patch(
    pictures: Pictures, share: float, place: FacePlace, rng: np.random.Generator
) -> Pictures:
    """A square patch anywhere on the face, at a place of its own for each picture."""
    side = float(np.sqrt(share))
    corners = rng.uniform(0, 1 - side, (len(pictures), 2))
    found = pictures.copy()
    for at, (left, top) in enumerate(corners):
        patch = Region("patch", left, top, left + side, top + side)
        found[at : at + 1] = _covered(pictures[at : at + 1], patch, place)
    return found


def _covered(pictures: Pictures, region: Region, place: FacePlace) -> Pictures:
    """Filled with the face's own mean: it hides what is there and adds nothing that draws the eye.

    Sides are rounded to whole pixels.
    """
    found = pictures.copy()
    face = pictures[(slice(None), *_window(WHOLE, place))]
    mean = face.mean(axis=(1, 2), keepdims=True, dtype=np.float32)
    found[(slice(None), *_window(region, place))] = as_bytes(mean)
    return found


def _window(region: Region, place: FacePlace) -> tuple[slice, slice]:
    def span(low: float, high: float, start: float) -> slice:
        first, last = (max(0, round(start + one * place.side)) for one in (low, high))
        return slice(first, last)

    return (
        span(region.top, region.bottom, place.top),
        span(region.left, region.right, place.left),
    )


def _grown(region: Region, share: float) -> Region:
    """A region of the same middle and shape that takes this share of the picture, kept inside it.

    What would stand over an edge is cut off there, and the other direction makes up for it.
    """
    wide, high = region.right - region.left, region.bottom - region.top
    by = float(np.sqrt(share / (wide * high)))
    wide = min(1.0, wide * by)
    high = min(1.0, share / wide) if wide else 0.0
    left = float(np.clip((region.left + region.right - wide) / 2, 0, 1 - wide))
    top = float(np.clip((region.top + region.bottom - high) / 2, 0, 1 - high))
    return Region(region.name, left, top, left + wide, top + high)
