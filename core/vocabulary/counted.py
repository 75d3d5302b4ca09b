"""How many of something, in words: "1 picture", "1,234 pictures"."""

from __future__ import annotations


def counted(count: int, one: str, many: str = "") -> str:
    """A number with its noun, which follows it.

    Args:
        count: 0 or more.
        one: the noun alone, or with whatever else changes with it, such as "picture was".
        many: the same for any other number; empty adds an s.

    Example:
        >>> counted(1, "picture"), counted(1234, "picture was", "pictures were")
        ('1 picture', '1,234 pictures were')
    """
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"
