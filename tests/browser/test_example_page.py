"""The example page of a format for browsers, in a browser, with LiteRT replaced by a stub: it is
downloaded by whoever uses the page, and Mien's own environment has no npm packages."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from core.conversion.package.archive import preprocessing
from core.conversion.package.browser_example import BROWSER_EXAMPLE_FILE, browser_example_for
from core.domain import ColourOrder, ModelCard, ModelInput, Scaling, TensorLayout, softmax
from core.models.runtimes import preprocess
from tests.make import make_card, make_photo

pytestmark = pytest.mark.browser

SIZE_PX = 24
LOGITS = [0.0, -2.0, 1.5, 3.0, 0.25, -1.0, 0.5]
STUB = f"""
export const loadLiteRt = async () => {{}};
export class Tensor {{
  constructor(values, shape) {{ Object.assign(this, {{ values, shape }}); }}
  async data() {{ return this.values; }}
  delete() {{}}
}}
export const loadAndCompile = async () => ({{
  run: async ({{ values, shape }}) => {{
    globalThis.input = {{ values: [...values], shape }};
    return [new Tensor(Float32Array.from({json.dumps(LOGITS)}))];
  }},
}});
"""
GREY = ModelInput(SIZE_PX)
BGR_FIRST = ModelInput(
    SIZE_PX,
    channels=3,
    colour_order=ColourOrder.BGR,
    layout=TensorLayout.NCHW,
    scaling=Scaling.SIGNED,
)


def _serve(page: Page, card: ModelCard) -> None:
    content = {
        BROWSER_EXAMPLE_FILE: ("text/html", browser_example_for("model.tflite")),
        "preprocessing.json": ("application/json", json.dumps(preprocessing(card, 1))),
        "node_modules/@litertjs/core/dist/index.js": ("text/javascript", STUB),
    }
    for name, (kind, body) in content.items():
        page.route(f"http://localhost/{name}", _answer(kind, body))


def _answer(kind: str, body: str) -> Callable[[Route], None]:
    return lambda route: route.fulfill(content_type=kind, body=body)


@pytest.mark.parametrize("model_input", [GREY, BGR_FIRST], ids=["grey", "colour"])
def test_the_example_page_gives_mien_s_input_and_scores(
    page: Page, tmp_path: Path, model_input: ModelInput
) -> None:
    card = replace(make_card(), input=model_input, temperature=0.9, not_sure_below=0.99)
    _serve(page, card)
    rgb = np.stack([make_photo(seed, size_px=SIZE_PX) for seed in range(3)], axis=-1)
    cv2.imwrite(str(tmp_path / "face.png"), rgb[..., ::-1])
    page.goto(f"http://localhost/{BROWSER_EXAMPLE_FILE}")
    page.wait_for_load_state("networkidle")
    page.set_input_files("input", tmp_path / "face.png")

    scores = softmax(np.array([LOGITS]) / card.temperature)[0]
    order = np.argsort(-scores)
    lines = [f"{card.scheme.labels[at]:12} {scores[at]:.4f}" for at in order]
    expect(page.locator("pre")).to_have_text(
        "\n".join([*lines, "not sure: no score is high enough to say one of them"])
    )
    given = page.evaluate("globalThis.input")
    face = np.atleast_3d(Image.fromarray(rgb).convert("L")) if model_input is GREY else rgb
    wanted = preprocess((face / 255).astype(np.float32)[None], model_input)
    assert given["shape"] == list(wanted.shape)
    assert np.abs(np.array(given["values"]) - wanted.ravel()).max() < 1e-6
