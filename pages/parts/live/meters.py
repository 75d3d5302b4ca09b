"""Quiet meters of one face's measures."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.live import MeasureReading
from pages.parts.live.sparkline import sparkline
from pages.parts.shell.theme import plain


def draw_meters(readings: Sequence[MeasureReading]) -> None:
    """Each measure with its value, the trend of the last minute, and what it rests on.

    Side by side, on a phone two in a row: the style of the app says so for this key.
    """
    with st.container(key="meters"):
        for column, reading in zip(st.columns(len(readings)), readings, strict=True):
            with column:
                _draw_meter(reading)


def _draw_meter(reading: MeasureReading) -> None:
    title = reading.measure.title
    st.markdown(f"{plain(title)}  \n**{plain(reading.text)}**", help=plain(reading.help))
    line = sparkline(reading.trend, reading.scale, title=f"{title}, last minute")
    st.markdown(line, unsafe_allow_html=True)  # `st.html` leaves SVG out
    st.caption(plain(reading.caption))
