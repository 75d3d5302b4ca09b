"""A browser's message with levels of its microphone. All of it is untrusted.

The README of the folder eye describes each entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from core.domain.plain_values import decode_json
from core.domain.sound_levels import HIGHEST_DB, LOWEST_DB

VERSION = 1
MAX_LEVELS = 600
MAX_AGE_MS = 310_000
"""How old a level may be when its message is made: the browser keeps five minutes."""

_MAX_COUNT = 1 << 53  # the largest whole number that a browser's arithmetic keeps
_MAX_TIME_S = 1e12


@dataclass(frozen=True)
class LevelMessage:
    """One message.

    Attributes:
        sequence: its number, from 0.
        client_s: when it was made, by the browser's monotonic clock.
        levels: of consecutive tenths of a second, the oldest first: milliseconds from the middle of
            the tenth to `client_s`, and dBFS.
    """

    version: int
    sequence: int
    client_s: float
    levels: tuple[tuple[int, float], ...]

    def __post_init__(self) -> None:
        _expect(self.version == VERSION, f"version is not {VERSION}")
        _expect(0 <= self.sequence <= _MAX_COUNT, "sequence is below 0, or too large")
        _expect(0 <= self.client_s <= _MAX_TIME_S, "client_s is below 0, or too large")
        _expect(len(self.levels) <= MAX_LEVELS, f"more than {MAX_LEVELS} levels")
        ages, levels_db = [age for age, _ in self.levels], [level for _, level in self.levels]
        _expect(all(0 <= age <= MAX_AGE_MS for age in ages), "a level is too old, or not measured")
        _expect(all(one > two for one, two in pairwise(ages)), "levels are not in time order")
        in_range = all(LOWEST_DB <= one <= HIGHEST_DB for one in levels_db)
        _expect(in_range, f"a level is not in [{LOWEST_DB:g}, {HIGHEST_DB:g}]")

    def measured_s(self, place: int) -> float:
        """When a level was measured, by the browser's clock."""
        return self.client_s - self.levels[place][0] / 1000


def level_message_from(body: bytes) -> LevelMessage:
    """The message of a request's body.

    Raises:
        ValueError: it is none; says where.
    """
    return decode_json(LevelMessage, body)


def _expect(holds: bool, otherwise: str) -> None:
    if not holds:
        raise ValueError(otherwise)
