"""A visitor's pictures: the faces in each, with their scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile as Upload

from core.domain import ModelCard, Observation
from core.domain.counted import counted
from core.measures import ScoreView
from core.policy import UsePolicy
from core.recordings import AnalysedPicture, store_picture
from core.vision import draw as draw_overlay
from core.vision import expression_text
from pages.parts.live import cached as live_cached
from pages.parts.recordings import cached as recordings_cached
from pages.parts.sessions import cached as sessions_cached
from pages.parts.sessions import show_as
from pages.parts.shell import error_box, session_state
from pages.parts.shell.navigation import SESSIONS
from pages.parts.shell.theme import expression_word, percent, plain


def draw(pictures: Sequence[Upload], model: str, policy: UsePolicy) -> None:
    """Every picture with the faces in it.

    Args:
        model: a saved model's name; empty takes the best one.
        policy: region and purpose.
    """
    version = live_cached.current_version(model)
    card = live_cached.loaded_model(version).card
    view = show_as.choose_view(card.scheme)
    for file in pictures:
        with error_box.on_error():
            content = file.getvalue()
            digest = sha256(content).hexdigest()[:16]
            picture = recordings_cached.analysed_picture(digest, version, content, file.name)
            # A picture uploaded twice is analysed once, and shown under both names.
            picture = replace(picture, name=file.name)
            _draw_one(picture, card, view, file.file_id)
            _draw_store(picture, card, policy, file.file_id)


def _draw_one(picture: AnalysedPicture, card: ModelCard, view: ScoreView, file_id: str) -> None:
    shown = [view.of_observation(face) for face in picture.faces]
    st.subheader(plain(picture.name), anchor=False)
    if not shown:
        st.image(picture.frame.rgb, width=640)
        st.info("No face was detected. Faces should be at least 48 pixels high and well lit.")
        return
    marked = draw_overlay(picture.frame.rgb, shown, not_sure_below=card.not_sure_below)
    st.image(marked, width=960 if picture.frame.width_px > 640 else 640)
    usable = sum(face.quality.usable for face in shown)
    st.markdown(f"**{counted(len(shown), 'face')}**, {usable} usable.")
    st.dataframe(_table(shown, card, view), hide_index=True, key=f"faces-{file_id}")


def _table(faces: Sequence[Observation], card: ModelCard, view: ScoreView) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "Face": [face.track_id for face in faces],
            "Expression shown": [
                expression_text(face, card.not_sure_below).capitalize() for face in faces
            ],
        }
    )
    for label in view.scheme.labels:
        table[expression_word(label)] = [
            "" if face.steady is None else percent(face.steady[label]) for face in faces
        ]
    return table


def _draw_store(picture: AnalysedPicture, card: ModelCard, policy: UsePolicy, file_id: str) -> None:
    """The button that stores the numbers."""
    if not picture.faces:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Store these numbers as a session", key=f"keep-{file_id}"):
            now = datetime.now(UTC)
            session_id = store_picture(
                sessions_cached.store(), picture, card, policy=policy, now=now
            )
            session_state.chosen_session.set(session_id)
            st.page_link(SESSIONS.path, label="Stored. Open in Sessions", icon=SESSIONS.icon)
        else:
            st.caption("Nothing of this picture is stored unless you choose to.")
