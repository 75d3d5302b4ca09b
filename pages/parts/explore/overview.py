"""Overview of a dataset."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.datasets.splits import leak_sentences
from core.datasets.summary import SplitCounts, check_counts, count_classes
from core.domain import Dataset
from pages.parts.explore import charts as explore_charts
from pages.parts.shell import charts as shell_charts
from pages.parts.shell.theme import expression_word, plain


def draw(dataset: Dataset) -> None:
    """Draw metrics, notes, protocol, class distribution and published counts."""
    counts = count_classes(dataset)
    whole = counts[-1]
    pictures, classes, size, balance = st.columns(4)
    pictures.metric("Pictures", f"{whole.pictures:,}")
    classes.metric("Classes", len(dataset.scheme))
    size.metric("Size", f"{dataset.pictures.size_px} px")
    balance.metric(
        "Class imbalance",
        "none" if whole.imbalance is None else f"{whole.imbalance:.1f}",
        help="Pictures of the largest class divided by those of the smallest.",
    )
    for note in dataset.notes:
        st.info(plain(note), icon=":material/info:")
    _draw_protocol(dataset)
    st.plotly_chart(
        shell_charts.escape_figure(explore_charts.class_distribution(counts[:-1])),
        config=shell_charts.CONFIG,
        key="distribution",
    )
    table = pd.DataFrame([{"Split": one.split, **_row(dataset, one)} for one in counts])
    count = st.column_config.NumberColumn(format="localized")
    st.dataframe(table, hide_index=True, column_config=dict.fromkeys(table.columns[1:], count))
    checks = check_counts(dataset, counts)
    if checks:
        matching = sum(check.ok for check in checks)
        with st.expander(f"Published counts: {matching} of {len(checks)} match"):
            for check in checks:
                icon = (
                    ":green[:material/check_circle:]" if check.ok else ":orange[:material/error:]"
                )
                st.markdown(f"{icon} **{plain(check.what)}.** {plain(check.sentence)}")


def _row(dataset: Dataset, counts: SplitCounts) -> dict[str, int]:
    found = {one.label: one.pictures for one in counts.classes}
    row = {expression_word(label): found[label] for label in dataset.scheme.labels}
    if counts.unlabelled:
        row["No label"] = counts.unlabelled
    return {**row, "Total": counts.pictures}


def _draw_protocol(dataset: Dataset) -> None:
    if dataset.protocol is None:
        st.warning(
            "Too few labelled pictures for a train / validation / test split: no model "
            "can be trained or evaluated on this dataset."
        )
        return
    train, validation, test = dataset.protocol.roles
    st.markdown(
        f"**{plain(train)}** is the training split, **{plain(validation)}** the validation split "
        f"(for the epoch and thresholds), **{plain(test)}** the test split, used once, for "
        "the final test."
    )
    if (dataset.pictures.subjects != "").any():
        leaks = leak_sentences(dataset)
        for sentence in leaks:
            st.warning(plain(sentence))
        if not leaks:
            st.markdown(":green[:material/check_circle:] No person is in more than one split.")
