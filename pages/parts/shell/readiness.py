"""Check results on screen, in two columns."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.system_check import CheckResult, PackageVersion
from pages.parts.shell.theme import plain


def draw(found: Sequence[CheckResult]) -> None:
    """Each check with its finding, and advice where something is needed."""
    grid = st.grid(2, gap="small")  # on a phone one column, in the same order
    for one in found:
        with grid:
            st.markdown(line_of(one))


def draw_versions(packages: Sequence[PackageVersion]) -> None:
    """Each package with its version here and the one that Mien was tested with."""
    rows = [
        {"Package": one.name, "Installed": one.installed or "missing", "Pinned": one.pinned}
        for one in packages
    ]
    st.dataframe(rows, hide_index=True, height="content")


def line_of(one: CheckResult) -> str:
    """One check, as Markdown."""
    icon = ":green[:material/check_circle:]" if one.ok else ":orange[:material/error:]"
    advice = f" {plain(one.advice)}" if one.advice else ""
    return f"{icon} **{plain(one.name)}.** {plain(one.sentence)}{advice}"
