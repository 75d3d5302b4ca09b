"""What is practised, and how: one screen whose defaults are enough."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
import streamlit as st

from core.domain import AnalysisSite
from core.domain.practice import Practice
from core.domain.question_set import Question, QuestionSet
from core.policy import UsePolicy
from core.practice import StoredSet, built_in_sets, first_questions, own_sets, shuffled
from pages.parts.live import cached as live_cached
from pages.parts.live import model_choice, reading_place
from pages.parts.practice import own_questions, steps, tab_state
from pages.parts.sessions import cached
from pages.parts.shell import session_state

QUESTIONS = 5
THINK_S, MOST_THINK_S = 20, 600
ANSWER_S, LEAST_ANSWER_S, MOST_ANSWER_S = 90, 10, 1800
MAX_NAME_LENGTH = 60

_IN_ORDER, _SHUFFLED = "In order", "Shuffled"


@dataclass(frozen=True)
class _Choice:
    """What is chosen on screen.

    Attributes:
        questions: how many of the set.
        shuffled: whether they are asked in another order.
        think_s, answer_s: seconds for each.
        person: who practises; empty for the one who always does here.
        with_sound: whether the microphone's level is measured.
    """

    questions: int
    shuffled: bool
    think_s: int
    answer_s: int
    person: str
    with_sound: bool = False


def draw_setup(policy: UsePolicy) -> None:
    """Draw the choices; a press on "Start practice" begins the practice and reruns the page.

    Raises:
        ModelError, AssetError, StoreError: something it needs is missing or damaged.
    """
    with st.container(width=720):
        st.write(
            "Answer questions before the camera. After each answer you see what could be seen, "
            "and what could not. Nobody is graded."
        )
        question_set, own = _choose_set()
        switches = st.container(horizontal=True)
        start = st.container()
        with st.expander("More choices", icon=":material/tune:"):
            choice = _draw_choices(question_set)
            card = live_cached.loaded_model(model_choice.choose_model()).card
            tab_state.reads_aloud.set(_ask_aloud())
        with switches:  # what leaves the device is chosen in the open
            site = reading_place.choose(card)
            choice = replace(choice, with_sound=_ask_sound())
        own_questions.draw(question_set, own)
    with start:
        st.caption(_summary_of(choice, site))
        pressed = st.button(
            "Start practice",
            type="primary",
            icon=":material/play_arrow:",
            key="practice-start",
            help="Switches the camera on. Only numbers are stored, never pictures.",
        )
    if pressed:
        steps.begin(_practice_of(choice, question_set, policy, site))
        st.rerun()


def _choose_set() -> tuple[QuestionSet, StoredSet | None]:
    sets = _sets()
    names = list(sets)
    remembered = tab_state.practice_set.get()
    name = st.selectbox(
        "Questions",
        names,
        index=names.index(remembered) if remembered in sets else 0,
        key=f"practice-set-{len(names)}-{tab_state.practice_set_round.get()}",
    )
    tab_state.practice_set.set(name)
    return sets[name]


def _sets() -> Mapping[str, tuple[QuestionSet, StoredSet | None]]:
    """Every set by its name, own ones last; with where it is stored."""
    sets: dict[str, tuple[QuestionSet, StoredSet | None]] = {
        one.name: (one, None) for one in built_in_sets()
    }
    for own in own_sets(cached.store()):
        sets[own_questions.listed_name(own.question_set.name)] = (own.question_set, own)
    return sets


def _draw_choices(question_set: QuestionSet) -> _Choice:
    most = len(question_set.questions)
    left, right = st.columns(2)
    with left:
        questions = st.number_input(
            "Number of questions",
            1,
            most,
            min(QUESTIONS, most),
            key=f"practice-questions-{question_set.name}-{most}",
        )
        think_s = st.number_input(
            "Seconds to think",
            0,
            MOST_THINK_S,
            THINK_S,
            key="practice-think",
            help="With 0 the answer begins as soon as the question is shown.",
        )
        person = st.text_input(
            "Who practises (optional)",
            max_chars=MAX_NAME_LENGTH,
            key="practice-person",
            help="Answers are compared with earlier ones of the same name. Everybody who uses "
            "this installation sees it.",
        )
    with right:
        order = st.selectbox("Order", [_IN_ORDER, _SHUFFLED], key="practice-order")
        answer_s = st.number_input(
            "Seconds to answer",
            LEAST_ANSWER_S,
            MOST_ANSWER_S,
            ANSWER_S,
            key="practice-answer-s",
            help=f"From {LEAST_ANSWER_S} seconds to {MOST_ANSWER_S // 60} minutes. An answer can "
            "be ended earlier.",
        )
    return _Choice(int(questions), order == _SHUFFLED, int(think_s), int(answer_s), person.strip())


def _ask_aloud() -> bool:
    return st.toggle(
        "Read questions aloud",
        tab_state.reads_aloud.get(),
        key="practice-aloud",
        help="By this browser, where this device has a voice of its own for the language.",
    )


def _ask_sound() -> bool:
    return st.toggle(
        "Measure the microphone's level",
        key="practice-sound",
        help="How long you speak and pause. Only the level is measured: no sound leaves this "
        "browser, and no words are transcribed.",
    )


def _summary_of(choice: _Choice, site: AnalysisSite) -> str:
    think = f"{choice.think_s} s to think" if choice.think_s else "no time to think"
    where = "on this device" if site is AnalysisSite.BROWSER else "on the server"
    questions = "1 question" if choice.questions == 1 else f"{choice.questions} questions"
    sound = " The microphone's level is measured." if choice.with_sound else ""
    return f"{questions}, {think}, {choice.answer_s} s to answer. Faces are read {where}.{sound}"


def _practice_of(
    choice: _Choice, question_set: QuestionSet, policy: UsePolicy, site: AnalysisSite
) -> Practice:
    now, consent = datetime.now(UTC), session_state.consent.get()
    practice = Practice(
        id=steps.new_id(now),
        person=choice.person,
        set_name=question_set.name,
        language=question_set.language,
        questions=_asked(choice, question_set),
        think_s=choice.think_s,
        answer_s=choice.answer_s,
        site=site,
        with_sound=choice.with_sound,
        began_at=now,
    )
    given_at = None if consent is None else consent.given_at
    return replace(practice, purpose=policy.purpose.value, consent_at=given_at)


def _asked(choice: _Choice, question_set: QuestionSet) -> tuple[Question, ...]:
    if choice.shuffled:
        return shuffled(question_set.questions, np.random.default_rng(), choice.questions)
    return first_questions(question_set.questions, choice.questions)
