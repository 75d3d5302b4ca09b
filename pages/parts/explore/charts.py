"""Plotly figures about datasets: pure functions, in the style of `shell/charts.py`."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from core.datasets.summary import ClassFace, RegionEffect, SplitCounts
from core.domain.counted import tenths
from core.domain.palette import FACE_COLOURS
from pages.parts.shell.charts import LEGEND_ABOVE, apply_style
from pages.parts.shell.theme import colour_of, dash_of, expression_word

_BARS_HEIGHT_PX, _LINES_HEIGHT_PX, _ROW_PX = 300, 280, 34
_FACE_PX, _FACES_IN_A_ROW = 130, 4
_TITLE_PX = 30
_HOVER_LETTERS = 60

_GREY = [[0.0, "rgb(0,0,0)"], [1.0, "rgb(255,255,255)"]]
# Transparent in the middle, so that "no difference" has the page's colour, light or dark.
_SIGNED = [
    [0.0, "rgba(42,116,200,1)"],
    [0.5, "rgba(42,116,200,0)"],
    [0.5, "rgba(204,102,24,0)"],
    [1.0, "rgba(204,102,24,1)"],
]
# Pale enough for the theme's text colour, dark or light.
_EFFECT = [[0.0, "rgba(35,128,122,0)"], [1.0, "rgba(35,128,122,0.65)"]]


def class_distribution(splits: Sequence[SplitCounts]) -> go.Figure:
    """Share of each class in each split; unlike counts, shares are comparable.

    Args:
        splits: `DatasetSummary.splits`.
    """
    figure = go.Figure()
    for at, split in enumerate(splits):
        figure.add_trace(
            go.Bar(
                x=[expression_word(one.label) for one in split.classes],
                y=[round(one.share * 100, 2) for one in split.classes],
                name=f"{split.split} ({split.labelled:,})",
                marker={"color": FACE_COLOURS[at % len(FACE_COLOURS)], "line": {"width": 0}},
                customdata=[f"{one.pictures:,}" for one in split.classes],
                hovertemplate="%{x}: %{customdata} pictures, %{y:.1f} %",
            )
        )
    _calm(figure, height_px=_BARS_HEIGHT_PX)
    figure.update_layout(barmode="group", bargap=0.3, legend=LEGEND_ABOVE)
    figure.update_yaxes(ticksuffix=" %", rangemode="tozero", fixedrange=True)
    figure.update_xaxes(showgrid=False, fixedrange=True)
    return figure


def mean_faces(faces: Sequence[ClassFace]) -> go.Figure:
    """The mean face of each class, in grey."""
    return _face_maps(faces, [face.mean for face in faces])


def variance_faces(faces: Sequence[ClassFace]) -> go.Figure:
    """The pixel-wise variance of each class; lighter is more."""
    return _face_maps(faces, [face.variance for face in faces])


def effect_faces(faces: Sequence[ClassFace]) -> go.Figure:
    """Brightness of each class less that of all others, in standard deviations (Cohen's d)."""
    return _signed_maps(faces, [face.effect for face in faces], "Cohen's d")


def normalised_effect_faces(faces: Sequence[ClassFace]) -> go.Figure:
    """The same after normalising brightness and contrast of each picture."""
    return _signed_maps(faces, [face.normalised_effect for face in faces], "Cohen's d")


def intensity_histograms(faces: Sequence[ClassFace]) -> go.Figure:
    """Brightness histogram of each class, one line per class."""
    figure, labels = go.Figure(), [face.label for face in faces]
    for face in faces:
        bins = len(face.histogram)
        figure.add_trace(
            go.Scatter(
                x=np.round((np.arange(bins) + 0.5) / bins * 100, 1),
                y=np.round(face.histogram * 100, 2),
                name=expression_word(face.label),
                mode="lines",
                line={
                    "color": colour_of(face.label, labels),
                    "width": 2,
                    "dash": dash_of(face.label, labels),
                },
                hovertemplate="%{y:.1f} %",
            )
        )
    _calm(figure, height_px=_LINES_HEIGHT_PX)
    figure.update_layout(hovermode="x unified", legend=LEGEND_ABOVE, showlegend=True)
    figure.update_xaxes(title_text="Brightness", range=[0, 100], ticksuffix=" %", fixedrange=True)
    figure.update_yaxes(title_text="Pixels", ticksuffix=" %", rangemode="tozero", fixedrange=True)
    return figure


def region_effects(effects: Sequence[RegionEffect]) -> go.Figure:
    """Share of each statistic's variance between classes, by region: original and normalised."""
    regions = list(dict.fromkeys(one.region.name.capitalize() for one in effects))
    titles = ("Original", "Normalised")
    figure = make_subplots(
        rows=1, cols=2, shared_yaxes=True, horizontal_spacing=0.03, subplot_titles=titles
    )
    x = [one.statistic.capitalize() for one in effects]
    y = [one.region.name.capitalize() for one in effects]
    for column, part in enumerate(("raw", "normalised"), start=1):
        sizes = [getattr(one, part).eta_squared for one in effects]
        cells = go.Heatmap(
            x=x,
            y=y,
            z=sizes,
            customdata=[_wrapped(one.sentence) for one in effects],
            hovertemplate="%{customdata}<extra></extra>",
            coloraxis="coloraxis",
            xgap=2,
            ygap=2,
        )
        # A separate trace: text of a heatmap does not use the theme's colour.
        words = go.Scatter(
            x=x, y=y, text=[tenths(size) for size in sizes], mode="text", hoverinfo="skip"
        )
        figure.add_traces([cells, words], rows=1, cols=column)
    _calm(figure, height_px=len(regions) * _ROW_PX + 2 * _TITLE_PX)
    figure.update_layout(coloraxis={"colorscale": _EFFECT, "cmin": 0.0, "showscale": False})
    figure.update_layout(hoverlabel={"align": "left"}, margin={"l": 8, "r": 8}, showlegend=False)
    figure.update_xaxes(showgrid=False, fixedrange=True)
    figure.update_yaxes(autorange="reversed", showgrid=False, fixedrange=True, automargin=True)
    return figure


def _signed_maps(
    faces: Sequence[ClassFace], maps: Sequence[NDArray[np.float32]], unit: str
) -> go.Figure:
    figure = _face_maps(faces, maps)
    reach = max((float(np.abs(one).max()) for one in maps), default=0.0) or 1.0
    bar = {"title": {"text": unit, "side": "top"}, "thickness": 8, "len": 0.8, "outlinewidth": 0}
    figure.update_layout(
        coloraxis={
            "colorscale": _SIGNED,
            "cmin": -reach,
            "cmax": reach,
            "showscale": True,
            "colorbar": bar,
        }
    )
    return figure


def _face_maps(faces: Sequence[ClassFace], maps: Sequence[NDArray[np.float32]]) -> go.Figure:
    """A grid of maps with one colour scale; an empty figure without any."""
    columns = max(1, min(len(faces), _FACES_IN_A_ROW))
    rows = max(1, -(-len(faces) // columns))
    height_px = rows * (_FACE_PX + _TITLE_PX)
    figure = make_subplots(
        rows=rows,
        cols=columns,
        subplot_titles=[expression_word(face.label) for face in faces],
        horizontal_spacing=0.01,
        vertical_spacing=_TITLE_PX / height_px if rows > 1 else 0.0,
    )
    for at, one in enumerate(maps):
        figure.add_trace(
            go.Heatmap(
                z=np.round(one.astype(np.float64), 3),
                coloraxis="coloraxis",
                hovertemplate="%{z:.2f}<extra></extra>",
            ),
            row=at // columns + 1,
            col=at % columns + 1,
        )
    _calm(figure, height_px=height_px + _TITLE_PX)
    figure.update_layout(coloraxis={"colorscale": _GREY, "showscale": False})
    figure.update_layout(margin={"l": 8, "r": 8, "t": _TITLE_PX, "b": 8})
    figure.update_xaxes(visible=False, fixedrange=True, constrain="domain")
    figure.update_yaxes(visible=False, fixedrange=True, autorange="reversed", constrain="domain")
    for at in range(len(faces)):
        place = {"row": at // columns + 1, "col": at % columns + 1}
        figure.update_yaxes(scaleanchor=figure.data[at].xaxis, **place)
    return figure


def _wrapped(sentence: str) -> str:
    """Wrap a sentence for a hover label."""
    return "\n".join(textwrap.wrap(sentence, _HOVER_LETTERS))


def _calm(figure: go.Figure, *, height_px: int) -> None:
    apply_style(figure, height_px=height_px)
    figure.update_annotations(font={"size": 13})
    figure.update_xaxes(zeroline=False)
