"""Caches of the page Join a class, shared by all visitors."""

from __future__ import annotations

from time import monotonic

import streamlit as st

from core.classroom import FlagLimit, GuessLimit


@st.cache_resource(max_entries=1, show_spinner=False)
def flag_limit() -> FlagLimit:
    """How often each learner pressed a flag, in all tabs."""
    return FlagLimit()


@st.cache_resource(max_entries=1, show_spinner=False)
def guess_limit() -> GuessLimit:
    """How often wrong codes were typed, by all visitors."""
    return GuessLimit(clock=monotonic)
