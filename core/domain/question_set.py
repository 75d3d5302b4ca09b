"""Questions that a person practises to answer, and named sets of them."""

from __future__ import annotations

from dataclasses import dataclass

MAX_QUESTION_LENGTH = 500
"""Characters of a question, and of what a good answer shows: more is not read in seconds."""

MAX_QUESTIONS = 200
MAX_SET_NAME_LENGTH = 80


@dataclass(frozen=True)
class Question:
    """A question, as it is shown and read aloud.

    Attributes:
        text: 1 to `MAX_QUESTION_LENGTH` characters.
        good_answer: what a good answer shows; may be empty.
    """

    text: str
    good_answer: str = ""

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueError("a question is not empty")
        for what, words in (("A question", self.text), ("A good answer", self.good_answer)):
            if len(words) > MAX_QUESTION_LENGTH:
                raise ValueError(
                    f"{what} has at most {MAX_QUESTION_LENGTH} characters, got {len(words):,}"
                )


@dataclass(frozen=True)
class QuestionSet:
    """A named set of questions.

    Attributes:
        name: 1 to `MAX_SET_NAME_LENGTH` characters.
        language: tag of the language that they are read aloud in, such as "en" or "pt-BR".
        questions: in order; 1 to `MAX_QUESTIONS`.
    """

    name: str
    language: str
    questions: tuple[Question, ...]

    def __post_init__(self) -> None:
        if not self.name.strip() or len(self.name) > MAX_SET_NAME_LENGTH:
            raise ValueError(f"a set's name has 1 to {MAX_SET_NAME_LENGTH} characters")
        if not 1 <= len(self.questions) <= MAX_QUESTIONS:
            raise ValueError(f"a set has 1 to {MAX_QUESTIONS} questions, got {len(self.questions)}")
