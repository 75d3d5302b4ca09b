"""Titles of sessions, distinct in lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from core.domain import Session
from core.domain.wording import words_of_id


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
