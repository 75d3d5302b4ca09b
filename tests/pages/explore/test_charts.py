"""Figures of a dataset; looked at as data, not as pixels."""

from __future__ import annotations

import numpy as np
import pytest

from core.datasets.summary.summary import describe
from core.domain import FER7, UNLABELLED
from core.domain.palette import EXPRESSION_COLOURS
from pages.parts.explore import charts
from tests.make import make_dataset

SUMMARY = describe(
    make_dataset({"Training": np.arange(70) % 7, "PublicTest": [0, 3, 3, 3], "PrivateTest": [6]})
)
NOTHING = describe(make_dataset({"All": [UNLABELLED]}))
FACE_CHARTS = (
    charts.mean_faces,
    charts.variance_faces,
    charts.effect_faces,
    charts.normalised_effect_faces,
)


def test_each_split_has_its_bars_in_percent_with_counts_at_hand() -> None:
    figure = charts.class_distribution(SUMMARY.splits)
    names = ["Training (70)", "PublicTest (4)", "PrivateTest (1)"]
    assert [bars.name for bars in figure.data] == names
    public = figure.data[1]
    assert list(public.x) == [label.capitalize() for label in FER7.labels]
    assert public.y[FER7.index("happy")] == 75
    assert public.customdata[FER7.index("happy")] == "3"
    assert figure.layout.barmode == "group"


@pytest.mark.parametrize("chart", FACE_CHARTS)
def test_faces_of_one_kind_share_a_scale_and_have_no_axes(chart) -> None:
    figure = chart(SUMMARY.faces)
    assert [note.text for note in figure.layout.annotations] == [
        label.capitalize() for label in FER7.labels
    ]
    assert {heat.coloraxis for heat in figure.data} == {"coloraxis"}
    assert not figure.layout.xaxis.visible
    assert figure.layout.yaxis.autorange == "reversed"  # the forehead is above


def test_differences_are_transparent_at_zero_and_reach_equally_far_both_ways() -> None:
    figure = charts.effect_faces(SUMMARY.faces)
    scale = figure.layout.coloraxis
    largest = max(np.abs(face.effect).max() for face in SUMMARY.faces)
    assert scale.cmax == -scale.cmin == pytest.approx(largest)
    assert {colour for at, colour in scale.colorscale if at == 0.5} == {
        "rgba(42,116,200,0)",
        "rgba(204,102,24,0)",
    }


def test_the_maps_are_the_summarys_own() -> None:
    figure = charts.mean_faces(SUMMARY.faces)
    assert figure.data[3].z == pytest.approx(SUMMARY.faces[3].mean, abs=1e-3)


def test_histograms_are_lines_in_the_colours_of_the_expressions() -> None:
    figure = charts.intensity_histograms(SUMMARY.faces)
    assert [line.line.color for line in figure.data] == [EXPRESSION_COLOURS[x] for x in FER7.labels]
    assert all(sum(line.y) == pytest.approx(100, abs=0.5) for line in figure.data)


def test_regions_are_shown_original_and_normalised_with_their_sentences() -> None:
    raw, raw_words, normalised, _ = charts.region_effects(SUMMARY.regions).data
    assert len(raw.z) == len(normalised.z) == 21
    assert list(raw.z) == [one.raw.eta_squared for one in SUMMARY.regions]
    assert list(normalised.z) == [one.normalised.eta_squared for one in SUMMARY.regions]
    assert raw_words.text[0] == f"{raw.z[0] * 100:.1f} %"
    assert raw.customdata[0].replace("\n", " ") == SUMMARY.regions[0].sentence


def test_a_dataset_without_labels_gives_empty_figures() -> None:
    assert all(set(bars.y) == {0} for bars in charts.class_distribution(NOTHING.splits).data)
    assert all(len(chart(NOTHING.faces).data) == 0 for chart in FACE_CHARTS)
    assert len(charts.intensity_histograms(NOTHING.faces).data) == 0
    assert len(charts.region_effects(NOTHING.regions).data) == 4


@pytest.mark.parametrize("summary", [SUMMARY, NOTHING])
def test_every_figure_is_transparent(summary) -> None:
    figures = [chart(summary.faces) for chart in FACE_CHARTS]
    figures += [charts.class_distribution(summary.splits), charts.region_effects(summary.regions)]
    figures.append(charts.intensity_histograms(summary.faces))
    assert all(figure.layout.paper_bgcolor == "rgba(0,0,0,0)" for figure in figures)
