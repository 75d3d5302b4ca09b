"""What a learner shared: to keep, or to delete, during a class and after it."""

from __future__ import annotations

from urllib.parse import quote

import streamlit as st

from core.classroom import (
    consent_receipt,
    flags_of,
    seconds_of_learner,
    withdraw,
)
from core.classroom.exporters import learner_csv
from core.domain.classroom import Classroom, Learner
from core.domain.errors import MienError, UnknownLearner
from core.policy import class_notice
from pages.parts.join import tab_state
from pages.parts.join.finding import OWN
from pages.parts.join.joining import draw_notice
from pages.parts.sessions.cached import store
from pages.parts.shell import browser_download

DELETED = "Deleted: your name in the class, and everything that you shared and said in it."
GONE = (
    "Nothing of yours is stored at this link any more: you deleted what you shared, or the class "
    "was deleted."
)
KEEP_THE_LINK = (
    "The address of this page is your own link: by it you come back, also after the class. Who has "
    "it can act as you here. The receipt has it too."
)


def draw_own_data(classroom: Classroom, learner: Learner, secret: str) -> None:
    """Draw what is shared, the receipt, the own rows, and the deletion of everything."""
    with st.expander("What is shared, and what you agreed to"):
        draw_notice(class_notice(classroom))
        st.caption(KEEP_THE_LINK)
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            "Receipt of consent",
            _receipt(classroom, learner, secret),
            file_name="consent-receipt.txt",
            mime="text/plain",
            icon=":material/receipt_long:",
            key="join-receipt",
            on_click="ignore",
            width="stretch",
        )
        st.button(
            "My rows (CSV)",
            icon=":material/download:",
            key="join-rows",
            on_click=_queue_rows,
            args=(classroom, learner),
            width="stretch",
        )
        if not tab_state.asks_deletion.get():
            st.button(
                "Delete what I shared",
                icon=":material/delete:",
                key="join-delete",
                on_click=tab_state.asks_deletion.set,
                args=(True,),
                width="stretch",
            )
    if tab_state.asks_deletion.get():
        _draw_confirmation(learner)


def _draw_confirmation(learner: Learner) -> None:
    st.warning(
        "Delete your name in the class, and everything you shared and said in it? The teacher's "
        "board loses it at once. You leave the class. This cannot be undone."
    )
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Delete everything",
            type="primary",
            icon=":material/delete:",
            key="join-delete-now",
            on_click=_delete,
            args=(learner.id,),
        )
        st.button(
            "Keep it",
            key="join-delete-not",
            on_click=tab_state.asks_deletion.set,
            args=(False,),
        )


def _delete(learner_id: str) -> None:
    tab_state.asks_deletion.set(False)
    try:
        withdraw(store(), learner_id)
    except UnknownLearner:  # in another tab: it is as it was wanted
        pass
    except MienError as error:
        tab_state.join_note.set((error.message, error.advice))
        return
    tab_state.join_done.set(DELETED)


def _queue_rows(classroom: Classroom, learner: Learner) -> None:
    """Read what is stored of the learner, and have the browser save it."""
    try:
        own = [one for one in flags_of(store(), classroom.id) if one.learner == learner.number]
        content = learner_csv(classroom, learner, seconds_of_learner(store(), learner.id), own)
    except MienError as error:
        tab_state.join_note.set((error.message, error.advice))
        return
    browser_download.queue(f"{classroom.id}-my-rows.csv", "text/csv", content)


def _receipt(classroom: Classroom, learner: Learner, secret: str) -> str:
    address = (st.context.url or "").split("?")[0]
    link = f"{address}?{OWN}={quote(secret, safe='')}"
    return consent_receipt(classroom, learner, notice=class_notice(classroom), own_link=link)
