"""Practice: questions, what was measured of each answer, and how answers compare."""

from core.practice.flow import Flow, Phase
from core.practice.sound import append_levels, levels_of
from core.practice.store.attempts import (
    attempt_of,
    attempts_of,
    begin_attempt,
    begin_part,
    end_attempt,
    end_part,
)
from core.practice.store.deletion import (
    delete_all_practices,
    delete_attempt,
    delete_practice,
)
from core.practice.store.own_sets import (
    StoredSet,
    delete_all_sets,
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
    "Flow",
    "Phase",
    "StoredSet",
    "answer_moment",
    "append_levels",
    "attempt_of",
    "attempts_of",
    "begin_attempt",
    "begin_part",
    "begin_practice",
    "delete_all_practices",
    "delete_all_sets",
    "delete_attempt",
    "delete_practice",
    "delete_set",
    "end_attempt",
    "end_part",
    "end_practice",
    "levels_of",
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
    "unfinished",
]
