"""Selection of a reference and of the sessions to compare, and creation of references."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from core.drift import (
    DriftReference,
    StoredReference,
    default_reference,
    delete_reference,
    list_references,
    load_reference,
    name_of,
    newest_session,
    reference_from_columns,
    save_reference,
    sessions_of_days,
    source_of,
    window_of_main_model,
)
from core.sessions import SessionEntry, distinct_titles
from pages.parts.drift import cached as drift_cached
from pages.parts.shell import cached as shell_cached
from pages.parts.shell import error_box, session_state
from pages.parts.shell.theme import plain, when

NEWEST, SELECTED = "Newest", "Selected"
_DAYS = {"7 days": 7, "30 days": 30, "A year": 365}


def choose_reference(entries: Sequence[SessionEntry], now: datetime) -> DriftReference | None:
    """Draw the selection of a reference; None while there is none, or it cannot be read."""
    references = list_references(
        shell_cached.settings().data_dir, shell_cached.settings().models_dir
    )
    chosen = _select_reference(references, entries) if references else None
    if chosen is None:
        st.markdown(
            "**There is no reference yet.** Create one from sessions with normal conditions."
        )
        _draw_create_form(entries, now)
        return None
    with st.container(horizontal=True):
        with st.popover("Create reference", icon=":material/add:"):
            _draw_create_form(entries, now)
        if not chosen.of_model:
            _draw_deletion(chosen)
    with error_box.on_error():
        return load_reference(chosen.path)
    return None


def choose_window(
    entries: Sequence[SessionEntry], reference_sessions: Sequence[str], now: datetime
) -> list[SessionEntry]:
    """Draw the selection of the sessions to compare.

    Args:
        reference_sessions: ids of the reference's sessions, which are not the default.
    """
    period = st.segmented_control(
        "Sessions to compare",
        [NEWEST, *_DAYS, SELECTED],
        default=NEWEST,
        required=True,
        key="drift-period",
        wrap=True,
    )
    if period == SELECTED:
        return _select_sessions(
            entries, "Selected sessions", key="drift-picked", default=entries[:1]
        )
    if period in _DAYS:
        return sessions_of_days(entries, days=_DAYS[period], now=now)
    return newest_session(entries, other_than=reference_sessions)


def _select_reference(
    references: Sequence[StoredReference], entries: Sequence[SessionEntry]
) -> StoredReference:
    """Draw the select box; its default is the reference of the newest session's model."""
    paths = [str(one.path) for one in references]
    remembered = session_state.chosen_reference.get()
    proposed = default_reference(references, [entry.session.card_name for entry in entries])
    if remembered not in paths and proposed is not None:
        remembered = str(proposed.path)
    index = st.selectbox(
        "Compare with",
        range(len(references)),
        index=paths.index(remembered) if remembered in paths else 0,
        format_func=lambda number: _title(references[number]),
        # With another number of references the widget is reset.
        key=f"drift-reference-{len(references)}",
    )
    # The default is not remembered, as it depends on the sessions' model.
    was_proposed = proposed is not None and paths[index] == str(proposed.path)
    session_state.chosen_reference.set(None if was_proposed else paths[index])
    return references[index]


def _title(one: StoredReference) -> str:
    return f"{one.name} (training data of the model)" if one.of_model else one.name


def _draw_create_form(entries: Sequence[SessionEntry], now: datetime) -> None:
    st.caption(
        "A reference stores the distribution of each quantity, and no row of a session. It is "
        "kept when the sessions are deleted."
    )
    with st.form("drift-make", border=False):
        name = st.text_input("Name", placeholder="spring", key="drift-name")
        # The newest session is left out, to be compared with the reference.
        chosen = _select_sessions(
            entries, "Sessions", key="drift-from", default=entries[1:] or entries
        )
        submitted = st.form_submit_button("Create", type="primary", key="drift-make")
    if not submitted:
        return
    if not chosen:
        st.warning("Choose at least one session.", icon=":material/info:")
        return
    with error_box.on_error():
        session_state.chosen_reference.set(_create_reference(name_of(name), chosen, now))
        st.rerun()


def _create_reference(name: str, chosen: Sequence[SessionEntry], now: datetime) -> str:
    model, window = window_of_main_model(drift_cached.session_columns(chosen))
    reference = reference_from_columns(
        name,
        window.columns,
        source=source_of(chosen, window.columns),
        made_at=now,
        session_ids=tuple(entry.session.id for entry in chosen),
        model=model,
    )
    return str(save_reference(shell_cached.settings().data_dir, reference))


def _draw_deletion(chosen: StoredReference) -> None:
    with st.popover("Delete", icon=":material/delete:"):
        st.write(f"Deleting the reference {plain(chosen.name)} cannot be undone.")
        if st.button("Delete permanently", type="primary", key=f"drift-delete-{chosen.name}"):
            with error_box.on_error():
                delete_reference(chosen.path)
                st.rerun()


def _select_sessions(
    entries: Sequence[SessionEntry], label: str, *, key: str, default: Sequence[SessionEntry]
) -> list[SessionEntry]:
    sessions = [entry.session for entry in entries]
    titles = {
        session.id: f"{title} ({when(session.began_at)})"
        for session, title in zip(sessions, distinct_titles(sessions), strict=True)
    }
    selected = st.multiselect(
        label,
        list(titles),
        default=[entry.session.id for entry in default],
        format_func=titles.__getitem__,
        key=key,
    )
    return [entry for entry in entries if entry.session.id in selected]
