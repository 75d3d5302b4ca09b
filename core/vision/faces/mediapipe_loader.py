"""MediaPipe without TensorFlow, closed when it is collected, on a thread of its own.

The collector may run in the middle of anything, also while this very thread holds a lock that
closing needs: MediaPipe closes itself by `ThreadPoolExecutor.submit`, and a collection inside
another `submit` waited for itself forever. So the collector only writes down what is to be closed;
`SimpleQueue.put` may be called from it (the library's documentation says so).
"""

from __future__ import annotations

import logging
import sys
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from queue import SimpleQueue
from threading import Thread
from typing import Any

_log = logging.getLogger(__name__)
_forgotten: SimpleQueue[Callable[[], object]] = SimpleQueue()


class Closing:
    """Closes something once: when it is told to, or some time after its owner is collected.

    Not at exit: the threads that closing may need are gone by then.

    Args:
        owner: whose end is waited for.
        close: frees what the owner held; must not refer to the owner.
    """

    def __init__(self, owner: object, close: Callable[[], object]) -> None:
        _listen()
        self._close = close
        self._waiting = weakref.finalize(owner, _forgotten.put, close)
        self._waiting.atexit = False

    def now(self) -> None:
        """Close, unless it is closed already."""
        if self._waiting.detach() is not None:
            self._close()


@cache
def _listen() -> None:
    """Start the thread that closes; once in a process."""
    Thread(target=_close_forgotten, name="close what was forgotten", daemon=True).start()


def _close_forgotten() -> None:
    while True:
        close = _forgotten.get()
        try:
            close()
        except Exception:  # noqa: BLE001 - whatever it is, the next one still has to be closed
            _log.warning("something forgotten could not be closed", exc_info=True)
        del close  # or the last one would be kept until the next


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
