"""Readable ids, and names and sizes formatted for people."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from unicodedata import normalize

import numpy as np

from core.domain.counted import interval_ends, tenths
from core.domain.intervals import Interval

_ADJECTIVES = (
    "amber brave brisk calm clear clever cosy eager early fair fond gentle glad golden keen kind "
    "light lively lucky mellow merry mild neat noble patient plain proud quick quiet ready "
    "rosy silver smooth snug soft steady still sunny swift tidy warm wise"
)
_ANIMALS = (
    "badger bear beaver bison crane crow deer dove duck eagle falcon ferret finch fox goose hare "
    "hawk heron ibis jay kite lark lynx marten mole moose otter owl panda plover puffin quail "
    "raven robin seal sparrow stork swan tern toad trout vole wren"
)
_ANIMAL_AT = 5  # after year, month, day, time and adjective
_SURROGATES = re.compile("[\ud800-\udfff]")  # Python's "surrogateescape" for undecodable bytes
_DIGEST_LENGTH = 8


def new_id(now: datetime, rng: np.random.Generator) -> str:
    """A sortable name such as `2026-11-21-0136-calm-otter`.

    Args:
        now: aware; the name gives it in UTC, to the minute.
        rng: chooses among some 1,900 pairs of words.
    Raises:
        ValueError: `now` has no time zone.
    """
    offset = now.utcoffset()
    if offset is None:
        raise ValueError("a name needs a time with a time zone")
    utc = (now - offset).replace(tzinfo=None)
    adjective, animal = rng.choice(_ADJECTIVES.split()), rng.choice(_ANIMALS.split())
    return f"{utc:%Y-%m-%d-%H%M}-{adjective}-{animal}"


def new_session_id(now: datetime, rng: np.random.Generator) -> str:
    """As `new_id`, with more randomness: many people may start a session in the same minute."""
    return f"{new_id(now, rng)}-{rng.integers(1 << 16):04x}"


def words_of_id(some_id: str) -> str:
    """The words of an id of `new_id`, `calm otter`; any other id unchanged."""
    parts = some_id.split("-")
    known = len(parts) > _ANIMAL_AT and parts[_ANIMAL_AT] in _ANIMALS.split()
    return " ".join(parts[_ANIMAL_AT - 1 : _ANIMAL_AT + 1]) if known else some_id


def cut_with_digest(start: str, name: str, *, most: int) -> str:
    """A name cut to a length, with a digest of all of it appended, so that it stays unique.

    Args:
        start: its readable part, as a file's name.
        name: all of it.
        most: maximum length of the result.
    """
    digest = sha256(name.encode()).hexdigest()[:_DIGEST_LENGTH]
    return f"{start[: most - _DIGEST_LENGTH - 1].strip('-')}-{digest}"


def printable_name(name: str) -> str:
    """A file's name that can be stored and shown: undecodable bytes become "\ufffd"."""
    return _SURROGATES.sub("\ufffd", name)


def nfc(text: str) -> str:
    """A label in Unicode normal form C, in which labels are compared.

    An accented letter can be one character or two: macOS names files with two.
    """
    return normalize("NFC", text)


def shortened(text: str, *, longest: int = 160) -> str:
    """A path or a word that fits into a sentence: of a long one the beginning and the end."""
    half = longest // 2
    return text if len(text) <= longest else f"{text[:half]} … {text[-half:]}"


def number_repeats(names: Sequence[str]) -> tuple[str, ...]:
    """Names in order; those that several share are numbered: "clip.mp4 (1 of 2)"."""
    count, seen = Counter(names), Counter[str]()
    numbered = []
    for name in names:
        seen[name] += 1
        numbered.append(f"{name} ({seen[name]} of {count[name]})" if count[name] > 1 else name)
    return tuple(numbered)


def utc_moment(text: str) -> str:
    """A stored time as it is written everywhere: "21 Nov 2026, 12:00 UTC".

    Args:
        text: ISO 8601, UTC where it names no zone; what is no time stays as it is.
    """
    try:
        moment = datetime.fromisoformat(text)
        utc = moment.astimezone(UTC) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        return text
    return f"{utc:%d %b %Y, %H:%M} UTC"


def exactly(found: Interval) -> str:
    """A share with its interval, to tenths of a percent."""
    return f"{tenths(found.value)} {percent_ends(found)}"


def points_of(found: Interval, written: str = ".1f") -> str:
    """A difference of shares in percentage points with its interval.

    Args:
        written: the format of each number, such as ".1f" or "+.2f".
    """
    return f"{found.value * 100:{written}} points {percent_ends(found, written)}"


def listed(names: Sequence[str], joined: str = "and") -> str:
    """Names in a row: "a", "a and b", "a, b and c"; nothing for none."""
    *others, last = names or ("",)
    return f"{', '.join(others)} {joined} {last}" if others else last


def p_value(p: float) -> str:
    """A p-value in a table's cell: "0.030", "< 0.001"."""
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def p_equals(p: float) -> str:
    """A p-value in a sentence: "p = 0.030", "p < 0.001"."""
    written = p_value(p)
    return f"p {written}" if written.startswith("<") else f"p = {written}"


def points(change: Interval) -> str:
    """A change of accuracy in points of a hundred, with its interval."""
    return f"{change.value * 100:+.2f} {percent_ends(change, '+.2f')}"


def percent_ends(found: Interval, written: str = ".1f") -> str:
    """The ends of a share's or a difference's interval, times a hundred: "[67.1, 70.2]".

    Args:
        written: the format of each, such as ".1f" or "+.1f".
    """
    return interval_ends(found.low * 100, found.high * 100, written)


def size(size_bytes: int) -> str:
    """A file's size for people, in units of 10^9, 10^6 or 10^3 bytes."""
    if size_bytes >= 1e9:
        return f"{size_bytes / 1e9:.1f} GB"
    if size_bytes >= 100_000:
        return f"{size_bytes / 1e6:.1f} MB"
    return f"{size_bytes / 1e3:.0f} kB" if size_bytes >= 1000 else f"{size_bytes} bytes"
