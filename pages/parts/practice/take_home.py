"""Downloads of a practice, made on request."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import streamlit as st

from core.domain.practice import Practice
from core.practice.exporters import PRACTICE_EXPORTS, PracticeFormat, practice_content
from pages.parts.sessions.cached import store

_ICONS = {".zip": ":material/folder_zip:", "html": ":material/print:"}


def offer_downloads(practice: Practice) -> None:
    """A button for each of `PRACTICE_EXPORTS`; put it into a horizontal container.

    Files are made in a thread of their own when a button is pressed. Answers whose figures were
    not looked at yet have none in them.
    """
    for name, form in PRACTICE_EXPORTS.items():
        st.download_button(
            form.title,
            partial(_content, practice, form),
            file_name=f"{practice.id}-{name}",
            mime=form.mime,
            icon=_ICONS.get(name[-4:], ":material/download:"),
            on_click="ignore",
            key=f"take-home-{name}-{practice.id}",
        )


def _content(practice: Practice, form: PracticeFormat) -> bytes:
    return form.write(practice_content(store(), practice, made_at=datetime.now(UTC)))
