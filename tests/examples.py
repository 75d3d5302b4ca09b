"""How many examples a property test draws, where the usual number is too many or too few for it."""

from __future__ import annotations

from hypothesis import settings

USUALLY = 30
THOROUGH, TIMES_AS_MANY = "thorough", 10


def examples(count: int) -> settings:
    """So many of them, and never more than the usual number unless all are asked for.

    With `make test-thorough`, ten times as many: a number written beside a test would otherwise be
    taken instead of the profile's, and the thorough check would be no more thorough than the usual.
    """
    if all_are_asked_for():
        return settings(max_examples=TIMES_AS_MANY * count)
    return settings(max_examples=min(count, USUALLY))


def all_are_asked_for() -> bool:
    """Whether this is the thorough check."""
    return settings.get_current_profile_name() == THOROUGH
