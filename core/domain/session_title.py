"""How long the title of a session may be."""

from __future__ import annotations

from core.domain.errors import PlanError
from core.domain.wording import shortened

MAX_TITLE_LENGTH = 80
"""Characters of a typed title: lists cut off more."""


def expect_title(title: str) -> None:
    """Check the length of a title; the fields on the pages limit it too.

    Raises:
        PlanError: it is longer than `MAX_TITLE_LENGTH`.
    """
    if len(title) > MAX_TITLE_LENGTH:
        raise PlanError(
            f"A title of {len(title):,} characters is too long: {shortened(title, longest=40)}.",
            advice=f"Write {MAX_TITLE_LENGTH} at most.",
        )


def title_limit(title: str) -> int:
    """Limit of a field for editing a title, which may be longer already."""
    return max(MAX_TITLE_LENGTH, len(title))
