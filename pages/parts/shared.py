"""What all visitors share, and each thing's lifetime; the only module that uses `st.cache_*`.

What these functions answer is read-only by agreement.
"""

from __future__ import annotations

import gc
import os
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import numpy as np
import streamlit as st

from core.domain import FER7, ModelCard, Session, Timeline
from core.jobs import RunMemory
from core.live import Clocks, LiveSession, Recovery
from core.models import ShelfStamp, list_cards, model_files_stamp, shelf_stamp
from core.policy import UsePolicy
from core.policy import policy_file as policy_store
from core.sessions import SessionStore, demo_session
from core.storage.settings import Settings
from core.system_check import checks as core_system_check
from core.system_check import model_check
from core.system_check import readiness as live_system_check
from core.vision.build import open_analyser
from core.vision.recognition.live_model import Judge, UsedModel, load_quickest_judge, used_model

_DEMO_TIME = datetime(2026, 1, 1, 12, tzinfo=UTC)  # any; equal demos make equal files
_DEMO_SEED = 7

TREND_STEP_S = 0.5
"""As finely as a whole session is drawn; long ones more coarsely (`measures.bucketed`)."""


@st.cache_resource(max_entries=1, show_spinner=False)
def settings() -> Settings:
    """Folders and addresses of this installation, read once from the environment."""
    return Settings.from_environment(os.environ)


@st.cache_resource(max_entries=1, show_spinner=False)
def store() -> SessionStore:
    """The session database.

    Raises:
        StoreError: it cannot be opened.
    """
    return SessionStore.open(settings().database_url)


def cards() -> list[ModelCard]:
    """Every saved model's card, as the shelf is now."""
    models_dir = settings().models_dir
    return _cards_in(models_dir, shelf_stamp(models_dir))


@st.cache_resource(max_entries=2, show_spinner=False)
def _cards_in(models_dir: Path, stamp: ShelfStamp) -> list[ModelCard]:  # noqa: ARG001 - the key
    return list_cards(models_dir)


@st.cache_data(max_entries=1, ttl=10, show_spinner=False)
def found_ready() -> list[live_system_check.Readiness]:
    """What is installed and works, looked at again every ten seconds."""
    return live_system_check.check(settings())


@st.cache_data(max_entries=1, ttl=10, show_spinner=False)
def checked_machine() -> list[live_system_check.Readiness]:
    """What this machine brings along, looked at again every ten seconds."""
    return core_system_check.check_machine(settings())


@st.cache_data(max_entries=1, ttl=600, show_spinner=False)
def package_versions() -> list[core_system_check.PackageVersion]:
    """Every package that Mien uses, with its version."""
    return core_system_check.package_versions()


@st.cache_resource(max_entries=1, ttl=3600, show_spinner=False)
def asked_tensorflow() -> Future[live_system_check.Readiness]:
    """Whether training works here, and on what: asked in a process of its own, at most once an hour
    for all visitors. A page that does not wait shows the answer when it has come.
    """
    return core_system_check.ask_tensorflow()


def checked_tensorflow() -> live_system_check.Readiness:
    """The same answer, waited for: some seconds where nobody has asked before."""
    with st.spinner("Starting TensorFlow …"):
        return asked_tensorflow().result()


def ask_tensorflow_again() -> None:
    """Forget an answer that has come: something may have been installed since."""
    if asked_tensorflow().done():
        asked_tensorflow.clear()


def asked_models() -> Future[list[live_system_check.Readiness]]:
    """Whether every saved model works, as their files are now: asked in a process of its own."""
    models_dir = settings().models_dir
    return _asked_models(models_dir, model_files_stamp(models_dir))


@st.cache_resource(max_entries=1, ttl=3600, show_spinner=False)
def _asked_models(
    models_dir: Path,
    stamp: ShelfStamp,  # noqa: ARG001 - the key
) -> Future[list[live_system_check.Readiness]]:
    return model_check.ask_models(models_dir)


# Sixteen runs with their figures and 1000 without: some 40 MB, of 60 epochs each.
@st.cache_resource(max_entries=1, show_spinner=False)
def run_memory() -> RunMemory:
    """What was read of runs: a look then costs what was written since the last one."""
    return RunMemory()


def use_policy() -> UsePolicy | None:
    """What was chosen for this installation; None if nothing yet.

    Raises:
        NotAllowedHere: the stored choice is damaged.
    """
    return policy_store.read(_use_path())


def set_use_policy(policy: UsePolicy) -> None:
    """Choose region and purpose for this installation.

    Raises:
        StoreError: the data folder cannot be written.
    """
    policy_store.write(_use_path(), policy)


def _use_path() -> Path:
    return policy_store.path_in(settings().data_dir)


@st.cache_resource(max_entries=1, show_spinner=False)
def demo() -> tuple[Session, Timeline]:
    """The demo session, without storing it; always the same."""
    session, moments = demo_session(_DEMO_TIME, np.random.default_rng(_DEMO_SEED))
    return session, Timeline.from_moments(FER7, moments)


def add_demo_session(now: datetime) -> str:
    """Store a demo session as if it had just been recorded; the answer is its id.

    Raises:
        StoreError: the database refuses.
    """
    session, moments = demo_session(now, np.random.default_rng())
    store().begin(session)
    store().append(session.id, moments, now=now)
    store().end(session.id, ended_at=now + timedelta(seconds=moments[-1].time_s))
    return session.id


def used_now(name: str = "") -> UsedModel:
    """A model as it is on the shelf now.

    Args:
        name: on the shelf; empty takes the best one there.
    Raises:
        UnknownModel: none there.
    """
    return used_model(settings().models_dir, name)


@st.cache_resource(max_entries=2, show_spinner="Loading the model …")
def judge(used: UsedModel) -> Judge:
    """A model ready to judge, one for all tabs.

    Raises:
        ModelError: it is gone, or damaged.
    """
    loaded = load_quickest_judge(settings().models_dir, used.name)
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


@st.cache_resource(max_entries=1, show_spinner=False)
def recovery() -> Recovery:
    """Who looks for sessions that a crash cut off.

    Raises:
        StoreError: the database cannot be opened.
    """
    return Recovery(store())
