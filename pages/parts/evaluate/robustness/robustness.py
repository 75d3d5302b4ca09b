"""Robustness of a model: corruptions, picture quality, face detection and groups."""

from __future__ import annotations

from datetime import datetime
from html import escape
from typing import Final

import pandas as pd
import streamlit as st

from core.datasets.report import data_uri
from core.domain.counted import counted
from core.evaluation.predictions import Evaluation
from core.evaluation.robustness import (
    CORRUPTIONS,
    QUALITY_MEASURES,
    CorruptionCurve,
    DetectionReport,
    RobustnessReport,
    robustness_csv,
)
from core.evaluation.robustness import presentation as words
from pages.parts.evaluate.robustness import cached, robustness_run, subgroups
from pages.parts.evaluate.robustness import charts as robustness_charts
from pages.parts.shell import charts as shell_charts
from pages.parts.shell import session_state
from pages.parts.shell.theme import plain, when

APPLIED: Final = "Corruptions"
NATURAL_SECTION: Final = "By picture quality"
FRAMES: Final = "Face detection"
GROUPS: Final = "Groups"

_ROW_PX = 35  # of a table: no row is hidden behind a scroll bar
_STYLE = """<style>
.mien-levels { display: flex; gap: 8px; flex-wrap: wrap; }
.mien-levels figure { margin: 0; width: 84px; }
.mien-levels img { width: 100%; border-radius: 6px; display: block; image-rendering: auto; }
.mien-levels figcaption { font-size: 0.75rem; opacity: 0.85; text-align: center; }
</style>"""


def draw(evaluation: Evaluation) -> None:
    """Draw the robustness of one evaluation.

    Raises:
        DamagedModel: the results cannot be read.
    """
    section = st.segmented_control(
        "Robustness",
        (APPLIED, NATURAL_SECTION, FRAMES, GROUPS),
        default=APPLIED,
        required=True,
        label_visibility="collapsed",
        key="robustness-section",
        wrap=True,
    )
    if section == GROUPS:
        subgroups.draw(evaluation)
        return
    robustness_run.follow(evaluation)
    report = cached.robustness_of(evaluation)
    if report is None:
        robustness_run.draw_first(evaluation)
        return
    match section:
        case "By picture quality":
            _draw_natural(report)
        case "Face detection":
            _draw_frames(report)
        case _:
            _draw_applied(evaluation, report)
    _draw_foot(evaluation, report)


def _draw_applied(evaluation: Evaluation, report: RobustnessReport) -> None:
    st.markdown(f"**{words.robustness_summary(report)}**")
    curves = {curve.name: curve for curve in report.curves}
    name = _choose_corruption(list(curves), key="robustness-applied")
    curve = curves[name]
    st.plotly_chart(
        shell_charts.escape_figure(robustness_charts.accuracy_along(curve, report.clean)),
        config=shell_charts.CONFIG,
        key=f"robustness-curve-{name}",
    )
    drop = words.drop_sentence(curve, report.clean)
    st.markdown(f"{drop} {words.confidence_sentence(curve, report.clean)}")
    _draw_levels(evaluation, report, name)
    st.caption(
        f"{CORRUPTIONS[name].about} The band is the 95 % CI, the dotted line the accuracy without "
        "corruption. A drop is significant by McNemar's test on the same pictures, corrected for "
        "all levels of all corruptions (Holm)."
    )
    _draw_all(report)


def _draw_levels(evaluation: Evaluation, report: RobustnessReport, name: str) -> None:
    """One picture at each level."""
    reopened = cached.reopened(evaluation, report.split)
    picture = cached.example(reopened, session_state.corruption_example.get())
    figures = [
        f'<figure><img alt="{escape(amount)}" src="{data_uri(one)}">'
        f"<figcaption>{escape(amount)}</figcaption></figure>"
        for amount, one in cached.levels_of(picture, name)
    ]
    st.html(f'{_STYLE}<div class="mien-levels">{"".join(figures)}</div>')
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Another picture", key="robustness-another", icon=":material/casino:"):
            session_state.corruption_example.set(session_state.corruption_example.get() + 1)
            st.rerun()
        if reopened is None:
            st.caption("A synthetic face, as the evaluated pictures are not on this machine.")


def _draw_all(report: RobustnessReport) -> None:
    st.subheader("All corruptions", anchor=False)
    st.dataframe(
        pd.DataFrame([_row(curve, report) for curve in report.curves]),
        hide_index=True,
        height=(len(report.curves) + 1) * _ROW_PX + 3,
        column_config={
            "Corruption": st.column_config.TextColumn(width="medium"),
            "Accuracy by level": st.column_config.LineChartColumn(y_min=0, y_max=100),
            "Mean": st.column_config.NumberColumn(format="%.1f %%", help="Over all levels."),
            "At highest level": st.column_config.NumberColumn(
                format="%.1f %%", help="Accuracy at the highest level."
            ),
            "Level": st.column_config.TextColumn(help="The highest level."),
            "Not sure": st.column_config.NumberColumn(
                format="%.0f %%", help="Share shown as “not sure” at the highest level."
            ),
        },
        key="robustness-table",
    )


def _row(curve: CorruptionCurve, report: RobustnessReport) -> dict[str, object]:
    corruption, last = CORRUPTIONS[curve.name], curve.points[-1]
    shares = [point.accuracy.value for point in (report.clean, *curve.points)]
    falls = curve.falls_at
    return {
        "Corruption": corruption.title,
        "Accuracy by level": [round(one * 100, 1) for one in shares],
        "Significant drop from": "none" if falls is None else corruption.from_here(falls),
        "Mean": curve.mean_accuracy * 100,
        "At highest level": last.accuracy.value * 100,
        "Level": corruption.written(last.level),
        "Not sure": last.not_sure.value * 100,
    }


def _draw_natural(report: RobustnessReport) -> None:
    st.markdown(
        "The original pictures, binned by a measure of their quality. They differ in other "
        "things too, so a lower bar is a hint and no proof of a cause."
    )
    found = {one.name: one for one in report.natural}
    name = st.segmented_control(
        "Measure",
        list(found),
        default=next(iter(found)),
        required=True,
        format_func=lambda one: QUALITY_MEASURES[one].title,
        key="robustness-natural",
        wrap=True,
    )
    chosen = found[name]
    st.plotly_chart(
        shell_charts.escape_figure(robustness_charts.natural_bars(chosen, report.clean.accuracy)),
        config=shell_charts.CONFIG,
        key=f"robustness-bars-{name}",
    )
    st.markdown(words.quality_sentence(chosen))
    if chosen.not_measured:
        st.markdown(
            f"In {chosen.not_measured:,} of {counted(report.pictures, 'picture')} no face was "
            "large and clear enough to estimate the head pose."
        )
    st.caption(
        f"{QUALITY_MEASURES[name].about} Chi-squared test, corrected for all measures (Holm)."
    )


def _draw_frames(report: RobustnessReport) -> None:
    if report.finding is None:
        st.markdown(
            "**Face detection was not measured yet.** Face crops cannot show it: it needs "
            "pictures or videos with a background. Give a folder of your own below. Each face in "
            "it is shown to the detector of the live page, darker, blurred or smaller, and only "
            "counts are saved."
        )
        return
    found = report.finding
    curves = {curve.name: curve for curve in found.curves}
    name = _choose_corruption(list(curves), key="robustness-frames")
    st.plotly_chart(
        shell_charts.escape_figure(robustness_charts.found_along(curves[name])),
        config=shell_charts.CONFIG,
        key=f"robustness-found-{name}",
    )
    st.markdown(words.detection_sentence(curves[name]))
    st.caption(_about_frames(found))
    if found.faces < words.FEW_FACES:
        st.warning(
            f"Only {counted(found.faces, 'face')}, from {counted(found.files, 'file')}: the "
            "intervals are wide, and faces of one person are alike.",
            icon=":material/warning:",
        )


def _about_frames(found: DetectionReport) -> str:
    small = (
        f" {counted(found.too_small, 'face was', 'faces were')} too small to begin with."
        if found.too_small
        else ""
    )
    return (
        f"{counted(found.faces, 'face')} from {counted(found.files, 'picture')} and videos, each "
        f"shown in a frame of 640 x 480 with a face picture of {found.face_px} px, where all of "
        "them are detected and usable. Usable: large, bright, sharp and frontal enough for the "
        "live page. Same prediction: as on the original frame. A drop is significant where the "
        f"95 % CI of the paired difference lies below 0.{small}"
    )


def _draw_foot(evaluation: Evaluation, report: RobustnessReport) -> None:
    made_at = when(datetime.fromisoformat(report.made_at))
    measured = (
        f"Measured {made_at} on {counted(report.pictures, 'picture')} of {plain(report.split)}."
    )
    st.caption(" ".join([measured, *map(plain, report.notes)]))
    st.download_button(
        "Download all metrics (CSV)",
        lambda: robustness_csv(report),
        file_name=f"{evaluation.model}-{evaluation.slug}-robustness.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        key="download-robustness",
    )
    robustness_run.draw_again(evaluation)


def _choose_corruption(names: list[str], *, key: str) -> str:
    return st.selectbox(
        "Corruption",
        names,
        format_func=lambda one: CORRUPTIONS[one].title,
        key=key,
        width=320,
    )
