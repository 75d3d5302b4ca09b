"""The report on one evaluation: summary, downloads and preview."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.evaluation.predictions import Evaluation
from core.evaluation.report import (
    REPORT_FORMATS,
    FullReport,
    findings,
    limits,
    to_html,
    to_markdown,
)
from pages.parts.evaluate import cached
from pages.parts.shell.theme import plain, unlinked

_PAGE, _CARD = "The report", "The model card"
_PREVIEW_PX = 900


def draw(evaluation: Evaluation) -> None:
    """Draw the summary of the report, its files, and a preview.

    Raises:
        DamagedModel: a file of the evaluation is missing or damaged.
    """
    report = cached.report_of(evaluation)
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader("Summary", anchor=False)
        st.markdown("\n".join(f"- {plain(one)}" for one in findings(report)))
    with right:
        st.subheader("Limits", anchor=False)
        st.markdown("\n".join(f"- {plain(one)}" for one in limits(report)))
    _draw_files(evaluation, report)
    _draw_preview(report)


def _draw_files(evaluation: Evaluation, report: FullReport) -> None:
    with st.container(horizontal=True):
        for offered in REPORT_FORMATS:
            st.download_button(
                offered.title,
                partial(offered.write, report),
                file_name=f"{evaluation.model}-{evaluation.slug}-{offered.file_name}",
                mime=offered.mime,
                icon=":material/download:",
                on_click="ignore",
                help=offered.about,
                key=f"download-{offered.file_name}",
            )
    st.caption("They contain metrics and mean saliency maps, and no picture of anybody.")


def _draw_preview(report: FullReport) -> None:
    shown = st.pills("Preview", (_PAGE, _CARD), key="report-preview")
    if shown == _PAGE:
        # Every word in it is escaped, and its own policy lets no script run.
        st.iframe(to_html(report), height=_PREVIEW_PX)
    elif shown == _CARD:
        with st.container(border=True):
            st.markdown(unlinked(to_markdown(report)))
