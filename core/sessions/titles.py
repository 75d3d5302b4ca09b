"""Titles of sessions, distinct in lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from core.domain import Session
from core.domain.errors import PlanError
from core.domain.wording import shortened, words_of_id

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


def default_title(session_id: str, when: str) -> str:
    """The default title of a session: `21 Nov 2026, 13:36 · calm otter`.

    Args:
        when: day and time, in the visitor's format.
    """
    return f"{when} · {words_of_id(session_id)}"


def distinct_titles(sessions: Sequence[Session]) -> tuple[str, ...]:
    """Titles of sessions, in order; equal ones are followed by the words of their ids."""
    plain = [one.title for one in sessions]
    with_words = _made_distinct(plain, [words_of_id(one.id) for one in sessions])
    return tuple(_made_distinct(with_words, [one.id for one in sessions]))


def _made_distinct(titles: Sequence[str], words: Sequence[str]) -> list[str]:
    count = Counter(titles)
    return [
        f"{title} ({more})" if count[title] > 1 else title
        for title, more in zip(titles, words, strict=True)
    ]
