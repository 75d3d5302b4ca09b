"""Names of files that sets are shared as: with the name of the set and the tag of its language."""

from __future__ import annotations

import re

from core.domain.question_set import QuestionSet

_UNSAFE = re.compile(r"[^\w\-() ]+")
_TAGGED = re.compile(r"(?P<name>.+)\.(?P<language>[a-z]{2}(-[A-Za-z0-9]{2,8})*)")
_NO_NAME = "questions"


def file_name_of(question_set: QuestionSet) -> str:
    """The name of a set's file: the set's name, the tag of its language and the ending, with dots
    between. Of the name remain letters of any alphabet, digits, spaces, hyphens and round brackets.
    """
    name = " ".join(_UNSAFE.sub(" ", question_set.name).split()) or _NO_NAME
    return f"{name}.{question_set.language}.csv"


def name_and_language(file_name: str) -> tuple[str, str]:
    """The name and the language of a set, as the name of its file tells; "" for an unknown one.

    Example:
        >>> name_and_language("My viva.de.csv"), name_and_language("notes.txt")
        (('My viva', 'de'), ('notes', ''))
    """
    stem = file_name.rpartition(".")[0] or file_name
    tagged = _TAGGED.fullmatch(stem)
    return (stem, "") if tagged is None else (tagged["name"], tagged["language"])
