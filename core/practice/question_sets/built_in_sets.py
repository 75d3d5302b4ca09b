"""The sets of questions that come with Mien: files in the form that people share."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from core.domain.question_set import QuestionSet
from core.practice.question_sets.parsing import parse_questions

_DIR = Path(__file__).parent / "built_in"


@cache
def built_in_sets() -> tuple[QuestionSet, ...]:
    """All of them, by language as listed in `built_in/sets.toml`."""
    listed = tomllib.loads((_DIR / "sets.toml").read_text("utf-8"))["sets"]
    return tuple(
        parse_questions(
            (_DIR / one["file"]).read_bytes(), name=one["name"], language=one["language"]
        )
        for one in listed
    )
