"""Judging and bringing models with a real browser: what is shipped, and what was made elsewhere."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper
from playwright.sync_api import Locator, Page, expect

from core.datasets import DatasetSource
from core.datasets.catalogue.catalogue import add
from core.datasets.readers.demo import write_demo
from core.domain import FER7
from core.models import list_cards
from core.settings import PROJECT_DIR
from tests.browser import visitor
from tests.browser.conftest import Server

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

RUNS_WITHIN_MS = 240_000
SECTIONS = (
    # What is pressed, words that stand in this section alone, and how many charts it draws.
    ("Metrics", "Top-2 accuracy", 8),
    ("Errors", "Most confused", 1),
    ("Saliency", "Class-specific saliency", 0),  # heat maps are pictures
    ("All pictures", "Projection", 1),
    ("Robustness", "All corruptions", 1),
    ("Compare", "Pairwise comparison", 2),
)


@pytest.fixture
def models_dir(tmp_path: Path) -> Path:
    """The shipped models, on a shelf where others may be put."""
    copied = shutil.copytree(PROJECT_DIR / "models", tmp_path / "models")
    return Path(copied)


def section(page: Page, name: str) -> Locator:
    """One of the page's sections."""
    return page.get_by_test_id("stButtonGroup").get_by_text(name, exact=True)


def drawn(page: Page) -> Locator:
    """Charts in which something is drawn."""
    marks = "g.trace, g.point, g.points path, g.hm, .heatmaplayer image, g.bars path, canvas"
    return page.locator(".js-plotly-plot").filter(has=page.locator(marks))


def expect_sound(page: Page) -> None:
    """No traceback, and no sentence about something that failed."""
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)


def test_the_shipped_model_is_judged_in_full_without_any_dataset(server: Server, page: Page):
    page.goto(f"{server.url}/evaluate_model")
    visitor.settled(page)
    card = list_cards(server.settings.models_dir)[0]
    accuracy = card.report("PrivateTest").accuracy.value
    expect(page.get_by_text(f"Accuracy {accuracy * 100:.1f} % on")).to_be_visible()
    for name, words, charts in SECTIONS:
        section(page, name).click()
        expect(page.get_by_text(words).first).to_be_visible()
        expect(page.locator(".js-plotly-plot")).to_have_count(charts)
        expect(drawn(page)).to_have_count(charts)
        expect_sound(page)
    section(page, "Report").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Report (HTML)").click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert card.name in text
    assert "<script" not in text
    expect_sound(page)


def test_a_model_from_elsewhere_is_imported_judged_and_used_live(
    server: Server, page: Page, tmp_path: Path
):
    write_onnx(tmp_path / "elsewhere.onnx")
    (tmp_path / "labels.txt").write_text("\n".join(FER7.labels), encoding="utf-8")
    drawn_faces = DatasetSource(str(write_demo(tmp_path / "drawn", np.random.default_rng(3))))
    settings = server.settings
    add(settings.datasets_dir, "Drawn faces", drawn_faces, settings.datasets_cache_dir)

    bring(page, server, tmp_path)
    judge(page, server)
    visitor.open_live(page, server.url)
    visitor.choose(page, "Model", "elsewhere")
    visitor.start(page)
    visitor.stop(page)
    expect_sound(page)
    with server.store() as store:
        (entry,) = store.sessions()
        assert entry.session.card_name == "elsewhere"
        assert entry.rows > 0


def bring(page: Page, server: Server, folder: Path) -> None:
    """Import the file on the publishing page."""
    page.goto(f"{server.url}/publish_model")
    visitor.upload(page, "Model file", folder / "elsewhere.onnx")
    visitor.choose(page, "Class order", "From a labels file")
    visitor.upload(page, "Labels file (text, CSV or JSON)", folder / "labels.txt")
    expect(page.get_by_text("0 angry · 1 disgust")).to_be_visible()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("elsewhere").first).to_be_visible(timeout=RUNS_WITHIN_MS)
    until_on_shelf(page, server)
    expect_sound(page)


def until_on_shelf(page: Page, server: Server) -> None:
    """The import is a run: wait until its model stands on the shelf."""
    path = server.settings.models_dir / "elsewhere" / "card.json"
    for _ in range(RUNS_WITHIN_MS // 500):
        if path.is_file():
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"no {path}")


def judge(page: Page, server: Server) -> None:
    """Evaluate it on the synthetic faces; as nothing was judged yet, the form is open."""
    page.goto(f"{server.url}/evaluate_model")
    visitor.settled(page)
    visitor.choose(page, "Model", "elsewhere")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_text("Top-2 accuracy").first).to_be_visible(timeout=RUNS_WITHIN_MS)
    expect_sound(page)


def write_onnx(path: Path) -> None:
    """A network of one layer, as another tool might have written it: channels first, softmax."""
    weights = np.random.default_rng(5).normal(0, 0.02, (48 * 48, 7)).astype(np.float32)
    graph = helper.make_graph(
        [
            helper.make_node("Flatten", ["face"], ["flat"]),
            helper.make_node("MatMul", ["flat", "weights"], ["scores"]),
            helper.make_node("Softmax", ["scores"], ["shares"], axis=1),
        ],
        "elsewhere",
        [helper.make_tensor_value_info("face", TensorProto.FLOAT, ["n", 1, 48, 48])],
        [helper.make_tensor_value_info("shares", TensorProto.FLOAT, ["n", 7])],
        [onnx.numpy_helper.from_array(weights, "weights")],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    made.ir_version = 9
    onnx.save(made, path)
