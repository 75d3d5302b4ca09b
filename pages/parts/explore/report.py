"""The report on a dataset: its faces and regions on screen, its files to hand in."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.datasets import PreparePlan
from core.datasets.report import WrittenReport, report_dir, report_file, report_files
from core.datasets.summary import SplitCounts, counts_for_weights
from core.domain import Dataset
from pages.parts.explore import cached
from pages.parts.explore import charts as explore_charts
from pages.parts.explore.cached import View
from pages.parts.shell import charts as shell_charts
from pages.parts.shell import error_box, run_panel, session_state
from pages.parts.shell.theme import expression_word, plain

_FILES = {
    "report.html": ("Report (HTML)", "text/html"),
    "report.txt": ("Report (text)", "text/plain"),
    "summary.json": ("Numbers (JSON)", "application/json"),
    "class_distribution.svg": ("Class distribution (SVG)", "image/svg+xml"),
    "class_distribution.csv": ("Class distribution (CSV)", "text/csv"),
    "class_weights.json": ("Class weights (JSON)", "application/json"),
    "class_weights.txt": ("Class weights (text)", "text/plain"),
    "sample_sheet.png": ("Sample sheet (PNG)", "image/png"),
}
_MAPS = {
    "Mean": (
        explore_charts.mean_faces,
        "All pictures of a class laid over each other.",
    ),
    "Variance": (
        explore_charts.variance_faces,
        "Where the pictures of a class differ from one another.",
    ),
    "Difference": (
        explore_charts.effect_faces,
        "Each class against all others, in standard deviations: red is lighter, blue darker.",
    ),
    "Without lighting": (
        explore_charts.levelled_effect_faces,
        "The same once every picture has one brightness and contrast.",
    ),
}


def draw_classes(view: View, dataset: Dataset) -> None:
    """What each class looks like and where classes differ."""
    report = _current(view, dataset)
    if report is None:
        return
    kind = st.segmented_control(
        "Faces of the classes",
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
            shell_charts.as_letters(draw_map(report.faces)),
            config=shell_charts.CONFIG,
            key=f"faces-{kind}",
        )
    else:
        st.info("Classes of so few pictures are not averaged: the mean would show a person.")
    st.subheader("Brightness", anchor=False)
    st.plotly_chart(
        shell_charts.as_letters(explore_charts.intensity_histograms(report.faces)),
        config=shell_charts.CONFIG,
        key="histograms",
    )
    st.subheader("Parts of the face", anchor=False)
    st.plotly_chart(
        shell_charts.as_letters(explore_charts.region_effects(report.regions)),
        config=shell_charts.CONFIG,
        key="regions",
    )
    for effect in sorted(report.regions, key=lambda one: -one.raw.eta_squared)[:5]:
        st.markdown(f"- {plain(effect.sentence)}")


def draw_report(view: View, dataset: Dataset) -> None:
    """Findings, next steps, and the files."""
    report = _current(view, dataset)
    if report is None:
        return
    st.subheader("In short", anchor=False)
    st.markdown("\n".join(f"- {plain(one)}" for one in report.findings))
    st.subheader("What to do next", anchor=False)
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
    _draw_again(view, "Make it again")


def _draw_weights(learning: SplitCounts) -> None:
    """What one picture of each class counts, so that all classes count alike."""
    st.subheader("Class weights", anchor=False)
    st.caption(
        f"From {plain(learning.split)}: with them every class counts alike in training, and over "
        "all pictures they average to 1."
    )
    rows = [
        {
            "Class": expression_word(one.label),
            "Pictures": one.pictures,
            "Weight": one.weight,
        }
        for one in learning.classes
    ]
    numbers = {"Weight": st.column_config.NumberColumn(format="%.3f")}
    st.dataframe(
        rows, hide_index=True, height="content", column_config=numbers, key="class-weights"
    )


def _current(view: View, dataset: Dataset) -> WrittenReport | None:
    """The report as it is; None with a button where there is none, or only of other pictures."""
    report = cached.report_of(view)
    if report is None:
        st.markdown(
            "**No report yet.** It counts classes, averages faces, compares parts of the face, and "
            "checks published figures. FER2013 takes about 15 seconds."
        )
    elif report.content_hash != dataset.content_hash:
        st.warning("The report is about other pictures: something was corrected or mapped since.")
    else:
        return report
    _draw_again(view, "Make the report")
    return None


def _draw_again(view: View, words: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(words, key="prepare", icon=":material/lab_profile:")
        pictures = st.checkbox(
            "With sample pictures (and a sample sheet as PNG)",
            key="report-pictures",
            help="The files then show faces: give them only to people who may see them.",
        )
    if pressed:
        plan = PreparePlan(view.name, view.classes, pictures=pictures)
        with error_box.on_error():
            session_state.data_run.set(run_panel.begin("prepare", plan.to_json()))
            st.rerun()
