"""Synthetic sessions that are stored on request, to try Mien without a camera."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np

from core.domain import AnalysedFrame, Session
from core.sessions import demo_calibration, demo_group, demo_session
from pages.parts.sessions.cached import store


def add_demo_session(now: datetime) -> str:
    """Store a demo session as if it had just been recorded; returns its id.

    Raises:
        StoreError: the database refuses.
    """
    session = _add_demo(*demo_session(now, np.random.default_rng()))
    store().set_calibration(session.id, 1, demo_calibration(now))
    return session.id


def add_demo_group(now: datetime) -> str:
    """Store a demo of a group, as if it had just been recorded for research; returns its id.

    Raises:
        StoreError: the database refuses.
    """
    return _add_demo(*demo_group(now, np.random.default_rng())).id


def _add_demo(session: Session, moments: list[AnalysedFrame]) -> Session:
    now = session.began_at
    store().begin(session)
    store().append(session.id, moments, now=now)
    store().end(session.id, ended_at=now + timedelta(seconds=moments[-1].time_s))
    return session
