"""What a class leaves: the lesson over time, how dips and flags agree, and files."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import streamlit as st

from core.classroom.board import BoardView
from core.classroom.exporters import FLAG_TITLES, ClassReport, Stretch, class_files, class_report
from core.domain.classroom import Classroom
from core.policy import UsePolicy
from pages.parts.classroom.board import draw_lesson
from pages.parts.classroom.cached import board_view
from pages.parts.classroom.view_words import FIGURE_WORDS, stretch_words
from pages.parts.shell import error_box, fragments
from pages.parts.shell.theme import clock_time, duration, plain, when

_LATE_FOR, _LOOKS_EVERY_S = timedelta(seconds=15), 1.0
"""How long the last seconds may be under way once a class is closed, and how often is looked."""

_BY_SLIDE, _BY_MINUTE = "By slide or topic", "By minute"
_ICONS = {"html": ":material/print:"}


def draw_after(classroom: Classroom, policy: UsePolicy) -> None:
    """The lesson that is over.

    Raises:
        StoreError, UnknownClassroom.
    """
    view = board_view(classroom, policy)
    st.write("This class is closed: nothing is shared any more.")
    who = f"{view.counts.joined} joined"
    st.caption(f"{when(classroom.opened_at)}, {duration(view.at_s)} · {who}")
    if not view.counts.joined:
        st.write("Nobody joined, so there is nothing to report.")
        return
    if classroom.closed_at is not None and datetime.now(UTC) - classroom.closed_at < _LATE_FOR:
        fragments.fragment(run_every=_LOOKS_EVERY_S)(_follow)(classroom, policy, view)
    report = class_report(classroom, view, made_at=datetime.now(UTC))
    with st.container(horizontal=True, gap="small"):
        _offer_files(report)
    draw_lesson(view, key="after")
    st.write(plain(report.agreement.sentence))
    _draw_stretches(report)
    _draw_questions(report)
    st.markdown("**What not to conclude**")
    st.markdown("\n".join(f"- {plain(one)}" for one in report.limits))


@error_box.on_error()
def _follow(classroom: Classroom, policy: UsePolicy, drawn: BoardView) -> None:
    """Draw the report again where the last seconds came after it."""
    view = board_view(classroom, policy)
    if not np.array_equal(view.windows.measured, drawn.windows.measured):
        st.rerun()


def _offer_files(report: ClassReport) -> None:
    for one in class_files(report):
        st.download_button(
            plain(one.title),
            one.content,
            file_name=f"{report.classroom.id}-{one.name}",
            mime=one.mime,
            icon=_ICONS.get(one.name.rpartition(".")[2], ":material/download:"),
            on_click="ignore",
            key=f"class-file-{one.name}",
        )


def _draw_stretches(report: ClassReport) -> None:
    """Means of each slide, topic or minute."""
    ways = {_BY_SLIDE: report.slides, _BY_MINUTE: report.minutes}
    offered = [name for name, stretches in ways.items() if stretches]
    chosen = st.segmented_control(
        "Timeline", offered, default=offered[0], required=True, wrap=True, key="class-timeline"
    )
    # A table that is drawn, not read as markup: labels are the teacher's own words.
    rows = [_row(one, report) for one in ways[chosen or offered[0]]]
    st.dataframe(rows, hide_index=True, key=f"class-stretches-{chosen}")


def _row(stretch: Stretch, report: ClassReport) -> dict[str, str]:
    smallest = report.view.smallest_group
    begins, ends = clock_time(stretch.begins_s), clock_time(stretch.ends_s)
    row = {"When": f"{begins} to {ends}", "What": stretch.label or f"Minute {stretch.number}"}
    for name, words in FIGURE_WORDS.items():
        if name in stretch.figures:
            row[words] = stretch_words(stretch.figures[name], name, smallest)
    row["In a dip"] = duration(max(stretch.dip_s.values(), default=0.0))
    pressed = [
        f"{count} {FLAG_TITLES[kind].lower()}" for kind, count in stretch.flags.items() if count
    ]
    row["Flags"] = ", ".join(pressed)  # last, as it may be long
    return row


def _draw_questions(report: ClassReport) -> None:
    if not report.questions:
        return
    with st.expander(f"Questions ({len(report.questions)})", icon=":material/contact_support:"):
        for one in report.questions:
            who = f"{plain(one.name)}, " if one.name else ""
            st.markdown(f"{who}{clock_time(one.time_s)}: {plain(one.words)}")
