"""Practices, tries and own sets of questions in the database of sessions."""

from core.practice.store.attempts import (
    attempt_of,
    attempts_of,
    begin_attempt,
    begin_part,
    end_attempt,
    end_part,
    tries_in,
)
from core.practice.store.deletion import (
    delete_all_practices,
    delete_attempt,
    delete_idle_session,
    delete_practice,
)
from core.practice.store.everything import StoredAmounts, delete_everything, stored_amounts
from core.practice.store.own_sets import (
    StoredSet,
    delete_set,
    own_sets,
    rename_set,
    replace_set,
    save_set,
)
from core.practice.store.practices import (
    begin_practice,
    end_practice,
    people,
    practice_of,
    practices,
    set_question,
    unfinished,
)
from core.practice.store.reports import (
    answer_moment,
    moment_answers,
    reveal,
    save_report,
)

__all__ = [
    "StoredAmounts",
    "StoredSet",
    "answer_moment",
    "attempt_of",
    "attempts_of",
    "begin_attempt",
    "begin_part",
    "begin_practice",
    "delete_all_practices",
    "delete_attempt",
    "delete_everything",
    "delete_idle_session",
    "delete_practice",
    "delete_set",
    "end_attempt",
    "end_part",
    "end_practice",
    "moment_answers",
    "own_sets",
    "people",
    "practice_of",
    "practices",
    "rename_set",
    "replace_set",
    "reveal",
    "save_report",
    "save_set",
    "set_question",
    "stored_amounts",
    "tries_in",
    "unfinished",
]
