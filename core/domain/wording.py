"""Names people can say for things that are made all day, and names that are cut to a length."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from unicodedata import normalize

import numpy as np

from core.domain.counted import interval_ends
from core.domain.evaluation_report import Interval

_MANNERS = (
    "amber brave brisk calm clear clever cosy eager early fair fond gentle glad golden keen kind "
    "light lively lucky mellow merry mild neat noble patient plain proud quick quiet ready "
    "rosy silver smooth snug soft steady still sunny swift tidy warm wise"
)
_ANIMALS = (
    "badger bear beaver bison crane crow deer dove duck eagle falcon ferret finch fox goose hare "
    "hawk heron ibis jay kite lark lynx marten mole moose otter owl panda plover puffin quail "
    "raven robin seal sparrow stork swan tern toad trout vole wren"
)
_ANIMAL_AT = 5  # after year, month, day, time and manner
_NO_TEXT = re.compile("[\ud800-\udfff]")  # how Python keeps such bytes of a name
_OWN = 8  # letters of a digest


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
    manner, animal = rng.choice(_MANNERS.split()), rng.choice(_ANIMALS.split())
    return f"{utc:%Y-%m-%d-%H%M}-{manner}-{animal}"


def new_session_id(now: datetime, rng: np.random.Generator) -> str:
    """As `new_id`, for what a whole class begins in the same minute, unseen by one another."""
    return f"{new_id(now, rng)}-{rng.integers(1 << 16):04x}"


def spoken(made_id: str) -> str:
    """The words of a name made here, `calm otter`; another name as it is."""
    parts = made_id.split("-")
    known = len(parts) > _ANIMAL_AT and parts[_ANIMAL_AT] in _ANIMALS.split()
    return " ".join(parts[_ANIMAL_AT - 1 : _ANIMAL_AT + 1]) if known else made_id


def cut_apart(plain: str, whole: str, *, most: int) -> str:
    """The beginning of a name, with a digest behind it that keeps different wholes apart.

    Args:
        plain: what can be read of it, as a file's name.
        whole: all of it.
        most: characters of the answer.
    """
    own = sha256(whole.encode()).hexdigest()[:_OWN]
    return f"{plain[: most - _OWN - 1].strip('-')}-{own}"


def readable(name: str) -> str:
    """A file's name as it can be stored and shown: bytes that are no text become "\ufffd"."""
    return _NO_TEXT.sub("\ufffd", name)


def composed(text: str) -> str:
    """A label in the one spelling in which it is compared: Unicode's NFC.

    An accented letter is one character or two, and looks the same: macOS names files with two.
    """
    return normalize("NFC", text)


def shortened(text: str, *, longest: int = 160) -> str:
    """A path or a word as a sentence can hold it: of a long one the beginning and the end."""
    half = longest // 2
    return text if len(text) <= longest else f"{text[:half]} … {text[-half:]}"


def told_apart(names: Sequence[str]) -> tuple[str, ...]:
    """Names in order; those that several share are numbered: "clip.mp4 (1 of 2)"."""
    count, met = Counter(names), Counter[str]()
    told = []
    for name in names:
        met[name] += 1
        told.append(f"{name} ({met[name]} of {count[name]})" if count[name] > 1 else name)
    return tuple(told)


def percent(found: Interval) -> str:
    """A share to whole percent."""
    return f"{found.value * 100:.0f} %"


def exactly(found: Interval) -> str:
    """A share with its interval, to tenths of a percent."""
    return f"{found.value * 100:.1f} % {percent_ends(found)}"


def points_of(found: Interval) -> str:
    """A difference of shares in percentage points with its interval."""
    return f"{found.value * 100:.1f} points {percent_ends(found)}"


def p_words(p: float) -> str:
    """A p-value as people write it."""
    return "< 0.001" if p < 0.001 else f"= {p:.2g}"


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
