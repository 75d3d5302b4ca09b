"""Marks of slides and topics: by button, and by key."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import streamlit as st

from core.classroom import add_mark, delete_mark
from core.domain.classroom import MAX_MARK_LENGTH, ClassMark, Classroom, MarkKind
from core.domain.errors import MienError
from pages.parts.classroom import tab_state
from pages.parts.classroom.lesson import mark_words
from pages.parts.live import keys
from pages.parts.sessions.cached import store
from pages.parts.shell import error_box, presses, session_state
from pages.parts.shell.theme import clock_time, plain

_KEYS: keys.Keys = {
    "s": ("S", "next slide", ".st-key-class-slide button"),
    "t": ("T", "topic", ".st-key-class-topic button"),
    "u": ("U", "undo mark", ".st-key-class-undo button"),
}
_ONCE_WITHIN_MS = 400
_LABEL_KEY = "class-topic-label"


def draw_marks(classroom: Classroom) -> None:
    """Buttons that mark now, of a class that is open.

    Raises:
        StoreError, UnknownClassroom.
    """
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.button(
            "Next slide",
            icon=":material/slideshow:",
            key="class-slide",
            on_click=_mark,
            args=(classroom, MarkKind.SLIDE),
        )
        st.text_input(
            "Topic",
            max_chars=MAX_MARK_LENGTH,
            placeholder="Topic (optional)",
            label_visibility="collapsed",
            key=_LABEL_KEY,
            width=220,
        )
        st.button(
            "Topic begins",
            icon=":material/flag:",
            key="class-topic",
            on_click=_mark,
            args=(classroom, MarkKind.TOPIC),
        )
    keys.draw_help(_KEYS)
    keys.listen(_KEYS, once_within_ms=_ONCE_WITHIN_MS)


def draw_last_mark(classroom: Classroom, marks: tuple[ClassMark, ...]) -> None:
    """What was marked last, with a way back: nothing else says that a press was heard."""
    if trouble := tab_state.mark_trouble.get():
        error_box.show_message(*trouble)
    if not marks:
        st.caption("Marks say which slide or topic a figure belongs to.")
        return
    time_s, words = mark_words(marks)[-1]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(f"Marked at {clock_time(time_s)}: {plain(words)}", width="content")
        st.button(
            "Undo",
            type="tertiary",
            icon=":material/undo:",
            key="class-undo",
            on_click=_undo,
            args=(classroom, marks[-1]),
        )


@presses.once
def _mark(classroom: Classroom, kind: MarkKind) -> None:
    label = ""
    if kind is MarkKind.TOPIC:
        label = " ".join(str(st.session_state.get(_LABEL_KEY, "")).split())
    time_s = max(0.0, classroom.second_at(datetime.now(UTC)))
    is_set = _tried(partial(add_mark, store(), classroom.id, ClassMark(time_s, kind, label)))
    if is_set and kind is MarkKind.TOPIC:
        session_state.set_widget(_LABEL_KEY, "")


@presses.once
def _undo(classroom: Classroom, mark: ClassMark) -> None:
    _tried(partial(delete_mark, store(), classroom.id, mark))


def _tried(change: Callable[[], None]) -> bool:
    """Whether the store took a change; why it did not is said beside the last mark."""
    try:
        change()
    except MienError as error:
        tab_state.mark_trouble.set((error.message, error.advice))
        return False
    tab_state.mark_trouble.set(None)
    return True
