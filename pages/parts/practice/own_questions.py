"""Own sets of questions: typed or uploaded, saved by name, taken away, changed and deleted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import streamlit as st

from core.domain.counted import counted
from core.domain.errors import MienError, SetNameTaken
from core.domain.question_set import MAX_SET_NAME_LENGTH, QuestionSet
from core.practice import (
    StoredSet,
    built_in_sets,
    delete_set,
    file_name_of,
    name_and_language,
    parse_questions,
    questions_csv,
    questions_text,
    replace_set,
    save_set,
)
from pages.parts.practice import tab_state
from pages.parts.sessions import cached
from pages.parts.shell import error_box
from pages.parts.shell.theme import plain

LANGUAGES = {
    "en": "English",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "it": "Italiano",
    "pt": "Português",
    "nl": "Nederlands",
    "pl": "Polski",
    "tr": "Türkçe",
    "ru": "Русский",
    "uk": "Українська",
    "ar": "العربية",
    "zh": "中文",
    "ja": "日本語",
}
"""Languages that are offered for reading aloud; a set may have any other tag."""

_MAX_FILE_MB = 1
_HELP = (
    "One question a line. What a good answer shows may follow after |. In a CSV file it stands in "
    "the second column."
)
BOTH = "Questions are typed and a file is chosen: empty the text, or remove the file."


def draw(question_set: QuestionSet, own: StoredSet | None) -> None:
    """Draw the chosen set to be taken away, and the forms for own ones.

    Args:
        question_set: that is chosen.
        own: the same where it is an own one; None for one that comes with Mien.
    """
    with st.expander("Own questions", icon=":material/edit_note:"):
        st.caption(
            f"Chosen: {plain(question_set.name)}, "
            f"{counted(len(question_set.questions), 'question')}."
        )
        with st.container(horizontal=True, gap="small"):
            st.download_button(
                "Download as CSV",
                questions_csv(question_set),
                file_name=file_name_of(question_set),
                mime="text/csv",
                icon=":material/download:",
                key="practice-set-csv",
                on_click="ignore",
            )
            if own is not None:
                _draw_delete(own)
        _draw_form(None)
        if own is not None:
            _draw_form(own)


def listed_name(name: str) -> str:
    """What an own set is called in the list of all sets, where ours have other names."""
    return f"{name} (own)" if name in {one.name for one in built_in_sets()} else name


def _form_of(own: StoredSet | None) -> str:
    return "new" if own is None else own.id


def _draw_form(own: StoredSet | None) -> None:
    """A new set, or an own one to be changed."""
    name = f"{_form_of(own)}-{tab_state.practice_set_round.get()}"
    st.markdown("**A new set**" if own is None else "**Change the chosen set**")
    with st.form(f"question-set-{name}", border=False):
        title, language = _draw_name(own, name)
        text = _draw_questions(own, name)
        file = None
        if own is None:
            file = st.file_uploader(
                "Or a CSV file",
                type=["csv", "txt", "tsv"],
                max_upload_size=_MAX_FILE_MB,
                key=f"question-set-file-{name}",
            )
        replaces = own is None and st.checkbox(
            "Replace my set of this name", key=f"question-set-replace-{name}"
        )
        pressed = st.form_submit_button(
            "Save", icon=":material/save:", key=f"question-set-save-{name}"
        )
    if not pressed:
        if tab_state.saved_set.get() == _form_of(own):
            tab_state.saved_set.set("")
            st.success("Saved and chosen: press **Start practice** above.", icon=":material/check:")
        return
    if file is not None and text.strip():
        st.warning(BOTH, icon=":material/info:")
        return
    content = text if file is None else file.getvalue()
    if file is not None:
        told_name, told_language = name_and_language(file.name)
        title, language = title or told_name, told_language or language
    with error_box.on_error():
        made = parse_questions(content, name=title, language=language)
        _store(own, made, replaces=replaces)


def _draw_questions(own: StoredSet | None, name: str) -> str:
    return st.text_area(
        "Questions",
        "" if own is None else questions_text(own.question_set),
        height=180,
        placeholder="Why do you want this position? | A reason, and an example",
        key=f"question-set-text-{name}",
        help=_HELP,
    )


def _draw_name(own: StoredSet | None, name: str) -> tuple[str, str]:
    left, right = st.columns(2)
    title = left.text_input(
        "Name",
        "" if own is None else own.question_set.name,
        max_chars=MAX_SET_NAME_LENGTH,
        key=f"question-set-name-{name}",
    )
    known = "en" if own is None else own.question_set.language
    tags = list(LANGUAGES) if known in LANGUAGES else [*LANGUAGES, known]
    language = right.selectbox(
        "Language",
        tags,
        index=tags.index(known),
        format_func=lambda tag: LANGUAGES.get(tag, tag),
        key=f"question-set-language-{name}",
        help="That the questions are read aloud in.",
    )
    return title.strip(), language


def _store(own: StoredSet | None, made: QuestionSet, *, replaces: bool) -> None:
    now = datetime.now(UTC)
    try:
        if own is None:
            save_set(cached.store(), made, now=now)
        else:
            replace_set(cached.store(), own.id, made, now=now)
    except SetNameTaken as taken:
        if not replaces:
            raise
        replace_set(cached.store(), taken.set_id, made, now=now)
    tab_state.practice_set.set(listed_name(made.name))
    tab_state.saved_set.set(_form_of(own))
    _draw_lists_anew()
    st.rerun()


def _draw_delete(own: StoredSet) -> None:
    with st.popover("Delete", icon=":material/delete:"):
        st.caption("Practices with these questions keep them.")
        st.button(
            "Delete this set",
            key=f"question-set-delete-{own.id}",
            on_click=_guarded,
            args=(lambda: delete_set(cached.store(), own.id),),
        )


def _guarded(work: Callable[[], object]) -> None:
    try:
        work()
    except MienError as error:
        tab_state.practice_note.set((error.message, error.advice))
    _draw_lists_anew()


def _draw_lists_anew() -> None:
    tab_state.practice_set_round.set(tab_state.practice_set_round.get() + 1)
