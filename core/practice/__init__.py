"""Practice: questions, what was measured of each answer, and how answers compare."""

from core.practice.flow import Flow, Phase
from core.practice.question_sets.built_in_sets import built_in_sets
from core.practice.question_sets.choosing import first_questions, shuffled
from core.practice.question_sets.parsing import parse_questions, questions_csv
from core.practice.sound import (
    PAUSE_S,
    SOUND_LIMITS,
    SOUND_REASON_TEXT,
    MouthMovement,
    SoundFigures,
    SoundReason,
    Speech,
    append_levels,
    levels_of,
    pauses_of,
    sound_figures,
    speech_of,
)
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
    "PAUSE_S",
    "SOUND_LIMITS",
    "SOUND_REASON_TEXT",
    "Flow",
    "MouthMovement",
    "Phase",
    "SoundFigures",
    "SoundReason",
    "Speech",
    "StoredSet",
    "answer_moment",
    "append_levels",
    "attempt_of",
    "attempts_of",
    "begin_attempt",
    "begin_part",
    "begin_practice",
    "built_in_sets",
    "delete_all_practices",
    "delete_all_sets",
    "delete_attempt",
    "delete_practice",
    "delete_set",
    "end_attempt",
    "end_part",
    "end_practice",
    "first_questions",
    "levels_of",
    "moment_answers",
    "own_sets",
    "parse_questions",
    "pauses_of",
    "people",
    "practice_of",
    "practices",
    "questions_csv",
    "rename_set",
    "replace_set",
    "reveal",
    "save_report",
    "save_set",
    "set_question",
    "shuffled",
    "sound_figures",
    "speech_of",
    "unfinished",
]
