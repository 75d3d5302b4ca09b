"""Parts of a face hidden: by a bar, a mask, a patch, each by a share of the face picture."""

from __future__ import annotations

import numpy as np

from core.datasets.summary.face_regions import EYES, MOUTH, WHOLE, Region
from core.evaluation.changes import FacePlace, Pictures, as_bytes


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
