"""The evaluation page with a real browser: every chart of the shipped model's figures renders."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from core.domain import FER7, ModelCard
from core.evaluation.predictions.evaluation_store import load_evaluation, load_predictions
from core.evaluation.scorecard.scorecard_metrics import figures_of
from core.models import list_cards
from core.settings import PROJECT_DIR
from tests.browser.conftest import Server
from tests.browser.visitor import choose, expect_soon

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

# Classes, matrix, ROC, precision and recall, reliability, risk and coverage, two of learning.
CHARTS = 8


def open_page(page: Page, server: Server) -> ModelCard:
    """The page, and the card of the model that it begins with."""
    card = list_cards(server.settings.models_dir)[0]
    accuracy = card.report("PrivateTest").accuracy.value
    page.set_viewport_size({"width": 1280, "height": 5000})  # what is not seen is not drawn
    page.goto(f"{server.url}/evaluate_model")
    told = f"Accuracy {accuracy * 100:.1f} % on 3,589 unseen pictures"
    expect(page.get_by_text(told)).to_be_visible()
    return card


def test_every_chart_of_the_shipped_model_renders(page: Page, server: Server) -> None:
    open_page(page, server)
    charts = page.get_by_test_id("stPlotlyChart")
    expect(charts).to_have_count(CHARTS)
    for at in range(CHARTS):
        expect(charts.nth(at).locator(".main-svg").first).to_be_visible()
    drawn = charts.locator(".scatterlayer .trace, .barlayer .trace, .heatmaplayer .hm")
    expect_soon(page, lambda: drawn.count() > 20, True)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_the_matrix_can_be_read_as_counts_and_two_classes_be_seen(
    page: Page, server: Server
) -> None:
    card = open_page(page, server)
    happy = card.report("PrivateTest").counts[FER7.index("happy")]
    right = happy[FER7.index("happy")]
    cells = page.get_by_test_id("stPlotlyChart").nth(1).locator(".annotation-text")
    expect(cells.filter(has_text=f"{right / sum(happy) * 100:.0f} %")).to_have_count(1)
    page.get_by_test_id("stButtonGroup").get_by_text("Counts", exact=True).click()
    expect(cells.filter(has_text=str(right))).to_have_count(1)
    choose(page, "Classes", "Confident or stressed")
    evaluation = load_evaluation(PROJECT_DIR / "models", card.name, "fer2013-confident-or-stressed")
    shipped = figures_of(
        load_predictions(PROJECT_DIR / "models", evaluation)["PrivateTest"]
    ).accuracy
    told = f"Accuracy {shipped.value * 100:.1f} % on 3,118 unseen pictures"
    expect(page.get_by_text(told)).to_be_visible()


FAINTEST = """() => {
  const lights = colour => colour.match(/[\\d.]+/g).slice(0, 3).map(Number).map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0.05);
  const ground = getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor;
  const texts = [...document.querySelectorAll('.js-plotly-plot text')].filter(t => t.textContent);
  const ratios = texts.map(t => [lights(getComputedStyle(t).fill), lights(ground)])
    .map(([one, other]) => Math.max(one, other) / Math.min(one, other));
  return ratios.length > 100 ? Math.min(...ratios) : 0;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_words_in_charts_can_be_read(
    page: Page, server: Server, scheme: Literal["light", "dark"]
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "light" else "light")
    open_page(page, server)
    expect_soon(page, lambda: page.evaluate(FAINTEST) >= 4.5, True)
    page.emulate_media(color_scheme=scheme)  # as a system does in the evening
    expect_soon(page, lambda: page.evaluate(FAINTEST) >= 4.5, True)


UNCUT = """() => [...document.querySelectorAll('[data-testid=stButtonGroup] button')].filter(b => {
  const box = b.getBoundingClientRect();
  const end = document.elementFromPoint(box.right - 3, box.y + box.height / 2);
  return b.innerText.includes('Test') && end?.closest('button') === b;
}).map(b => b.innerText)"""


def test_a_phone_shows_every_split_that_can_be_chosen(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 390, "height": 1600})
    page.goto(f"{server.url}/evaluate_model")
    every = ["PrivateTest", "PublicTest + PrivateTest", "PublicTest"]
    expect_soon(page, lambda: page.evaluate(UNCUT), every)
