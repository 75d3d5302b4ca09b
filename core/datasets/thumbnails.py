"""Pictures of a dataset as a browser shows them."""

from __future__ import annotations

import base64

import cv2
import numpy as np
from numpy.typing import NDArray


def png(picture: NDArray[np.uint8]) -> bytes:
    """A grey picture, uint8 `(high, wide)`, as PNG."""
    return bytes(cv2.imencode(".png", picture)[1].tobytes())


def data_uri(picture: NDArray[np.uint8]) -> str:
    """The same as an address that holds the picture itself."""
    return "data:image/png;base64," + base64.b64encode(png(picture)).decode("ascii")
