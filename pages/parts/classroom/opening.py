"""The form that opens a class."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import streamlit as st

from core.classroom import NewClassroom, one_line, open_classroom
from core.classroom.invitation import TEACHER_QUERY
from core.domain import ModelCard
from core.domain.classroom import MAX_TITLE_LENGTH, SECOND_BY_SECOND, Shared
from core.domain.wording import listed
from core.policy import EMPLOYER_REFUSAL, ClassRules, UsePolicy, class_rules
from pages.parts.classroom import tab_state
from pages.parts.classroom.shared_words import SHARED_WORDS
from pages.parts.live.model_choice import name_of
from pages.parts.sessions.cached import store
from pages.parts.shell import cached as shell_cached
from pages.parts.shell.navigation import RESPONSIBLE_USE
from pages.parts.shell.theme import plain

_WIDTH_PX = 680
_TEACHING, _EMPLOYER = "Teaching", "Staff or applicants of an employer"


@dataclass(frozen=True)
class Choice:
    """What was chosen on the form.

    Attributes:
        title: one line.
        shared: what learners are asked to share.
        card: of the model that gives expressions; None where they are not shared.
        is_listed: whether learners are listed.
    """

    title: str
    shared: tuple[Shared, ...]
    card: ModelCard | None
    is_listed: bool


def draw_opening(policy: UsePolicy) -> None:
    """The whole form, or why no class can be opened here.

    Raises:
        StoreError: the database cannot be written.
    """
    rules = class_rules(policy)
    if rules.refusal:
        st.warning(plain(rules.refusal), icon=":material/block:")
        st.page_link(RESPONSIBLE_USE.path, label="Open Responsible use", icon=RESPONSIBLE_USE.icon)
        return
    st.write(
        "Open a class, project its code, and see while you teach whether the class is still there. "
        "Learners see what they share, agree first, and can pause or leave at any time."
    )
    with st.container(border=True, width=_WIDTH_PX):
        typed = st.text_input(
            "Title",
            max_chars=MAX_TITLE_LENGTH,
            placeholder="Biology 9b, photosynthesis",
            help="Learners read it before they join.",
            key="class-title",
        )
        title = one_line(typed)
        is_teaching = _ask_purpose()
        shared = _ask_shared(rules)
        card = _ask_card() if Shared.EXPRESSIONS in shared else None
        is_listed = _ask_listed(rules, shared)
        lacks_card = Shared.EXPRESSIONS in shared and card is None
        # Enabled without a title, too: who has just typed one presses once.
        if not st.button(
            "Open the class",
            type="primary",
            icon=":material/school:",
            disabled=not is_teaching or lacks_card,
            key="class-open",
        ):
            return
        if not title:
            st.warning("The class needs a title.", icon=":material/edit:")
            return
        _open(_new(policy, Choice(title, shared, card, is_listed)))


def _ask_purpose() -> bool:
    """Whether it is for teaching; an employer's use is refused."""
    purpose = st.radio(
        "What is it for?", [_TEACHING, _EMPLOYER], horizontal=True, key="class-purpose"
    )
    if purpose == _EMPLOYER:
        st.error(plain(EMPLOYER_REFUSAL), icon=":material/block:")
    return purpose == _TEACHING


def _ask_shared(rules: ClassRules) -> tuple[Shared, ...]:
    st.markdown("**What learners are asked to share**, besides flags they press themselves")
    chosen: list[Shared] = []
    for one in rules.allowed:  # rows hold everything, so they are last, and need all the rest
        if one is not Shared.ROWS or set(SECOND_BY_SECOND) <= set(chosen):
            chosen += [one] if _ask_one(one) else []
    for one in rules.switchable:
        if one not in rules.allowed:
            st.caption(
                f"{plain(SHARED_WORDS[one].title)}: not shared here, unless the operator "
                "allows it on Responsible use, in shares of groups."
            )
    return tuple(chosen)


def _ask_one(one: Shared) -> bool:
    """Whether it is shared; presence always is."""
    words = SHARED_WORDS[one]
    with st.container(gap=None):
        is_chosen = st.checkbox(
            plain(words.title),
            value=one is not Shared.ROWS,
            disabled=one is Shared.PRESENT,
            key=f"class-share-{one.value}",
        )
        st.caption(f"{plain(words.is_what)} {plain(words.is_not)}")
    return is_chosen


def _ask_card() -> ModelCard | None:
    """The model that gives expressions: the best, unless another is chosen."""
    cards = [card for card in shell_cached.cards() if card.served_by in card.files]
    if not cards:
        st.warning("No model is installed: share without expressions, or restore one.")
        return None
    card = cards[0]
    if len(cards) == 1:
        st.caption(f"Expressions are those of the model {plain(card.name)}.")
    else:
        card = st.selectbox(
            "Model that recognises expressions", cards, format_func=name_of, key="class-model"
        )
    if card.not_for:
        uses = "\n".join(f"- {plain(one)}" for one in card.not_for)
        st.caption(f"What its card says it is not for:\n{uses}")
    return card


def _ask_listed(rules: ClassRules, shared: tuple[Shared, ...]) -> bool:
    visible = [SHARED_WORDS[one].title.lower() for one in shared if one in rules.listed]
    if not visible:
        return False
    return st.checkbox(
        "List learners, each with the own figures",
        value=False,
        key="class-listed",
        help=f"You then see of each learner: {plain(listed(visible))}. Without it only "
        f"figures of groups of at least {rules.smallest_group} are shown. "
        "Learners are told before they join.",
    )


def _new(policy: UsePolicy, choice: Choice) -> NewClassroom:
    card = choice.card
    return NewClassroom(
        title=choice.title,
        region=policy.region.value,
        purpose=policy.purpose.value,
        shared=choice.shared,
        is_listed=choice.is_listed,
        labels=() if card is None else card.scheme.labels,
        card_name="" if card is None else card.name,
    )


def _open(new: NewClassroom) -> None:
    opened = open_classroom(store(), new, now=datetime.now(UTC), rng=np.random.default_rng())
    tab_state.taught_class.set(opened.teacher_secret)
    st.query_params[TEACHER_QUERY] = opened.teacher_secret
    st.rerun()
