"""Results of an audit: a gallery for each kind of problem, with the buttons that correct it."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.datasets.audit import (
    NO_PARTNER,
    Audit,
    AuditPlan,
    Problem,
    ProblemKind,
    suggested_relabels,
    summarise_duplicates,
)
from core.datasets.labels import Exclude, Relabel, corrected_labels
from core.datasets.report import data_uri, kind_words
from core.domain import UNLABELLED, Dataset
from core.domain.counted import counted
from pages.parts.explore import cached as explore_cached
from pages.parts.explore import corrections
from pages.parts.explore.cached import DatasetView
from pages.parts.explore.pictures import label_of
from pages.parts.shell import cached as shell_cached
from pages.parts.shell import error_box, run_panel, session_state
from pages.parts.shell.theme import percent, plain

ROWS_A_PAGE = 25
_ROW_PX = 72
_SUGGESTED = ""  # no label of a scheme is empty
_DUPLICATES = (ProblemKind.EXACT_DUPLICATE, ProblemKind.NEAR_DUPLICATE)


def draw(name: str, published: Dataset) -> None:
    """Draw the audit of a dataset, or the button that starts one.

    Args:
        name: in the catalogue.
        published: the dataset without corrections.
    """
    audit = explore_cached.audit_of(name)
    if audit is None:
        st.markdown(
            "**Not audited yet.** An audit checks picture quality, face detection, exact and "
            "near duplicates, and label noise. FER2013's 35,887 pictures take some minutes."
        )
        _draw_audit_button(name, "Audit")
        return
    if audit.order_hash != explore_cached.order_of(name):
        st.warning("The pictures have changed since the audit.")
        _draw_audit_button(name, "Audit again")
        return
    problem = _select_problem(audit)
    if problem is not None:
        _draw_problem(name, published, problem)
        if problem.kind in _DUPLICATES:
            _draw_duplicates(audit, published, problem.kind)
    for note in audit.notes:
        st.caption(plain(note))
    _draw_audit_button(name, "Audit again")


def _draw_audit_button(name: str, words: str) -> None:
    with st.expander("Label check"):
        cards = [card.name for card in shell_cached.cards()]
        model = st.selectbox("Model", ["Best model", *cards], key="audit-model")
        votes = st.text_input(
            "FER+ votes", placeholder="ferplus_votes.csv beside the files", key="audit-votes"
        )
    if st.button(words, key="audit", icon=":material/search:"):
        plan = AuditPlan(name, model if model in cards else "", votes.strip())
        with error_box.on_error():
            session_state.data_run.set(run_panel.start_run("audit", plan.to_json()))
            st.rerun()


def _select_problem(audit: Audit) -> Problem | None:
    """Draw the kinds of problems with their counts; returns the selected one."""
    kinds = {one.kind.value: one for one in audit.problems}
    if not kinds:
        return None
    chosen = st.pills(
        "Problems",
        list(kinds),
        default=next(iter(kinds)),
        required=True,
        format_func=lambda kind: f"{kind_words(ProblemKind(kind))} · {kinds[kind].count:,}",
        label_visibility="collapsed",
        key="problem-kind",
    )
    return kinds[chosen]


def _draw_problem(name: str, dataset: Dataset, problem: Problem) -> None:
    st.subheader(kind_words(problem.kind), anchor=False)
    share = percent(problem.count / max(1, len(dataset)))
    st.caption(f"{counted(problem.count, 'picture')}, {share} of all. {plain(problem.sentence)}")
    if problem.note:
        st.caption(plain(problem.note))
    positions = problem.worst_first()
    if len(positions) == 0:
        st.success("No picture is flagged.", icon=":material/check_circle:")
        return
    pages = -(-len(positions) // ROWS_A_PAGE)
    page = (
        st.pagination(pages, key=f"problem-page-{name}-{problem.kind}-{pages}") if pages > 1 else 1
    )
    shown = positions[(page - 1) * ROWS_A_PAGE : page * ROWS_A_PAGE]
    table = st.dataframe(
        _table(name, dataset, problem, shown),
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        row_height=_ROW_PX,
        column_config={
            "Picture": st.column_config.ImageColumn(width="small"),
            "Duplicate of": st.column_config.ImageColumn(width="small"),
            "Severity": st.column_config.ProgressColumn(
                min_value=0, max_value=100, format="%d %%", width="small"
            ),
        },
        # The key depends on the rows, so that a selection does not apply to another table.
        key=f"problem-rows-{name}-{problem.kind}-{sha256(shown.tobytes()).hexdigest()[:12]}",
    )
    chosen = shown[table.selection.rows] if table.selection.rows else shown[:0]
    _draw_actions(name, dataset, problem, chosen)


def _table(
    name: str, dataset: Dataset, problem: Problem, positions: NDArray[np.int64]
) -> pd.DataFrame:
    pictures = dataset.pictures
    columns: dict[str, list[Any]] = {
        "Picture": [data_uri(pictures.pixels[at]) for at in positions],
        "Label": [label_of(dataset, int(at)) for at in positions],
    }
    corrected = _corrected_labels(name, dataset, positions)
    if any(corrected):
        columns["Corrected label"] = corrected
    partners = problem.partners[positions]
    if (partners != NO_PARTNER).any():
        columns["Duplicate of"] = [
            data_uri(pictures.pixels[at]) if at != NO_PARTNER else "" for at in partners
        ]
        columns["Original's label"] = [label_of(dataset, int(at)) for at in partners]
        columns["Original's split"] = [
            dataset.split_names[int(dataset.split_of[at])] for at in partners
        ]
    if (problem.suggested[positions] != UNLABELLED).any():
        columns["Suggested label"] = [
            _label_text(dataset, int(at)) for at in problem.suggested[positions]
        ]
    columns["Severity"] = [round(float(problem.scores[at]) * 100) for at in positions]
    columns["Split"] = [dataset.split_names[int(dataset.split_of[at])] for at in positions]
    columns["Name"] = [str(pictures.names[at]) for at in positions]
    return pd.DataFrame(columns)


def _corrected_labels(name: str, dataset: Dataset, positions: NDArray[np.int64]) -> list[str]:
    key = explore_cached.corrections_of(name).key
    if not key:  # nothing is corrected
        return []
    corrected = explore_cached.dataset(DatasetView(name, corrected=key))
    return corrected_labels(dataset, corrected, positions)


def _draw_duplicates(audit: Audit, dataset: Dataset, kind: ProblemKind) -> None:
    """Draw the counts of duplicates, and leakage between splits."""
    found = [audit.of(one) for one in _DUPLICATES]
    if found[0] is None or found[1] is None:
        return
    both = summarise_duplicates(
        found[0],
        found[1],
        labels=dataset.pictures.labels,
        split_of=dataset.split_of,
        split_names=dataset.split_names,
    )
    counts = both.exact if kind is _DUPLICATES[0] else both.near
    st.markdown(
        f"**{counts.within_class:,}** have the same label as the picture they duplicate, "
        f"**{counts.across_classes:,}** a different one, and **{counts.leaked:,}** leak across "
        "splits" + ("." if not counts.leaks else ":")
    )
    for leak in counts.leaks:
        st.markdown(
            f"- {leak.pictures:,} in {plain(leak.split)} duplicate a picture in "
            f"{plain(leak.source_split)}."
        )


def _label_text(dataset: Dataset, label: int) -> str:
    return "" if label == UNLABELLED else dataset.scheme.labels[label]


def _draw_actions(name: str, dataset: Dataset, problem: Problem, chosen: NDArray[np.int64]) -> None:
    why = kind_words(problem.kind).lower()
    st.caption(
        f"{len(chosen):,} selected. Files are never changed: corrections are a list that can "
        "be undone, and the test split keeps its pictures and labels as published."
    )
    names = tuple(dataset.pictures.names[chosen].tolist())
    all_names = tuple(dataset.pictures.names[np.flatnonzero(problem.flagged)].tolist())
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if st.button("Exclude selected", disabled=not names, key="exclude"):
            corrections.correct(name, Exclude(names, why))
        label = _choose_new_label(dataset, problem)
        if st.button("Relabel selected", disabled=not names or label is None, key="relabel"):
            if label == _SUGGESTED:
                corrections.correct(name, *suggested_relabels(problem, dataset, chosen, reason=why))
            elif label is not None:
                corrections.correct(name, Relabel(names, label, why))
        with st.popover(f"Exclude all {problem.count:,}"):
            st.write("Review some pages first: not every flagged picture has a problem.")
            if st.button("Exclude them", type="primary", key="exclude-all"):
                corrections.correct(name, Exclude(all_names, f"all: {why}"))
    corrections.draw_confirmation(name, dataset)


def _choose_new_label(dataset: Dataset, problem: Problem) -> str | None:
    """A label of the dataset, `_SUGGESTED` where the audit suggests labels, or None at first."""
    has_suggestions = bool((problem.suggested != UNLABELLED).any())
    return st.selectbox(
        "New label",
        [_SUGGESTED, *dataset.scheme.labels] if has_suggestions else dataset.scheme.labels,
        index=0 if has_suggestions else None,
        format_func=lambda label: label or "Suggested label",
        placeholder="New label",
        key=f"relabel-to-{problem.kind}",
        label_visibility="collapsed",
    )
