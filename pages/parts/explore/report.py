"""The report on a dataset: class maps, face regions, findings and downloads."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.datasets.report import PreparePlan, WrittenReport, report_dir, report_file, report_files
from core.datasets.summary import SplitCounts, counts_for_weights
from core.domain import Dataset
from pages.parts.explore import cached
from pages.parts.explore import charts as explore_charts
from pages.parts.explore.cached import DatasetView
from pages.parts.shell import charts as shell_charts
from pages.parts.shell import error_box, run_panel, session_state
from pages.parts.shell.theme import expression_word, plain

_FILES = {
    "report.html": ("Report (HTML)", "text/html"),
    "report.txt": ("Report (text)", "text/plain"),
    "summary.json": ("Summary (JSON)", "application/json"),
    "class_distribution.svg": ("Class distribution (SVG)", "image/svg+xml"),
    "class_distribution.csv": ("Class distribution (CSV)", "text/csv"),
    "class_weights.json": ("Class weights (JSON)", "application/json"),
    "class_weights.txt": ("Class weights (text)", "text/plain"),
    "sample_sheet.png": ("Sample sheet (PNG)", "image/png"),
}
_MAPS = {
    "Mean": (
        explore_charts.mean_faces,
        "Pixel-wise mean of all pictures of a class.",
    ),
    "Variance": (
        explore_charts.variance_faces,
        "Pixel-wise variance of the pictures of a class: lighter is more.",
    ),
    "Difference": (
        explore_charts.effect_faces,
        "Effect size (Cohen's d) of each class against all others: red is brighter, blue is "
        "darker.",
    ),
    "Difference, normalised": (
        explore_charts.normalised_effect_faces,
        "The same effect size after normalising the brightness and contrast of each picture.",
    ),
}


def draw_classes(view: DatasetView, dataset: Dataset) -> None:
    """Draw the class maps, brightness histograms and face regions."""
    report = _current_report(view, dataset)
    if report is None:
        return
    kind = st.segmented_control(
        "Class maps",
        list(_MAPS),
        default="Mean",
        required=True,
        key="face-maps",
        wrap=True,
    )
    draw_map, words = _MAPS[kind]
    st.caption(words)
    if report.faces:
        st.plotly_chart(
            shell_charts.escape_figure(draw_map(report.faces)),
            config=shell_charts.CONFIG,
            key=f"faces-{kind}",
        )
    else:
        st.info("These classes have too few pictures to average: the mean would show a person.")
    st.subheader("Brightness", anchor=False)
    st.plotly_chart(
        shell_charts.escape_figure(explore_charts.intensity_histograms(report.faces)),
        config=shell_charts.CONFIG,
        key="histograms",
    )
    st.subheader("Face regions", anchor=False)
    st.plotly_chart(
        shell_charts.escape_figure(explore_charts.region_effects(report.regions)),
        config=shell_charts.CONFIG,
        key="regions",
    )
    for effect in sorted(report.regions, key=lambda one: -one.raw.eta_squared)[:5]:
        st.markdown(f"- {plain(effect.sentence)}")


def draw_report(view: DatasetView, dataset: Dataset) -> None:
    """Draw findings, next steps, class weights and downloads."""
    report = _current_report(view, dataset)
    if report is None:
        return
    st.subheader("Summary", anchor=False)
    st.markdown("\n".join(f"- {plain(one)}" for one in report.findings))
    st.subheader("Next steps", anchor=False)
    st.markdown("\n".join(f"- {plain(one)}" for one in report.next_steps))
    _draw_weights(counts_for_weights(report.counts, dataset.protocol))
    folder = report_dir(cached.folder_of(view.name), view.classes)
    with st.container(horizontal=True):
        for file in report_files(folder):
            words, mime = _FILES[file]
            st.download_button(
                words,
                partial(report_file, folder, file),
                file_name=f"{view.name}-{file}",
                mime=mime,
                icon=":material/download:",
                on_click="ignore",
                key=f"download-{file}",
            )
    _draw_create_form(view, "Update report")


def _draw_weights(counts: SplitCounts) -> None:
    """Draw the table of class weights."""
    st.subheader("Class weights", anchor=False)
    st.caption(
        f"Computed on {plain(counts.split)}: they balance the classes in training and "
        "average to 1 over all pictures."
    )
    rows = [
        {
            "Class": expression_word(one.label),
            "Pictures": one.pictures,
            "Weight": one.weight,
        }
        for one in counts.classes
    ]
    numbers = {"Weight": st.column_config.NumberColumn(format="%.3f")}
    st.dataframe(
        rows, hide_index=True, height="content", column_config=numbers, key="class-weights"
    )


def _current_report(view: DatasetView, dataset: Dataset) -> WrittenReport | None:
    """The current report; None, and a button that creates one, where it is missing or stale."""
    report = cached.report_of(view)
    if report is None:
        st.markdown(
            "**No report yet.** A report shows the class distribution, mean faces and "
            "differences between classes by face region, and checks published figures. "
            "FER2013 takes about 15 seconds."
        )
    elif report.content_hash != dataset.content_hash:
        st.warning("The report is out of date: pictures, labels or classes have changed since.")
    else:
        return report
    _draw_create_form(view, "Create report")
    return None


def _draw_create_form(view: DatasetView, words: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(words, key="prepare", icon=":material/lab_profile:")
        pictures = st.checkbox(
            "Include sample pictures (and a sample sheet as PNG)",
            key="report-pictures",
            help="The files then show faces: share them only with people who may see them.",
        )
    if pressed:
        plan = PreparePlan(view.name, view.classes, pictures=pictures)
        with error_box.on_error():
            session_state.data_run.set(run_panel.start_run("prepare", plan.to_json()))
            st.rerun()
