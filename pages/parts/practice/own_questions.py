"""Own sets of questions: typed, uploaded, saved by name, taken away and deleted."""

from __future__ import annotations

from core.domain.question_set import QuestionSet


def draw(chosen: QuestionSet) -> None:
    """Draw the forms for own sets."""
