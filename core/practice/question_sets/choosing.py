"""Which questions of a set a practice asks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.domain.question_set import Question


def first_questions(questions: Sequence[Question], count: int) -> tuple[Question, ...]:
    """The first so many questions, in order; all where there are fewer.

    Raises:
        ValueError: `count` is below 1.
    """
    if count < 1:
        raise ValueError(f"a practice asks at least one question, not {count}")
    return tuple(questions[:count])


def shuffled(
    questions: Sequence[Question], rng: np.random.Generator, count: int
) -> tuple[Question, ...]:
    """So many questions of all, in any order, each at most once; all where there are fewer.

    Raises:
        ValueError: `count` is below 1.
    """
    order = rng.permutation(len(questions))
    return first_questions([questions[at] for at in order], count)
