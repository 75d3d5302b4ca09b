"""Numbers formatted for people: "1 picture", "1,234 pictures", "7 %"."""

from __future__ import annotations


def counted(count: int, one: str, many: str = "") -> str:
    """A number with its noun, singular or plural.

    Args:
        count: 0 or more.
        one: singular of the noun, or of noun and verb, such as "picture was".
        many: plural; empty adds an s.

    Example:
        >>> counted(1, "picture"), counted(1234, "picture was", "pictures were")
        ('1 picture', '1,234 pictures were')
    """
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def percent(fraction: float) -> str:
    """A fraction in [0, 1] as percent: "7 %", "0.4 %" under one, and never "0.0 %"."""
    if 0 < fraction < 0.0005:
        return "< 0.1 %"
    # Above 0.95 %, one decimal reads "1.0", beside the "1 %" of what is a little more.
    return f"{fraction * 100:.1f} %" if 0 < fraction <= 0.0095 else f"{fraction * 100:.0f} %"


def tenths(fraction: float) -> str:
    """A fraction in [0, 1] in tenths of a percent: "68.7 %"."""
    return f"{fraction * 100:.1f} %"


def hundredths(fraction: float) -> str:
    """A fraction in [0, 1] in hundredths of a percent: "0.42 %"."""
    return f"{fraction * 100:.2f} %"


def times(ratio: float, digits: int = 1) -> str:
    """A ratio as text: "1.8 times"; empty where it would read "1.0 times", so that the caller says
    instead that both are about equal.

    Args:
        ratio: 0 or more.
        digits: decimals.
    """
    number = f"{ratio:,.{digits}f}"
    return "" if number == f"{1:.{digits}f}" else f"{number} times"


def interval_ends(low: float, high: float, written: str) -> str:
    """The ends of an interval: "[67.1, 70.2]".

    Args:
        low, high: as shown: times a hundred for percent and points.
        written: format specification of each, such as ".1f" or "+.1f".
    """
    return f"[{low:{written}}, {high:{written}}]"
