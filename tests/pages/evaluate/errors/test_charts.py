"""Errors and explanations as figures."""

from __future__ import annotations

import numpy as np
import pytest

from core.domain import FER7
from core.evaluation.scorecard.errors import confused_pairs
from pages.parts.evaluate.errors.charts import confused_pairs as pair_bars
from pages.parts.evaluate.explain.charts import PCA, PLANES, TSNE, plane
from pages.parts.shell.theme import colour_of
from tests.explanations import make_evaluated, make_plane

NO_FACE_ID = np.zeros(9, np.bool_)


def test_bars_are_shares_with_their_intervals() -> None:
    judged = make_evaluated([2, 2, 2, 2, 0, 0, 1, 3, 6], [4, 4, 4, 2, 0, 1, 1, 3, 6])
    pairs = confused_pairs(judged, NO_FACE_ID)
    bars = pair_bars(pairs).data[0]
    assert list(bars.y) == ["Fear as sad", "Angry as disgust"]
    assert list(bars.x) == [75.0, 50.0]
    for at, pair in enumerate(pairs):
        assert bars.x[at] + bars.error_x.array[at] == pytest.approx(pair.share.high * 100, abs=0.02)
        assert bars.x[at] - bars.error_x.arrayminus[at] == pytest.approx(
            pair.share.low * 100, abs=0.02
        )


@pytest.mark.parametrize("which", PLANES)
def test_every_picture_is_one_point_that_knows_which_it_is(which: str) -> None:
    part = make_plane(make_evaluated([0, 0, 3, -1, 6], [0, 3, 3, 1, 6]))
    figure = plane(part, FER7.labels, which=which)
    found = sorted(int(at) for trace in figure.data for at in trace.customdata)
    assert found == [0, 1, 2, 3, 4]
    for trace in figure.data:
        for at, x in zip(trace.customdata, trace.x, strict=True):
            assert x == pytest.approx(float(part.tsne[at, 0]), abs=1e-3)


def test_wrong_ones_are_crosses_in_the_colour_of_their_label() -> None:
    part = make_plane(make_evaluated([0, 0, 3], [0, 3, 3]))
    right, wrong, happy = plane(part, FER7.labels, which=TSNE).data
    assert (right.marker.symbol, wrong.marker.symbol) == ("circle", "x-thin-open")
    assert right.marker.color == wrong.marker.color == colour_of("angry", FER7.labels)
    assert happy.marker.color == colour_of("happy", FER7.labels)
    assert [one.showlegend for one in (right, wrong, happy)] == [True, False, True]
    assert wrong.text == ("predicted happy",)
    assert right.legendgroup == wrong.legendgroup  # hidden and shown together


def test_principal_components_say_how_much_they_hold() -> None:
    figure = plane(make_plane(make_evaluated([0, 1], [0, 1])), FER7.labels, which=PCA)
    assert figure.layout.xaxis.title.text == "40 % of the variance"
    assert figure.layout.yaxis.title.text == "20 % of the variance"
    assert (
        plane(
            make_plane(make_evaluated([0, 1], [0, 1])), FER7.labels, which=TSNE
        ).layout.xaxis.visible
        is False
    )
