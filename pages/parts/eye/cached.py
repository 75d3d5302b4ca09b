"""Caches of the eye in the browser, with their lifetimes."""

from __future__ import annotations

from datetime import UTC, datetime
from time import monotonic

import streamlit as st

from core.eye import RowIngest, TokenSigner, server_secret
from core.live import Clocks
from core.policy import policy_file
from pages.parts.shell.cached import settings


@st.cache_resource(max_entries=1, show_spinner=False)
def row_ingest() -> RowIngest:
    """Where the rows of all browsers arrive; shared by all tabs and by the server's routes.

    Raises:
        StoreError: the data folder cannot be written.
    """
    signer = TokenSigner(server_secret(settings().data_dir))
    clocks = Clocks(seconds=monotonic, now=lambda: datetime.now(UTC))
    path = policy_file.path_in(settings().data_dir)
    return RowIngest(signer, clocks=clocks, policy=lambda: policy_file.read(path))
