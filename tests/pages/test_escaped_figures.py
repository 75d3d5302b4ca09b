"""Plotly draws texts from outside letter by letter."""

from __future__ import annotations

import json

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from plotly.utils import PlotlyJSONEncoder

from pages.parts.shell.charts import escape_figure

LINK = '<a href="http://192.0.2.7/">sad</a> & <b>glad</b>'
DRAWN = '&lt;a href="http://192.0.2.7/"&gt;sad&lt;/a&gt; &amp; &lt;b&gt;glad&lt;/b&gt;'


def _hostile() -> go.Figure:
    figure = go.Figure(
        go.Bar(
            x=np.array([LINK, "calm"]),
            y=[1, 2],
            name=LINK,
            text=[LINK, ""],
            customdata=[[LINK, 1], [LINK, 2]],
            hovertemplate="%{x}<br>%{customdata[0]}<extra></extra>",
        )
    )
    figure.add_annotation(text=LINK, x=0, y=0)
    figure.update_layout(title_text=LINK)
    figure.update_xaxes(title_text=LINK, categoryarray=[LINK], categoryorder="array")
    figure.update_yaxes(ticktext=[LINK], tickvals=[1])
    return figure


def test_every_text_of_a_figure_is_drawn_as_letters() -> None:
    given = escape_figure(_hostile())
    bar, layout = given.data[0], given.layout
    assert bar["x"][0] == bar["name"] == bar["text"][0] == bar["customdata"][0][0] == DRAWN
    assert layout["annotations"][0]["text"] == layout["title"]["text"] == DRAWN
    assert layout["xaxis"]["title"]["text"] == layout["xaxis"]["categoryarray"][0] == DRAWN
    assert layout["yaxis"]["ticktext"] == (DRAWN,)


def test_our_own_templates_stay_markup_and_numbers_stay_numbers() -> None:
    bar = escape_figure(_hostile()).data[0]
    assert bar["hovertemplate"] == "%{x}<br>%{customdata[0]}<extra></extra>"
    assert bar["y"] == (1, 2)
    assert bar["customdata"][1][1] == 2


def test_the_figure_that_was_given_stays_as_it_was() -> None:
    figure = _hostile()
    before = json.dumps(figure, cls=PlotlyJSONEncoder)
    assert escape_figure(figure) == escape_figure(figure)
    assert json.dumps(figure, cls=PlotlyJSONEncoder) == before


def test_ticks_beside_parallel_axes_are_written_as_they_are() -> None:
    """Plotly reads no markup there: an escaped "&" would be seen as "&amp;"."""
    axis = {"label": LINK, "values": [0, 1], "tickvals": [0], "ticktext": [LINK]}
    given = escape_figure(go.Figure(go.Parcoords(dimensions=[axis]))).data[0].dimensions[0]
    assert given["ticktext"] == (LINK,)
    assert given["label"] == DRAWN


def test_a_newline_ends_a_line() -> None:
    assert escape_figure(go.Figure(go.Bar(name="one\ntwo"))).data[0].name == "one<br>two"


def test_a_figure_without_markup_is_given_on_as_it_is() -> None:
    figure = go.Figure(go.Scatter(x=[1], y=[2], name="Sad", hovertemplate="%{y}<extra></extra>"))
    assert escape_figure(figure) is figure


def test_streamlit_takes_what_is_given() -> None:
    assert st.plotly_chart(escape_figure(_hostile()), key="letters") is not None


def test_texts_between_numbers_are_escaped_too() -> None:
    values: list[object] = [1.5, None, *range(50), LINK]
    assert escape_figure(go.Figure(go.Scatter(x=values))).data[0]["x"] == (*values[:-1], DRAWN)
