"""Sample pictures and maps of a report as small PNG files."""

from __future__ import annotations

import base64
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from core.domain import Dataset

# Distinguishable with colour blindness, and of similar lightness, on light and dark backgrounds.
ABOVE_RGB = (204, 102, 24)
BELOW_RGB = (42, 116, 200)

_SHEET_ROW_PX = 72
_SHEET_WORDS_PX = 150
_SHEET_GAP_PX = 6
_PAPER, _INK = 250, (40, 40, 40)


@dataclass(frozen=True, eq=False)
class SampleSheet:
    """Random pictures of each class; it shows people, so a report has it only on request.

    Attributes:
        rows: label -> uint8, shape `(size, count * size)`: its pictures side by side; classes
            without pictures are not in it.
        size_px: side of one picture.
        source: the split of the pictures; empty for all.
    """

    rows: dict[str, NDArray[np.uint8]]
    size_px: int
    source: str

    def png(self) -> bytes:
        """All rows as one picture, with their labels on the left."""
        if not self.rows:
            return _png(np.full((_SHEET_ROW_PX, _SHEET_WORDS_PX), _PAPER, dtype=np.uint8))
        widest = max(row.shape[1] for row in self.rows.values())
        width_px = _SHEET_WORDS_PX + round(widest * _SHEET_ROW_PX / self.size_px) + _SHEET_GAP_PX
        bands = [self._band(label, row, width_px) for label, row in self.rows.items()]
        return _png(np.concatenate(bands))

    def _band(self, label: str, row: NDArray[np.uint8], width_px: int) -> NDArray[np.uint8]:
        band = np.full((_SHEET_ROW_PX + _SHEET_GAP_PX, width_px, 3), _PAPER, dtype=np.uint8)
        # OpenCV's TrueType font, which supports all scripts, unlike its stroke fonts.
        at = (_SHEET_GAP_PX * 2, _SHEET_ROW_PX // 2 + 6)
        cv2.putText(band, label, at, _INK, cv2.FontFace("sans"), 18, 400)
        # The pictures are drawn second, over the end of a long label.
        long_px = round(row.shape[1] * _SHEET_ROW_PX / self.size_px)
        large = cv2.resize(row, (long_px, _SHEET_ROW_PX), interpolation=cv2.INTER_AREA)
        band[:_SHEET_ROW_PX, _SHEET_WORDS_PX : _SHEET_WORDS_PX + long_px] = large[..., None]
        return band


def sample_sheet(dataset: Dataset, *, per_class: int = 12, seed: int) -> SampleSheet:
    """Random pictures of each class.

    Where the dataset has a protocol they are from the training split, as the test split should not
    be inspected.

    Args:
        seed: same seed, same pictures.
    """
    rng = np.random.default_rng(seed)
    source = dataset.protocol.train if dataset.protocol is not None else ""
    candidates = dataset.positions(source) if source else np.arange(len(dataset))
    rows = {}
    for number, label in enumerate(dataset.scheme.labels):
        of_class = candidates[dataset.pictures.labels[candidates] == number]
        if len(of_class):
            chosen = np.sort(
                rng.choice(of_class, size=min(per_class, len(of_class)), replace=False)
            )
            rows[label] = np.concatenate(list(dataset.pictures.pixels[chosen]), axis=1)
    return SampleSheet(rows, dataset.pictures.size_px, source)


def grey_png(values: NDArray[np.float32], *, low: float, high: float) -> bytes:
    """A map in grey: black at `low` and under, white at `high` and over."""
    share = (values.astype(np.float64) - low) / max(high - low, 1e-9)
    return _png(np.round(np.clip(share, 0, 1) * 255).astype(np.uint8))


def signed_png(values: NDArray[np.float32], *, limit: float) -> bytes:
    """A diverging map: transparent at 0, full colour at `limit` and beyond.

    Transparency makes it readable on light and dark backgrounds.
    """
    share = np.clip(values.astype(np.float64) / max(limit, 1e-9), -1, 1)
    colour = np.where(share[..., None] > 0, ABOVE_RGB, BELOW_RGB)
    bgra = np.concatenate([colour[..., ::-1], np.abs(share)[..., None] * 255], axis=-1)
    return _png(np.round(bgra).astype(np.uint8))


def _png(picture: NDArray[np.uint8]) -> bytes:
    _, encoded = cv2.imencode(".png", picture)
    return bytes(encoded)


def png(picture: NDArray[np.uint8]) -> bytes:
    """A picture, grey uint8 `(high, wide)` or RGB `(high, wide, 3)`, as PNG."""
    if picture.ndim == 3:
        picture = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), dtype=np.uint8)
    return _png(picture)


def data_uri(picture: NDArray[np.uint8]) -> str:
    """The picture as a data URI of a PNG."""
    return inline_png(png(picture))


def inline_png(content: bytes) -> str:
    """The data URI of a PNG file."""
    return f"data:image/png;base64,{base64.b64encode(content).decode('ascii')}"
