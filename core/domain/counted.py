"""Numbers as people read them: "1 picture", "1,234 pictures", "7 %"."""

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


def percent(fraction: float) -> str:
    """A fraction in [0, 1] as people read it: "7 %", and "0.4 %" under one."""
    return f"{fraction * 100:.1f} %" if 0 < fraction < 0.01 else f"{fraction * 100:.0f} %"


def times(ratio: float, digits: int = 1) -> str:
    """How many times as much: "1.8 times"; empty where it would read "1.0 times", which says
    nothing: say otherwise then that both are about alike.

    Args:
        ratio: 0 or more.
        digits: behind the point.
    """
    told = f"{ratio:,.{digits}f}"
    return "" if told == f"{1:.{digits}f}" else f"{told} times"


def interval_ends(low: float, high: float, written: str) -> str:
    """The ends of an interval: "[67.1, 70.2]".

    Args:
        low, high: as they are shown: times a hundred for percent and points.
        written: the format of each, such as ".1f" or "+.1f".
    """
    return f"[{low:{written}}, {high:{written}}]"
