"""What is compared with what: choosing or making a reference, and choosing a window."""

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
    """Draw the choice of a reference; None while there is none, or it cannot be read."""
    shelved = list_references(shell_cached.settings().data_dir, shell_cached.settings().models_dir)
    chosen = _choose_shelved(shelved, entries) if shelved else None
    if chosen is None:
        st.markdown(
            "**There is no reference yet.** Create one from sessions with normal conditions."
        )
        _draw_maker(entries, now)
        return None
    with st.container(horizontal=True):
        with st.popover("Create reference", icon=":material/add:"):
            _draw_maker(entries, now)
        if not chosen.of_model:
            _draw_deletion(chosen)
    with error_box.on_error():
        return load_reference(chosen.path)
    return None


def choose_window(
    entries: Sequence[SessionEntry], known: Sequence[str], now: datetime
) -> list[SessionEntry]:
    """Draw the choice of the sessions that are looked at.

    Args:
        known: ids of the reference's sessions; the newest session is taken among the others.
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
        return _pick(entries, "Selected sessions", key="drift-picked", default=entries[:1])
    if period in _DAYS:
        return sessions_of_days(entries, days=_DAYS[period], now=now)
    return newest_session(entries, other_than=known)


def _choose_shelved(
    shelved: Sequence[StoredReference], entries: Sequence[SessionEntry]
) -> StoredReference:
    """One of them; first the one that belongs to the model that read the newest sessions."""
    paths = [str(one.path) for one in shelved]
    remembered = session_state.chosen_reference.get()
    proposed = default_reference(shelved, [entry.session.card_name for entry in entries])
    if remembered not in paths and proposed is not None:
        remembered = str(proposed.path)
    at = st.selectbox(
        "Compare with",
        range(len(shelved)),
        index=paths.index(remembered) if remembered in paths else 0,
        format_func=lambda number: _named(shelved[number]),
        # Another number of references is another list: the widget begins anew.
        key=f"drift-reference-{len(shelved)}",
    )
    # A proposal is not kept: another model's sessions get another one.
    was_proposed = proposed is not None and paths[at] == str(proposed.path)
    session_state.chosen_reference.set(None if was_proposed else paths[at])
    return shelved[at]


def _named(one: StoredReference) -> str:
    return f"{one.name} (training data of the model)" if one.of_model else one.name


def _draw_maker(entries: Sequence[SessionEntry], now: datetime) -> None:
    st.caption(
        "A reference stores the distribution of each quantity, and no row of a session. It is "
        "kept when the sessions are deleted."
    )
    with st.form("drift-make", border=False):
        typed = st.text_input("Name", placeholder="spring", key="drift-name")
        # The newest one is left to be looked at.
        chosen = _pick(entries, "Sessions", key="drift-from", default=entries[1:] or entries)
        sent = st.form_submit_button("Create", type="primary", key="drift-make")
    if not sent:
        return
    if not chosen:
        st.warning("Choose at least one session.", icon=":material/info:")
        return
    with error_box.on_error():
        session_state.chosen_reference.set(_make(name_of(typed), chosen, now))
        st.rerun()


def _make(name: str, chosen: Sequence[SessionEntry], now: datetime) -> str:
    model, window = window_of_main_model(drift_cached.parts_of(chosen))
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


def _pick(
    entries: Sequence[SessionEntry], label: str, *, key: str, default: Sequence[SessionEntry]
) -> list[SessionEntry]:
    sessions = [entry.session for entry in entries]
    titles = {
        session.id: f"{title} ({when(session.began_at)})"
        for session, title in zip(sessions, distinct_titles(sessions), strict=True)
    }
    picked = st.multiselect(
        label,
        list(titles),
        default=[entry.session.id for entry in default],
        format_func=titles.__getitem__,
        key=key,
    )
    return [entry for entry in entries if entry.session.id in picked]
