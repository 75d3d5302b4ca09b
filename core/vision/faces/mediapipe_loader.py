"""Loads MediaPipe without TensorFlow, and closes its objects on a thread of their own.

Garbage collection may run at any point, also while the thread holds a lock that closing needs:
MediaPipe closes itself by `ThreadPoolExecutor.submit`, and a collection inside another `submit`
deadlocked. So collection only queues what is to be closed; `SimpleQueue.put` is reentrant, as its
documentation says.
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
_to_close: SimpleQueue[Callable[[], object]] = SimpleQueue()


class Closing:
    """Closes a native object once: on `now`, or some time after its owner is collected.

    Not at exit: the threads that closing may need have ended by then.

    Args:
        owner: the object whose collection closes it.
        close: frees the owner's native memory; must not refer to the owner.
    """

    def __init__(self, owner: object, close: Callable[[], object]) -> None:
        _start_closing_thread()
        self._close = close
        self._finalizer = weakref.finalize(owner, _to_close.put, close)
        self._finalizer.atexit = False

    def now(self) -> None:
        """Close, unless it is closed already."""
        if self._finalizer.detach() is not None:
            self._close()


@cache
def _start_closing_thread() -> None:
    """Start the closing thread, once per process."""
    Thread(target=_close_queued, name="close native objects", daemon=True).start()


def _close_queued() -> None:
    while True:
        close = _to_close.get()
        try:
            close()
        except Exception:  # noqa: BLE001 - the next one still has to be closed
            _log.warning("a native object could not be closed", exc_info=True)
        del close  # or the last one would stay referenced until the next


def load_mediapipe() -> Any:
    """Import MediaPipe's vision tasks; TensorFlow stays out of this process.

    `import mediapipe` imports TensorFlow when it is installed, only to decorate its documentation.
    Beside a camera stream that costs most of the frame rate and about 400 MB. During the import
    TensorFlow appears not to be installed, which MediaPipe supports; afterwards it can be imported.
    """
    if "mediapipe" not in sys.modules:
        # On a thread of its own: MediaPipe keeps the traceback of the failed import, and with it
        # every local variable of the importing thread.
        with ThreadPoolExecutor(max_workers=1) as alone:
            alone.submit(_import_first).result()
    return _import()


def _import_first() -> None:
    name = "tensorflow"
    if name in sys.modules:  # a training process has imported it already
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
