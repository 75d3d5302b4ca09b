"""Canonical names of splits: the words that files and folders use for them, and their order."""

from __future__ import annotations

_SPLIT_WORDS = {
    "Training": ("train", "training"),
    "PublicTest": ("publictest", "public test", "public_test"),
    "PrivateTest": ("privatetest", "private test", "private_test"),
    "Validation": ("val", "valid", "validation", "dev"),
    "Test": ("test", "testing"),
}
_CANONICAL = {word: name for name, words in _SPLIT_WORDS.items() for word in words}

SPLIT_ORDER = (*_SPLIT_WORDS, "Held out")
"""The order in which splits are listed; others follow by name."""


def split_name(written: str) -> str:
    """The canonical name of a split, whatever the file calls it; unknown words stay, stripped."""
    stripped = written.strip()
    return _CANONICAL.get(stripped.lower(), stripped)


def is_split_word(written: str) -> bool:
    """Whether a folder of this name holds a split rather than a label."""
    return written.strip().lower() in _CANONICAL
