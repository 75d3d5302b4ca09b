"""What is installed and works, in two columns."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.readiness import Readiness


def draw(found: Sequence[Readiness]) -> None:
    """Each part with what was found, and what to do where something needs doing."""
    left, right = st.columns(2, gap="large")
    for at, one in enumerate(found):
        (left if at % 2 == 0 else right).markdown(_line(one))


def _line(one: Readiness) -> str:
    icon = ":green[:material/check_circle:]" if one.ok else ":orange[:material/error:]"
    advice = f" {one.advice}" if one.advice else ""
    return f"{icon} **{one.name}.** {one.sentence}{advice}"
