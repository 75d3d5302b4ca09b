"""Practice: questions, what was measured of each answer, and how answers compare."""

from core.practice.agreement import FEWEST_PAIRS, Agreement, NoCorrelation, agreement
from core.practice.answer_marks import marks_of
from core.practice.answer_measures import (
    ANSWER_MEASURES,
    BY_NAME,
    CALM,
    FRACTION,
    RANGES,
    RATING,
    AnswerMeasure,
    on_one_basis,
)
from core.practice.compared_tries import ComparedMeasure, TryFigure, compared_tries
from core.practice.comparison import FEWEST_SECONDS
from core.practice.daily_means import DailyMean, daily_means
from core.practice.example import add_example, is_example
from core.practice.flow import Flow, Phase
from core.practice.holders import PracticeHolders
from core.practice.light import Light, light_of
from core.practice.measured_answer import MeasuredAnswer, figures_of_attempt, measured_answer
from core.practice.person_history import PracticeTries, answered, earlier_answers, history_of
from core.practice.question_sets.built_in_sets import built_in_sets
from core.practice.question_sets.choosing import first_questions, shuffled
from core.practice.question_sets.file_names import file_name_of, name_and_language
from core.practice.question_sets.parsing import parse_questions, questions_csv, questions_text
from core.practice.resuming import Return, resume_practice
from core.practice.running import RunningPractice, StepTime
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
    tries_in,
)
from core.practice.store.deletion import (
    delete_all_practices,
    delete_attempt,
    delete_idle_session,
    delete_practice,
)
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
    "ANSWER_MEASURES",
    "BY_NAME",
    "CALM",
    "FEWEST_PAIRS",
    "FEWEST_SECONDS",
    "FRACTION",
    "PAUSE_S",
    "RANGES",
    "RATING",
    "SOUND_LIMITS",
    "SOUND_REASON_TEXT",
    "Agreement",
    "AnswerMeasure",
    "ComparedMeasure",
    "DailyMean",
    "Flow",
    "Light",
    "MeasuredAnswer",
    "MouthMovement",
    "NoCorrelation",
    "Phase",
    "PracticeHolders",
    "PracticeTries",
    "Return",
    "RunningPractice",
    "SoundFigures",
    "SoundReason",
    "Speech",
    "StepTime",
    "StoredSet",
    "TryFigure",
    "add_example",
    "agreement",
    "answer_moment",
    "answered",
    "append_levels",
    "attempt_of",
    "attempts_of",
    "begin_attempt",
    "begin_part",
    "begin_practice",
    "built_in_sets",
    "compared_tries",
    "daily_means",
    "delete_all_practices",
    "delete_attempt",
    "delete_idle_session",
    "delete_practice",
    "delete_set",
    "earlier_answers",
    "end_attempt",
    "end_part",
    "end_practice",
    "figures_of_attempt",
    "file_name_of",
    "first_questions",
    "history_of",
    "is_example",
    "levels_of",
    "light_of",
    "marks_of",
    "measured_answer",
    "moment_answers",
    "name_and_language",
    "on_one_basis",
    "own_sets",
    "parse_questions",
    "pauses_of",
    "people",
    "practice_of",
    "practices",
    "questions_csv",
    "questions_text",
    "rename_set",
    "replace_set",
    "resume_practice",
    "reveal",
    "save_report",
    "save_set",
    "set_question",
    "shuffled",
    "sound_figures",
    "speech_of",
    "tries_in",
    "unfinished",
]
