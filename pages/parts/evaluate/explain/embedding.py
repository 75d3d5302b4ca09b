"""The projection of all evaluated pictures, in which some can be selected."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.domain import UNLABELLED
from core.domain.counted import counted
from core.evaluation.explain import SOURCES, EmbeddingPart
from core.evaluation.predictions import Evaluation, positions_of
from pages.parts.evaluate.explain import charts as explain_charts
from pages.parts.evaluate.explain.charts import PLANES, TSNE
from pages.parts.evaluate.pictures import cached, close_up, gallery, not_here
from pages.parts.shell import charts as shell_charts
from pages.parts.shell.theme import plain

_CONFIG = {"displayModeBar": True, "displaylogo": False, "scrollZoom": False}
_BUTTONS = ["toImage", "autoScale2d", "zoomIn2d", "zoomOut2d"]


def draw(evaluation: Evaluation, split: str, part: EmbeddingPart) -> None:
    """Draw the projection, and the pictures selected in it."""
    which = st.segmented_control(
        "Projection", PLANES, default=TSNE, required=True, key="plane-which", wrap=True
    )
    figure = explain_charts.plane(part, evaluation.scheme.labels, which=which)
    picked = st.plotly_chart(
        shell_charts.escape_figure(figure),
        config={**_CONFIG, "modeBarButtonsToRemove": _BUTTONS},
        on_select="rerun",
        selection_mode=("points", "lasso", "box"),
        key=f"plane-{evaluation.slug}-{split}-{which}",
        alt="Every evaluated picture as a point, coloured by its label; misclassified ones are "
        "crosses.",
    )
    st.caption(_sentence(part, which))
    chosen = [int(point["customdata"]) for point in picked.selection.points]
    rows = np.array(chosen, dtype=np.int64)
    if len(rows) == 0:
        st.markdown("**Select points with the lasso, or click one, to see those pictures.**")
        return
    st.markdown(_chosen_sentence(part, rows, evaluation.scheme.labels))
    _draw_pictures(evaluation, split, part.digests[rows])


def _draw_pictures(evaluation: Evaluation, split: str, digests: NDArray[np.uint64]) -> None:
    found = cached.pictures(evaluation, split)
    if found is None:
        not_here.draw_not_here(evaluation)
        return
    evaluated = cached.evaluated(evaluation, split)
    positions = positions_of(digests, evaluated.digests)
    positions = positions[found.here[positions]]
    label_noise = cached.label_noise(evaluation, split)
    key = f"plane-{evaluation.slug}-{split}-{len(digests)}-{int(digests[0])}"
    gallery.draw(evaluated, found, label_noise, positions, key=key)
    close_up.draw_chosen(evaluation, split)


def _chosen_sentence(part: EmbeddingPart, rows: NDArray[np.int64], labels: Sequence[str]) -> str:
    """Number of selected pictures, by label."""
    counts, wrong = part.tally(rows)
    counts_by_label = [
        f"{count:,} {'without label' if number == UNLABELLED else plain(labels[number])}"
        for number, count in counts.items()
    ]
    labelled = ", ".join(counts_by_label)
    return f"**{len(rows):,} selected, {wrong:,} of them misclassified:** {labelled}."


def _sentence(part: EmbeddingPart, which: str) -> str:
    source = plain(SOURCES.get(part.source, part.source))
    what = (
        f"{counted(len(part), 'picture')} by {source}, coloured by label; crosses are "
        "misclassified."
    )
    if which == TSNE:
        return (
            f"{what} t-SNE (perplexity {part.perplexity:g}) preserves neighbourhoods; distances "
            "between groups and their sizes have no meaning."
        )
    return (
        f"{what} Principal components preserve distances, but only two of many directions are "
        "shown."
    )
