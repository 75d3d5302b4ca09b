"""Caches of the eye in the browser, with their lifetimes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from time import monotonic

import streamlit as st

from core.eye import LEVELS, LevelIngest, RowIngest, TokenSigner, server_secret
from core.live import Clocks
from core.policy import UsePolicy, policy_file
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


def _clocks() -> Clocks:
    return Clocks(seconds=monotonic, now=lambda: datetime.now(UTC))


def _stored_policy() -> Callable[[], UsePolicy | None]:
    path = policy_file.path_in(settings().data_dir)
    return lambda: policy_file.read(path)
