"""Metrics of groups that a visitor declares."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.domain.counted import percent, tenths
from core.domain.wording import exactly, points_of
from core.evaluation.evaluator import ReopenedEvaluation
from core.evaluation.predictions import Evaluation
from core.evaluation.subgroups import (
    SMALL,
    GroupFigures,
    GroupsReport,
    folder_levels,
    groups_csv,
    groups_of,
    groups_words,
    names_of,
    read_group_table,
)
from pages.parts.evaluate.pictures import not_here
from pages.parts.evaluate.robustness import cached
from pages.parts.evaluate.robustness import charts as robustness_charts
from pages.parts.shell import charts as shell_charts
from pages.parts.shell import error_box, session_state
from pages.parts.shell.theme import plain

_TABLE, _FOLDER = "A table (CSV)", "A folder of the pictures"
_LARGEST_MB = 20


def draw(evaluation: Evaluation) -> None:
    """Groups stored with an evaluation, and a form to declare others.

    Raises:
        DamagedModel: stored metrics cannot be read.
    """
    st.markdown(
        "**Mien never guesses who somebody is.** It infers no race, ethnicity, gender, sex or "
        "age from a face, here or anywhere. If you know groups, because people told you, declare "
        "them in a table of your own. The table is used as it is, and only metrics of whole "
        "groups are saved."
    )
    split = evaluation.judges
    reopened = cached.reopened(evaluation, split)
    declared: tuple[GroupsReport, ...] = ()
    if reopened is None:
        not_here.draw_not_here(evaluation)
    else:
        with error_box.on_error():
            declared = _declare(reopened)
    if declared:
        _draw_declared(evaluation, declared)
        return
    stored = cached.groups_of(evaluation)
    if stored:
        st.subheader("Saved with this evaluation", anchor=False)
        _draw_reports(evaluation, stored)


def _declare(reopened: ReopenedEvaluation) -> tuple[GroupsReport, ...]:
    """Groups that the visitor declares now; empty without any."""
    names, _ = names_of(reopened)
    levels = folder_levels(names)
    ways = (_TABLE, _FOLDER) if levels else (_TABLE,)
    way = ways[0]
    if levels:
        way = st.segmented_control(
            "Declared by", ways, default=_TABLE, required=True, key="groups-way", wrap=True
        )
    if way == _FOLDER:
        level = st.segmented_control(
            "Level",
            range(1, levels + 1),
            default=1,
            required=True,
            help="1 is the outermost folder.",
            key="groups-level",
            wrap=True,
        )
        return tuple(groups_of(reopened, level=int(level)))
    file = st.file_uploader(
        "Table of groups", type=["csv"], max_upload_size=_LARGEST_MB, key="groups-table"
    )
    st.caption(
        "One row per picture or person: a column **picture** (here they are called like "
        f"{plain(names[0])}) or **subject**, and one column for each kind of group. It stays in "
        "memory and is deleted with the page."
    )
    if file is None:
        return ()
    return tuple(groups_of(reopened, table=read_group_table(file.getvalue())))


def _draw_declared(evaluation: Evaluation, declared: tuple[GroupsReport, ...]) -> None:
    _draw_reports(evaluation, declared)
    if session_state.groups_saved.take():
        st.success("Saved with this evaluation: metrics of the groups, and no row of the table.")
    if st.button(
        "Save these metrics",
        key="groups-keep",
        icon=":material/save:",
        help="They then appear in the report and are published with the model.",
    ):
        with error_box.on_error():
            cached.keep_groups(evaluation, declared)
            session_state.groups_saved.set(True)
            st.rerun()


def _draw_reports(evaluation: Evaluation, reports: tuple[GroupsReport, ...]) -> None:
    report = _choose_report(reports)
    st.markdown(f"**{plain(groups_words(report))}**")
    if report.small_groups:
        st.warning(
            f"Fewer than {SMALL} pictures: {plain(', '.join(report.small_groups))}. Their "
            "intervals are too wide to compare; they are shown as hollow points.",
            icon=":material/warning:",
        )
    st.plotly_chart(
        shell_charts.escape_figure(robustness_charts.group_dots(report)),
        config=shell_charts.CONFIG,
        key=f"groups-dots-{report.title}",
    )
    known = any(one.people for one in report.groups)
    st.dataframe(
        pd.DataFrame([_row(one) for one in report.groups]),
        hide_index=True,
        column_config=None if known else {"People": None},
        key="groups-figures",
    )
    st.caption(
        "Sorted by name: where intervals overlap there is no ranking. In brackets the 95 % CI. "
        "Balanced accuracy is the mean recall of the expressions present. Groups with "
        "other shares of expressions, or other cameras, may differ for that reason alone."
    )
    for note in report.notes:
        st.caption(plain(note))
    st.download_button(
        "Download groups (CSV)",
        lambda: groups_csv(list(reports)),
        file_name=f"{evaluation.model}-{evaluation.slug}-groups.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        key="download-groups",
    )


def _choose_report(reports: tuple[GroupsReport, ...]) -> GroupsReport:
    if len(reports) == 1:
        return reports[0]
    by_title = {one.title: one for one in reports}
    title = st.segmented_control(
        "Groups by",
        list(by_title),
        format_func=plain,
        default=reports[0].title,
        required=True,
        key="groups-title",
        wrap=True,
    )
    return by_title[title]


def _row(one: GroupFigures) -> dict[str, object]:
    return {
        "Group": one.group,
        "Pictures": one.pictures,
        "People": one.people or None,
        "Accuracy": exactly(one.accuracy),
        "Balanced accuracy": exactly(one.balanced),
        "Overconfidence": points_of(one.overconfident),
        "Calibration error": tenths(one.ece),
        "Not sure": percent(one.not_sure.value),
    }
