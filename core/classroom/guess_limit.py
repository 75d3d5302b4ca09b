"""Limits how often wrong codes of classes are tried."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from core.classroom.codes import code_from
from core.classroom.store.classrooms import classroom_of_code
from core.domain.classroom import Classroom
from core.domain.errors import ClassroomRefusal
from core.eye import RateLimit
from core.sessions import SessionStore

_ADDRESS_PER_S, _ADDRESS_BURST = 0.1, 30.0
"""A school is often one address: a class mistypes now and then, and all at once."""

_ALL_PER_S, _ALL_BURST = 0.5, 120.0
_MOST_ADDRESSES = 4096


class GuessLimit:
    """Wrong codes by address, and of all together, in this process. Codes of open classes are not
    counted, and links are not asked for here.

    May be shared by any number of threads.

    Args:
        clock: monotonic, seconds.
    """

    def __init__(self, *, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._all = RateLimit(per_second=_ALL_PER_S, burst=_ALL_BURST)
        self._of_address: OrderedDict[str, RateLimit] = OrderedDict()

    def find(self, store: SessionStore, typed: str, *, address: str) -> Classroom | None:
        """The open class of a code as it was typed; None where there is none.

        Args:
            typed: untrusted.
            address: of the visitor; all without one share a limit.
        Raises:
            ClassroomRefusal: too many wrong codes were tried.
            StoreError: the class, or the database, cannot be read.
        """
        code = code_from(typed)
        if code is None:  # no guess: no class has it
            return None
        # Counted before it is looked up: a hundred that are tried at once are a hundred.
        limits = self._take(address)
        found = None
        try:
            found = classroom_of_code(store, code)
        finally:
            if found is not None:
                with self._lock:
                    for one in limits:
                        one.take(-1.0)
        return found

    def _take(self, address: str) -> tuple[RateLimit, RateLimit]:
        with self._lock:
            limits = self._all, self._limit_of(address)
            now_s = self._clock()
            wait_s = max(one.wait_s(1.0, now_s) for one in limits)
            if wait_s > 0:
                raise ClassroomRefusal(
                    "Too many codes were wrong.",
                    advice=f"Try again in {math.ceil(wait_s)} s, or use the link or the QR code.",
                )
            for one in limits:
                one.take(1.0)
            return limits

    def _limit_of(self, address: str) -> RateLimit:
        limit = self._of_address.pop(address, None)
        self._of_address[address] = limit = limit or RateLimit(
            per_second=_ADDRESS_PER_S, burst=_ADDRESS_BURST
        )
        if len(self._of_address) > _MOST_ADDRESSES:
            self._of_address.popitem(last=False)  # heard of least recently
        return limit
