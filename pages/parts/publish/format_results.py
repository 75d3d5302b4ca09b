"""Results of each format: summary, table, refusals, and size against latency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import pandas as pd
import streamlit as st

from core.conversion import measured_on, summarise_formats, title_of
from core.domain import ModelCard
from core.domain.counted import hundredths
from core.domain.wording import points_of, size
from core.models import LIVE_FORMAT, ConvertedFormat
from pages.parts.publish import charts as publish_charts
from pages.parts.shell import charts as shell_charts
from pages.parts.shell.theme import plain, when

# Two tables: the columns of one would be cut off in a usual window.
_COSTS = {
    "Size": "Size of the file; for a SavedModel, of its archive.",
    "1 picture": "Latency with one picture on one core: median of many calls, in milliseconds.",
    "95th percentile": "95th percentile of the latency with one picture.",
    "32 pictures": "Latency with a batch of 32 pictures on one core, in milliseconds.",
    "Load time": "Time to load the file and predict once, in milliseconds; the runtime is "
    "already imported.",
}
_AGREEMENT = {
    "Accuracy change": "In percentage points, with the 95 % CI for paired predictions.",
    "Predictions changed": "Share of faces with a different top-1 prediction than the network's.",
    "Largest score difference": "Largest absolute difference of any score (0 to 1) from the "
    "network's.",
    "ECE change": "Change of the expected calibration error, in percentage points.",
}


def draw(card: ModelCard, rows: Sequence[ConvertedFormat]) -> None:
    """All results of a model's formats."""
    summary = summarise_formats(card, rows)
    (st.success if summary.all_passed else st.info)(
        f"**{summary.sentence}** {summary.live}", icon=":material/check_circle:"
    )
    st.markdown("**Size and latency**")
    _draw_table([_costs_line(row) for row in rows], _COSTS, key="publish-table")
    st.markdown("**Agreement with the network**")
    _draw_table([_agreement_line(row) for row in rows], _AGREEMENT, key="publish-agreement")
    for row in rows:
        if not row.passed:
            st.markdown(
                f":material/block: **{plain(title_of(row))}** is refused. {plain(row.refusal)}"
            )
    _draw_chart(rows)
    st.caption(plain(_about(rows)))


def _draw_chart(rows: Sequence[ConvertedFormat]) -> None:
    measured = [row for row in rows if row.speed is not None and row.name != LIVE_FORMAT]
    if len(measured) < 2:
        return
    st.markdown("**Latency by size** · lower left is better; hollow marks are refused formats")
    st.plotly_chart(
        shell_charts.escape_figure(publish_charts.size_and_time(measured)),
        config=shell_charts.CONFIG,
        key="publish-chart",
        alt="Scatter plot: size of each format and its latency per picture.",
    )


def _draw_table(lines: list[dict[str, str]], columns: Mapping[str, str], *, key: str) -> None:
    """A table; `columns` are its figures, with their help."""
    st.dataframe(
        pd.DataFrame(lines),
        hide_index=True,
        key=key,
        column_config={
            name: st.column_config.Column(help=help_text) for name, help_text in columns.items()
        },
    )


def _costs_line(row: ConvertedFormat) -> dict[str, str]:
    line = {
        "Format": title_of(row),
        "Passed": "Yes" if row.passed else "Refused",
    }
    found = {"Size": size(row.size_bytes) if row.size_bytes else ""}
    return {**line, **dict.fromkeys(_COSTS, ""), **found, **_times(row)}


def _agreement_line(row: ConvertedFormat) -> dict[str, str]:
    return {"Format": title_of(row), **dict.fromkeys(_AGREEMENT, ""), **_figures(row)}


def _times(row: ConvertedFormat) -> dict[str, str]:
    speed = row.speed
    if speed is None:
        return {}
    return {
        "Load time": f"{speed.load_ms:.0f} ms",
        "1 picture": f"{speed.one.median_ms:.2f} ms",
        "95th percentile": f"{speed.one.p95_ms:.2f} ms",
        "32 pictures": f"{speed.many.median_ms:.1f} ms",
    }


def _figures(row: ConvertedFormat) -> dict[str, str]:
    parity = row.parity
    if parity is None:
        return {}
    change, ece = parity.accuracy_change, parity.ece_change
    return {
        "Largest score difference": f"{parity.max_difference:.1g}",
        "Predictions changed": hundredths(parity.changed_labels),
        "Accuracy change": "" if change is None else points_of(change, "+.2f"),
        "ECE change": "" if ece is None else f"{ece * 100:+.2f} points",
    }


def _about(rows: Sequence[ConvertedFormat]) -> str:
    faces = dict.fromkeys(f"Compared on {row.faces}" for row in rows)
    newest = max(row.made_at for row in rows)
    notes = dict.fromkeys(note for row in rows for note in row.notes)
    made = f"Last made {when(datetime.fromisoformat(newest))}."
    return " ".join((*faces, *measured_on(rows), made, *notes))
