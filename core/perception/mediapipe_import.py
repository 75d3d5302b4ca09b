"""MediaPipe without TensorFlow."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def load_mediapipe() -> Any:
    """Import MediaPipe's vision tasks; TensorFlow stays out of this process.

    `import mediapipe` imports TensorFlow when it is installed, only to decorate its documentation.
    Beside a camera stream that costs most of the frame rate and about 400 MB. For the time of the
    import TensorFlow is made to look absent (MediaPipe provides for that); afterwards anybody who
    wants it may still import it.
    """
    if "mediapipe" not in sys.modules:
        # On a thread of its own: MediaPipe keeps the traceback of what it could not import, and
        # with it, for good, everything that whoever imports it first has in hand.
        with ThreadPoolExecutor(max_workers=1) as alone:
            alone.submit(_import_first).result()
    return _import()


def _import_first() -> None:
    name = "tensorflow"
    if name in sys.modules:  # a training process: nothing to keep out any more
        _import()
        return
    # Documented by Python: None here makes the import raise ModuleNotFoundError.
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        _import()
    finally:
        del sys.modules[name]


def _import() -> Any:
    import mediapipe

    return mediapipe
