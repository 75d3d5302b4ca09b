"""What sessions are called, so that no two look the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from core.domain import Session
from core.domain.errors import PlanError
from core.domain.wording import shortened, words_of_id

LONGEST_TITLE = 80
"""Characters of a title that is typed: more is cut off in every list."""


def expect_title(title: str) -> None:
    """Before a session is called so by a command; fields on the pages take no more either.

    Raises:
        PlanError: it is longer than `LONGEST_TITLE`.
    """
    if len(title) > LONGEST_TITLE:
        raise PlanError(
            f"A title of {len(title):,} characters is too long: {shortened(title, longest=40)}.",
            advice=f"Write {LONGEST_TITLE} at most.",
        )


def title_room(title: str) -> int:
    """Characters that a field for another title takes; one that is longer already can be edited."""
    return max(LONGEST_TITLE, len(title))


def default_title(session_id: str, when: str) -> str:
    """The title of a session that nobody named: `21 Nov 2026, 13:36 · calm otter`.

    Args:
        when: day and time, as the visitor reads them.
    """
    return f"{when} · {words_of_id(session_id)}"


def distinct_titles(sessions: Sequence[Session]) -> tuple[str, ...]:
    """Their titles, in order; those that share one have the words of their ids behind it."""
    plain = [one.title for one in sessions]
    with_words = _told_apart(plain, [words_of_id(one.id) for one in sessions])
    return tuple(_told_apart(with_words, [one.id for one in sessions]))


def _told_apart(titles: Sequence[str], words: Sequence[str]) -> list[str]:
    count = Counter(titles)
    return [
        f"{title} ({more})" if count[title] > 1 else title
        for title, more in zip(titles, words, strict=True)
    ]
