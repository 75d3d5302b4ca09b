"""The sets that come with Mien are complete in each language, and files that people may take."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from core.practice import (
    built_in_sets,
    first_questions,
    parse_questions,
    question_sets,
    questions_csv,
    shuffled,
)
from tests.practising import QUESTIONS

FILES = sorted((Path(question_sets.__file__).parent / "built_in").glob("*.csv"))
SETS = {f"{one.language}-{one.name}": one for one in built_in_sets()}


def test_there_are_four_sets_in_each_of_four_languages_and_every_file_is_listed():
    assert Counter(one.language for one in SETS.values()) == dict.fromkeys(
        ("en", "de", "fr", "es"), 4
    )
    assert len(SETS) == len(FILES) == 16


@pytest.mark.parametrize("name", SETS)
def test_a_set_has_twelve_to_twenty_different_questions_with_good_answers(name):
    questions = SETS[name].questions
    assert 12 <= len({one.text for one in questions}) == len(questions) <= 20
    assert all(one.good_answer.endswith(".") for one in questions)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_is_in_the_form_that_people_share(path):
    content = path.read_bytes()
    assert questions_csv(parse_questions(content, name="x", language="en")) == content


@pytest.mark.parametrize("count", [1, 2, 3, 9])
def test_so_many_questions_are_taken_in_order_or_shuffled(count):
    assert first_questions(QUESTIONS, count) == QUESTIONS[:count]
    taken = {shuffled(QUESTIONS, np.random.default_rng(seed), count) for seed in range(50)}
    assert all(len(set(one)) == len(one) == min(count, 3) for one in taken)
    assert set().union(*taken) == set(QUESTIONS)
    assert len(taken) == {1: 3, 2: 6}.get(count, 6)


@pytest.mark.parametrize("count", [0, -1])
def test_a_practice_asks_at_least_one_question(count):
    for choose in (
        lambda: first_questions(QUESTIONS, count),
        lambda: shuffled(QUESTIONS, np.random.default_rng(0), count),
    ):
        with pytest.raises(ValueError, match="at least one"):
            choose()
