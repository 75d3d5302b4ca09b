"""The order of one session's messages: each is taken once, and none before its turn."""

from __future__ import annotations

from collections import OrderedDict
from enum import Enum, auto
from hashlib import blake2b

_REMEMBERED = 64
"""Digests of the newest messages that are kept, beside the first one's."""


class Turn(Enum):
    """Whether it is a message's turn."""

    NOW = auto()
    """It is the next one."""
    AGAIN = auto()
    """It was taken before."""
    EARLY = auto()
    """One before it is missing: it has to be sent again after that one."""
    OTHER_WRITER = auto()
    """Another message had its number: somebody else writes with the same token."""


class MessageOrder:
    """Decides the turn of each message.

    A sender numbers messages from 0 and sends one after the other, so one that is early waits at
    the sender. A message that is sent again, because the answer was lost, has the same bytes; a
    second writer, as a duplicated tab, begins at 0 with other bytes.
    """

    def __init__(self) -> None:
        self.next_number = 0
        self._first = b""
        self._digests: OrderedDict[int, bytes] = OrderedDict()

    def turn(self, number: int, body: bytes) -> Turn:
        """Whether it is this message's turn."""
        if number == self.next_number:
            return Turn.NOW
        if number > self.next_number:
            return Turn.EARLY
        known = self._first if number == 0 else self._digests.get(number)
        # An old one whose digest is forgotten can only be one that lost its way.
        return Turn.AGAIN if known in {None, _digest(body)} else Turn.OTHER_WRITER

    def advance(self, body: bytes) -> None:
        """Register that the next message was taken."""
        digest = _digest(body)
        if self.next_number == 0:
            self._first = digest
        self._digests[self.next_number] = digest
        while len(self._digests) > _REMEMBERED:
            self._digests.popitem(last=False)
        self.next_number += 1


def _digest(body: bytes) -> bytes:
    return blake2b(body, digest_size=16).digest()
