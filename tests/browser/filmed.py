"""A session of frames that come by themselves."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Event, Thread
from time import monotonic

import numpy as np
import streamlit as st

from core.live import Clocks, LiveSession
from pages.parts.sessions.cached import store
from tests.fakes import FakeAnalyser
from tests.make import make_session

SESSION = "filmed"
_RGB = np.zeros((48, 64, 3), dtype=np.uint8)


@st.cache_resource(max_entries=1)
def filmed_session() -> LiveSession:
    """The session `SESSION`, which gets ten frames a second as long as this process lives."""
    live = LiveSession(
        FakeAnalyser(),
        store(),
        clocks=Clocks(monotonic, lambda: datetime.now(UTC)),
        not_sure_below=0.5,
        flush_every_s=0.2,
    )
    live.begin(make_session(SESSION, began_at=datetime.now(UTC)))
    Thread(target=_film, args=(live,), daemon=True).start()
    return live


def _film(live: LiveSession) -> None:
    rest = Event()
    while not rest.wait(0.1):
        live.process_frame(_RGB, monotonic())
