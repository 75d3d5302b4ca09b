"""The live session of a tab and the model that judges in it, and each one's lifetime."""

from __future__ import annotations

import gc
from datetime import UTC, datetime
from time import monotonic

import streamlit as st

from core.live import Clocks, LiveSession
from core.vision import open_analyser
from core.vision.recognition import LoadedModel, UsedModel, load_live_model, used_model
from pages.parts.sessions.cached import store
from pages.parts.shell.cached import settings


def used_now(name: str = "") -> UsedModel:
    """A model as it is on the shelf now.

    Args:
        name: on the shelf; empty takes the best one there.
    Raises:
        UnknownModel: none there.
    """
    return used_model(settings().models_dir, name)


@st.cache_resource(max_entries=2, show_spinner="Loading the model …")
def judge(used: UsedModel) -> LoadedModel:
    """A model ready to judge, one for all tabs.

    Raises:
        ModelError: it is gone, or damaged.
    """
    loaded = load_live_model(settings().models_dir, used.name)
    # Load-bearing: without it every collection walks the whole model graph, on the camera's time.
    gc.collect()
    gc.freeze()
    return loaded


def _close(live: LiveSession) -> None:
    live.close()


# One a tab: choosing another model closes the watcher of the one before.
@st.cache_resource(
    scope="session", max_entries=1, on_release=_close, show_spinner="Loading the face models …"
)
def live_session(used: UsedModel) -> LiveSession:
    """This tab's own watcher; closed, with its rows stored, when the tab goes.

    Raises:
        ModelError, AssetError, StoreError: something it needs is missing or damaged.
    """
    chosen = judge(used)
    return LiveSession(
        open_analyser(settings(), chosen),
        store(),
        clocks=Clocks(seconds=monotonic, now=lambda: datetime.now(UTC)),
        not_sure_below=chosen.card.not_sure_below,
    )
