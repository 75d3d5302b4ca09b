"""A model among published results on FER2013, with the credibility of each."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.domain.counted import tenths
from core.domain.wording import percent_ends
from core.evaluation.comparison import (
    HUMAN_AGREEMENT,
    PRIVATE_TEST,
    RULES,
    PublishedRow,
    name_of,
    summary,
    with_own_results,
    without_own_results,
)
from core.evaluation.predictions import Evaluation
from pages.parts.evaluate.comparison import cached
from pages.parts.evaluate.comparison import charts as comparison_charts
from pages.parts.shell import charts as shell_charts
from pages.parts.shell.theme import plain

_OURS = "background-color: rgba(35, 128, 122, 0.16)"


def draw(evaluation: Evaluation) -> None:
    """Draw published results with this model, and others of ours, among them.

    Raises:
        DamagedModel: stored predictions cannot be read.
    """
    comparable = list(cached.comparable_by_name(evaluation).values())
    figures = {one.name: one for one in cached.own_figures(comparable)}
    compared = figures.pop(name_of(evaluation), None)
    if compared is None:
        st.info(
            f"{plain(name_of(evaluation))} was not evaluated on the 3,589 pictures of FER2013's "
            f"{PRIVATE_TEST} with their own labels, so it cannot be compared with these figures.",
            icon=":material/info:",
        )
        lines = without_own_results()
    else:
        lines = with_own_results(compared, list(figures.values()))
        st.markdown(f"#### {plain(summary(lines, compared))}")
    st.plotly_chart(
        shell_charts.escape_figure(comparison_charts.published_chart(lines, compared)),
        config=shell_charts.CONFIG,
        key="published-places",
    )
    _draw_table(lines)
    _say_how()


def _draw_table(lines: tuple[PublishedRow, ...]) -> None:
    table = pd.DataFrame([_line(line) for line in lines])
    ours = [line.is_ours for line in lines]
    shown = table.style.apply(lambda row: [_OURS if ours[row.name] else ""] * len(row), axis=1)
    st.dataframe(
        shown,
        hide_index=True,
        placeholder="",
        height="content",
        column_config={
            "95 % CI": st.column_config.TextColumn(width=130),
            "Note": st.column_config.TextColumn(width="large"),
        },
    )


def _line(line: PublishedRow) -> dict[str, str]:
    weights = "" if line.weights is None else _million(line.weights)
    interval = line.interval
    return {
        "Model": line.name,
        "Accuracy": tenths(line.accuracy),
        "95 % CI": "" if interval is None else percent_ends(interval),
        "Compared with ours": "" if line.placing is None else line.placing.value,
        "Credibility": "measured here" if line.mark is None else line.mark.value,
        "Weights": f"over {weights}" if line.or_more else weights,
        "Note": line.note,
    }


def _million(count: int) -> str:
    return f"{count / 1e6:,.2f} M" if count < 10_000_000 else f"{count / 1e6:,.0f} M"


def _say_how() -> None:
    rules = "\n".join(f"- *{mark.value}*: {rule}" for mark, rule in RULES.items())
    with st.expander("How credibility is rated"):
        st.markdown(f"The first rule that applies:\n\n{rules}")
    st.caption(
        "Accuracy on FER2013's PrivateTest, 3,589 pictures. A published figure inside our 95 % "
        "CI is a tie. It has an interval of its own, of about 1.5 points to either side, which "
        f"is not published. Human agreement with the labels is {tenths(HUMAN_AGREEMENT.value)}, "
        "give or take 5 points (Goodfellow et al. 2013)."
    )
