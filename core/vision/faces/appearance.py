"""Appearance of a face for tracking: colours of hair, face and clothes. No biometric template: it
distinguishes the people of one session and does not identify anyone.
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
_MIN_VISIBLE = 0.4  # of a region's area in the picture; otherwise it is left out
_HUE_BINS, _LIGHT_BINS = 7, 5
_HUE_RANGE = 28.0  # of Lab's a and b; skin and clothes are seldom beyond
_HUE_WEIGHT = 0.7  # of the similarity; lightness changes when heads turn, hues hardly


def appearance_of(rgb: RgbPicture, box: Box) -> Appearance:
    """Soft histograms in CIELAB of three regions, float32 `(3, bins)`; each row has length 1, or is
    NaN where the region is not in the picture.

    Args:
        rgb: uint8, `(height, width, 3)`.
        box: of the face, in pixels.
    """
    return np.stack([_region(rgb, box, region) for region in _REGIONS]).astype(np.float32)


def appearance_distance(one: Appearance, other: Appearance) -> float | None:
    """0 for the same colours, 1 for none in common: 1 minus the mean Bhattacharyya coefficient over
    the regions known of both; None where there are none.
    """
    similarity = (one * other).sum(axis=1)
    known = similarity[~np.isnan(similarity)]
    return float(np.clip(1.0 - known.mean(), 0.0, 1.0)) if len(known) else None


def blended(known: Appearance, new: Appearance, *, weight: float) -> Appearance:
    """The running average of an appearance.

    Args:
        weight: of what was known, in [0, 1].
    """
    mixed = weight * known + (1.0 - weight) * new
    mixed = np.where(np.isnan(new), known, np.where(np.isnan(known), new, mixed))
    length = np.sqrt((mixed * mixed).sum(axis=1, keepdims=True))
    return np.asarray(mixed / np.maximum(length, 1e-6), dtype=np.float32)


def _soft_bins(low: float, high: float, bins: int) -> NDArray[np.float32]:
    """Weights of each bin for each of 256 levels: the two nearest share it, against noise."""
    position = np.clip((np.arange(256) - low) / (high - low) * (bins - 1), 0, bins - 1)
    shares = np.maximum(0.0, 1.0 - np.abs(position[:, None] - np.arange(bins)))
    return np.asarray(shares, dtype=np.float32)


_HUES = _soft_bins(128 - _HUE_RANGE, 128 + _HUE_RANGE, _HUE_BINS)
_LIGHTS = _soft_bins(0.0, 255.0, _LIGHT_BINS)
_UNKNOWN = np.full(_HUE_BINS**2 + _LIGHT_BINS, np.nan, dtype=np.float32)


def _region(
    rgb: RgbPicture, box: Box, region: tuple[float, float, float, float]
) -> NDArray[np.float32]:
    high, wide = rgb.shape[:2]
    left, right = (box.left + part * box.width_px for part in region[:2])
    top, bottom = (box.top + part * box.height_px for part in region[2:])
    area = (right - left) * (bottom - top)
    left, right = int(max(0.0, left)), int(min(float(wide), right))
    top, bottom = int(max(0.0, top)), int(min(float(high), bottom))
    visible = max(0, right - left) * max(0, bottom - top)
    if visible < max(4.0, _MIN_VISIBLE * area):
        return _UNKNOWN
    small = cv2.resize(
        rgb[top:bottom, left:right], (_SIDE_PX, _SIDE_PX), interpolation=cv2.INTER_AREA
    )
    light, green_red, blue_yellow = cv2.cvtColor(small, cv2.COLOR_RGB2LAB).reshape(-1, 3).T
    hues = (_HUES[green_red].T @ _HUES[blue_yellow]).ravel()
    lights = _LIGHTS[light].sum(axis=0)
    shares = np.concatenate([_HUE_WEIGHT * hues, (1 - _HUE_WEIGHT) * lights]) / _SIDE_PX**2
    return np.asarray(np.sqrt(shares), dtype=np.float32)
