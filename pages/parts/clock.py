"""Moments as the visitor's own clock shows them."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st


def when(moment: datetime) -> str:
    """Day and time in the visitor's time zone: "21 Nov 2026, 12:00"."""
    return f"{moment.astimezone(_zone()):%d %b %Y, %H:%M}"


def at_what_time(moment: datetime) -> str:
    """The time alone, in the visitor's time zone: "12:00"."""
    return f"{moment.astimezone(_zone()):%H:%M}"


def _zone() -> tzinfo:
    """The browser's time zone; UTC where it names none that this machine knows."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
