"""A page that draws what people look back on, as the practice page does."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def _history() -> None:
    from pages.parts.practice.progress import draw_progress

    draw_progress("Ana")


def _first_review() -> None:
    from core.practice import attempts_of, practices
    from pages.parts.practice.review import draw_review
    from pages.parts.sessions.cached import store

    practice = practices(store())[0]
    draw_review(practice, attempts_of(store(), practice.id)[0])


def history() -> AppTest:
    """The practices of Ana."""
    return AppTest.from_function(_history, default_timeout=60)


def first_review() -> AppTest:
    """The review of the first try of the newest practice."""
    return AppTest.from_function(_first_review, default_timeout=60)
