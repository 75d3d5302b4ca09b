"""Caches of the eye in the browser, with their lifetimes."""

from __future__ import annotations

import atexit
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from time import monotonic

import streamlit as st

from core.classroom.ingest import (
    ANALYSIS_THREADS,
    AnalysisPool,
    ClassDesk,
    ClassIngest,
    ClassSources,
    SecondsWriter,
    ServerLearners,
    StudyRows,
)
from core.eye import LEARNERS, LEVELS, LevelIngest, RowIngest, TokenSigner, server_secret
from core.live import Clocks, WritingThread
from core.models import load_card
from core.policy import UsePolicy, class_refusal, policy_file
from core.practice import append_levels
from pages.parts.sessions.cached import store
from pages.parts.shell.cached import settings


@st.cache_resource(max_entries=1, show_spinner=False)
def row_ingest() -> RowIngest:
    """Where the rows of all browsers arrive; shared by all tabs and by the server's routes.

    Raises:
        StoreError: the data folder cannot be written.
    """
    signer = TokenSigner(server_secret(settings().data_dir))
    return RowIngest(signer, clocks=_clocks(), policy=_stored_policy())


@st.cache_resource(max_entries=1, show_spinner=False)
def level_ingest() -> LevelIngest:
    """Where the levels of all microphones arrive; shared likewise.

    Raises:
        StoreError: the data folder cannot be written, or the database not be opened.
    """
    signer = TokenSigner(server_secret(settings().data_dir), purpose=LEVELS)
    save = partial(append_levels, store())
    return LevelIngest(signer, clocks=_clocks(), policy=_stored_policy(), save=save)


@st.cache_resource(max_entries=1, show_spinner=False)
def class_ingest() -> ClassIngest:
    """Where the rows of all learners arrive; shared likewise.

    Raises:
        StoreError: the data folder cannot be written, or the database not be opened.
    """
    signer = TokenSigner(server_secret(settings().data_dir), purpose=LEARNERS)
    clocks = _clocks()
    ingest = ClassIngest(
        signer,
        clocks=clocks,
        desk=_class_desk(),
        writer=_seconds_writer(),
        study=StudyRows(store(), WritingThread(store(), now=clocks.now), clocks),
    )
    atexit.register(ingest.close)  # the seconds that are not complete yet are stored too
    return ingest


@st.cache_resource(max_entries=1, show_spinner=False)
def server_learners() -> ServerLearners:
    """Learners whose frames this server analyses; shared likewise.

    Raises:
        StoreError: the database cannot be opened.
    """
    return ServerLearners(
        _class_desk(),
        _seconds_writer(),
        clocks=_clocks(),
        pool=AnalysisPool(ANALYSIS_THREADS),
    )


@st.cache_resource(max_entries=1, show_spinner=False)
def _class_desk() -> ClassDesk:
    policy, models_dir = _stored_policy(), settings().models_dir
    sources = ClassSources(
        store(),
        policy_refusal=lambda classroom: class_refusal(policy(), classroom),
        card_of=partial(load_card, models_dir),
    )
    return ClassDesk(sources, _clocks())


@st.cache_resource(max_entries=1, show_spinner=False)
def _seconds_writer() -> SecondsWriter:
    return SecondsWriter(store(), now=_clocks().now)


def _clocks() -> Clocks:
    return Clocks(seconds=monotonic, now=lambda: datetime.now(UTC))


def _stored_policy() -> Callable[[], UsePolicy | None]:
    path = policy_file.path_in(settings().data_dir)
    return lambda: policy_file.read(path)
