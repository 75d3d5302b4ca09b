"""Caches of the live session of a tab and of its model, with their lifetimes."""

from __future__ import annotations

import gc
from datetime import UTC, datetime
from time import monotonic

import streamlit as st

from core.domain import AnalysisSite
from core.live import BROWSER_FLUSH_EVERY_S, FLUSH_EVERY_S, Clocks, LiveSession, WritingThread
from core.vision import ReadingAnalyser, open_analyser
from core.vision.recognition import LoadedModel, ModelVersion, load_live_model, model_version
from pages.parts.sessions.cached import store
from pages.parts.shell.cached import settings


def current_version(name: str = "") -> ModelVersion:
    """The current version of a registered model.

    Args:
        name: in the registry; empty takes the best model.
    Raises:
        UnknownModel: there is none.
    """
    return model_version(settings().models_dir, name)


@st.cache_resource(max_entries=2, show_spinner="Loading the model …")
def loaded_model(version: ModelVersion) -> LoadedModel:
    """A loaded model, shared by all tabs.

    Raises:
        ModelError: it is missing or damaged.
    """
    loaded = load_live_model(settings().models_dir, version.name)
    # Load-bearing: without it every garbage collection traverses the model, on the camera's time.
    gc.collect()
    gc.freeze()
    return loaded


@st.cache_resource(max_entries=1, show_spinner=False)
def writing_thread() -> WritingThread:
    """What writes the live sessions of all tabs.

    Raises:
        StoreError: the database cannot be opened.
    """
    return WritingThread(store(), now=lambda: datetime.now(UTC))


def _close(live: LiveSession) -> None:
    live.close()


# One per tab: choosing another model or place closes the live session of the one before.
@st.cache_resource(
    scope="session", max_entries=1, on_release=_close, show_spinner="Loading the face models …"
)
def live_session(version: ModelVersion, site: AnalysisSite) -> LiveSession:
    """This tab's live session; closed, with its rows stored, when the tab closes.

    Args:
        version: of the model.
        site: where frames are analysed.
    Raises:
        ModelError, AssetError, StoreError: something it needs is missing or damaged.
    """
    model = loaded_model(version)
    in_browser = site is AnalysisSite.BROWSER
    return LiveSession(
        ReadingAnalyser(model.card) if in_browser else open_analyser(settings(), model),
        writing_thread(),
        clocks=Clocks(seconds=monotonic, now=lambda: datetime.now(UTC)),
        not_sure_below=model.card.not_sure_below,
        flush_every_s=BROWSER_FLUSH_EVERY_S if in_browser else FLUSH_EVERY_S,
    )
