"""What somebody looks like from afar: the colours of hair, face and clothes. No biometric template:
it tells the people of one session apart and says nothing about who they are.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from core.domain import Box, RgbPicture

Appearance = NDArray[np.float32]

# Left, right, top, bottom in widths and heights of the face's box: hair, face, clothes below it.
_REGIONS = ((-0.15, 1.15, -0.35, 0.35), (0.15, 0.85, 0.3, 0.95), (-0.6, 1.6, 1.3, 2.1))
_SIDE_PX = 16
_LEAST_SHOWN = 0.4  # of a region; with less of it in the picture it is left out
_HUE_BINS, _LIGHT_BINS = 7, 5
_HUE_REACH = 28.0  # of Lab's a and b; skin and clothes seldom lie beyond
_HUE_SHARE = 0.7  # of the likeness; light changes when heads turn, hues hardly


def appearance_of(rgb: RgbPicture, box: Box) -> Appearance:
    """Soft histograms in CIELAB of three regions, float32 `(3, bins)`; each row has length 1, or is
    NaN where the region is not in the picture.

    Args:
        rgb: uint8, `(height, width, 3)`.
        box: of the face, in pixels.
    """
    return np.stack([_region(rgb, box, region) for region in _REGIONS]).astype(np.float32)


def unlikeness(one: Appearance, other: Appearance) -> float | None:
    """0 for the same colours, 1 for none in common: 1 minus the mean Bhattacharyya coefficient over
    the regions that both show; None where they share none.
    """
    likeness = (one * other).sum(axis=1)
    shown = likeness[~np.isnan(likeness)]
    return float(np.clip(1.0 - shown.mean(), 0.0, 1.0)) if len(shown) else None


def blended(known: Appearance, new: Appearance, *, kept: float) -> Appearance:
    """What is remembered after another look.

    Args:
        kept: share of what was known, in [0, 1].
    """
    mixed = kept * known + (1.0 - kept) * new
    mixed = np.where(np.isnan(new), known, np.where(np.isnan(known), new, mixed))
    length = np.sqrt((mixed * mixed).sum(axis=1, keepdims=True))
    return np.asarray(mixed / np.maximum(length, 1e-6), dtype=np.float32)


def _soft_bins(low: float, high: float, bins: int) -> NDArray[np.float32]:
    """Share of each bin for each of 256 levels: the two nearest share it, so noise moves little."""
    place = np.clip((np.arange(256) - low) / (high - low) * (bins - 1), 0, bins - 1)
    shares = np.maximum(0.0, 1.0 - np.abs(place[:, None] - np.arange(bins)))
    return np.asarray(shares, dtype=np.float32)


_HUES = _soft_bins(128 - _HUE_REACH, 128 + _HUE_REACH, _HUE_BINS)
_LIGHTS = _soft_bins(0.0, 255.0, _LIGHT_BINS)
_UNKNOWN = np.full(_HUE_BINS**2 + _LIGHT_BINS, np.nan, dtype=np.float32)


def _region(
    rgb: RgbPicture, box: Box, region: tuple[float, float, float, float]
) -> NDArray[np.float32]:
    high, wide = rgb.shape[:2]
    left, right = (box.left + part * box.width_px for part in region[:2])
    top, bottom = (box.top + part * box.height_px for part in region[2:])
    whole = (right - left) * (bottom - top)
    left, right = int(max(0.0, left)), int(min(float(wide), right))
    top, bottom = int(max(0.0, top)), int(min(float(high), bottom))
    shown = max(0, right - left) * max(0, bottom - top)
    if shown < max(4.0, _LEAST_SHOWN * whole):
        return _UNKNOWN
    small = cv2.resize(
        rgb[top:bottom, left:right], (_SIDE_PX, _SIDE_PX), interpolation=cv2.INTER_AREA
    )
    light, green_red, blue_yellow = cv2.cvtColor(small, cv2.COLOR_RGB2LAB).reshape(-1, 3).T
    hues = (_HUES[green_red].T @ _HUES[blue_yellow]).ravel()
    lights = _LIGHTS[light].sum(axis=0)
    shares = np.concatenate([_HUE_SHARE * hues, (1 - _HUE_SHARE) * lights]) / _SIDE_PX**2
    return np.asarray(np.sqrt(shares), dtype=np.float32)
