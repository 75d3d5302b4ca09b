"""Sets of questions: those that come with Mien, and own ones from text or files."""

from core.practice.question_sets.built_in_sets import built_in_sets
from core.practice.question_sets.choosing import first_questions, shuffled
from core.practice.question_sets.file_names import file_name_of, name_and_language
from core.practice.question_sets.parsing import parse_questions, questions_csv, questions_text

__all__ = [
    "built_in_sets",
    "file_name_of",
    "first_questions",
    "name_and_language",
    "parse_questions",
    "questions_csv",
    "questions_text",
    "shuffled",
]
