"""Pictures of a dataset as a browser shows them."""

from __future__ import annotations

import base64

import cv2
import numpy as np
from numpy.typing import NDArray


def png(picture: NDArray[np.uint8]) -> bytes:
    """A picture, grey uint8 `(high, wide)` or RGB `(high, wide, 3)`, as PNG."""
    if picture.ndim == 3:
        picture = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), dtype=np.uint8)
    return bytes(cv2.imencode(".png", picture)[1].tobytes())


def data_uri(picture: NDArray[np.uint8]) -> str:
    """The same as an address that holds the picture itself."""
    return "data:image/png;base64," + base64.b64encode(png(picture)).decode("ascii")
