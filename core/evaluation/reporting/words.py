"""Numbers as a report writes them."""

from __future__ import annotations

from core.domain import Interval
from core.domain.counted import interval_ends


def percent(fraction: float) -> str:
    """A fraction with one decimal: "68.7 %"."""
    return f"{fraction * 100:.1f} %"


def share(found: Interval | None) -> str:
    """A fraction with its interval: "68.7 % [67.1, 70.2]"; a dash where there is none."""
    if found is None:
        return "-"
    return f"{percent(found.value)} {interval_ends(found.low * 100, found.high * 100, '.1f')}"


def figure(found: Interval | None) -> str:
    """A number that is no share, with its interval: "0.667 [0.642, 0.690]"."""
    if found is None:
        return "-"
    return f"{found.value:.3f} {interval_ends(found.low, found.high, '.3f')}"


def million(count: float | None) -> str:
    """A large number: "1.48 million"; a dash where nobody counted."""
    if count is None:
        return "-"
    return f"{count / 1e6:.3g} million" if count >= 1e5 else f"{count:,.0f}"


def entry(value: object) -> str:
    """A value of a recipe: numbers without their noise."""
    return f"{value:g}" if isinstance(value, float) else str(value)
