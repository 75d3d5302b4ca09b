"""The projection of pictures as a chart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.domain import UNLABELLED
from core.evaluation.explain import EmbeddingPart
from pages.parts.shell.charts import LEGEND_ABOVE, apply_style
from pages.parts.shell.theme import colour_of, expression_word, percent

TSNE, PCA = "t-SNE", "PCA"
PLANES = (TSNE, PCA)


_PLANE_HEIGHT_PX = 560


_RIGHT_PX, _WRONG_PX = 6, 8
# In the quiet grey of the axes, on light and dark pages.
_MODEBAR = {"bgcolor": "rgba(0,0,0,0)", "color": "#7C8794", "activecolor": "#23807A"}
# Points that are not selected are pale.
_UNSELECTED = {"marker": {"opacity": 0.15}}


def plane(part: EmbeddingPart, classes: Sequence[str], *, which: str) -> go.Figure:
    """All pictures on a plane, coloured by their label; misclassified ones are crosses.

    `customdata` of each point is its position in the part.

    Args:
        classes: names of the class numbers.
        which: one of `PLANES`.
    """
    coordinates = (part.tsne if which == TSNE else part.pca).astype(np.float64)
    figure = go.Figure()
    for number in (*range(len(classes)), UNLABELLED):
        of_class = part.labels == number
        wrong = of_class & (part.predicted != number) & (number != UNLABELLED)
        name = "Without label" if number == UNLABELLED else classes[number]
        for positions, is_wrong in (
            (np.flatnonzero(of_class & ~wrong), False),
            (np.flatnonzero(wrong), True),
        ):
            if len(positions):
                trace = _points(part, coordinates, positions, classes)
                trace.update(_style_of(name, classes, is_wrong=is_wrong))
                figure.add_trace(trace)
    apply_style(figure, height_px=_PLANE_HEIGHT_PX, l=8, t=72, b=8)
    figure.update_layout(
        legend={**LEGEND_ABOVE, "itemsizing": "constant"}, dragmode="lasso", modebar=_MODEBAR
    )
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False, scaleanchor="x")
    if which == PCA:
        _name_axes(figure, part)
    return figure


def _points(
    part: EmbeddingPart,
    coordinates: NDArray[np.float64],
    positions: NDArray[np.int64],
    classes: Sequence[str],
) -> go.Scatter:
    return go.Scatter(
        x=np.round(coordinates[positions, 0], 3),
        y=np.round(coordinates[positions, 1], 3),
        customdata=positions,
        text=[f"predicted {classes[int(part.predicted[at])]}" for at in positions],
        mode="markers",
        hovertemplate="%{fullData.name}, %{text}<extra></extra>",
        selected={"marker": {"opacity": 1.0}},
        unselected=_UNSELECTED,
    )


def _style_of(name: str, classes: Sequence[str], *, is_wrong: bool) -> dict[str, object]:
    word = expression_word(name)
    return {
        "name": word,
        "legendgroup": name,
        "showlegend": not is_wrong,
        "marker": {
            "color": colour_of(name, classes),
            "size": _WRONG_PX if is_wrong else _RIGHT_PX,
            "symbol": "x-thin-open" if is_wrong else "circle",
            "opacity": 0.95 if is_wrong else 0.5,
            "line": {"width": 1.6 if is_wrong else 0},
        },
    }


def _name_axes(figure: go.Figure, part: EmbeddingPart) -> None:
    for axis, share in zip(
        (figure.update_xaxes, figure.update_yaxes), part.explained.tolist(), strict=True
    ):
        axis(visible=True, showticklabels=False, title_text=f"{percent(share)} of the variance")
