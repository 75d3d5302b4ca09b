"""A set that is shared as a file brings its name and its language along."""

from __future__ import annotations

import pytest

from core.domain.question_set import QuestionSet
from core.practice import built_in_sets, file_name_of, name_and_language
from tests.practising import QUESTIONS


@pytest.mark.parametrize("question_set", built_in_sets(), ids=lambda one: one.name)
def test_a_name_and_a_language_come_back(question_set):
    found = name_and_language(file_name_of(question_set))
    assert found == (question_set.name.replace("'", " "), question_set.language)


@pytest.mark.parametrize(
    ("name", "language", "file_name"),
    [
        ('a/../b\\c:*?<>|"', "pt-BR", "a b c.pt-BR.csv"),
        ("...", "en", "questions.en.csv"),
        (".hidden\0", "en", "hidden.en.csv"),
        ("Моя защита", "ru", "Моя защита.ru.csv"),
    ],
)
def test_a_file_name_is_safe_on_every_system(name, language, file_name):
    assert file_name_of(QuestionSet(name, language, QUESTIONS)) == file_name


@pytest.mark.parametrize(
    ("file_name", "found"),
    [
        ("viva.de.csv", ("viva", "de")),
        ("viva.pt-BR.txt", ("viva", "pt-BR")),
        ("viva.csv", ("viva", "")),
        ("viva.old.csv", ("viva.old", "")),
        ("de.csv", ("de", "")),
        (".csv", (".csv", "")),
        ("viva", ("viva", "")),
        ("", ("", "")),
    ],
)
def test_a_file_of_any_name_is_taken(file_name, found):
    assert name_and_language(file_name) == found
