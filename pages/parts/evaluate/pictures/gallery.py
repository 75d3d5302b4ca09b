"""A gallery of evaluated pictures with label and prediction."""

from __future__ import annotations

from html import escape

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.datasets.report import data_uri
from core.domain import UNLABELLED
from core.evaluation.predictions import FoundPictures
from core.evaluation.scorecard import EvaluatedPictures, LabelNoise
from pages.parts.shell import session_state
from pages.parts.shell.theme import expression_word, percent

PICTURES_A_PAGE = 48
_STYLE = """<style>
.mien-judged { display: grid; gap: 12px 10px;
  grid-template-columns: repeat(auto-fill, minmax(88px, 1fr)); }
.mien-judged figure { margin: 0; }
.mien-judged img { width: 100%; border-radius: 6px; display: block; }
.mien-judged figcaption { font-size: 0.8rem; line-height: 1.35; padding-top: 3px; }
.mien-judged figcaption span { display: block; overflow: hidden; text-overflow: ellipsis;
  white-space: nowrap; }
.mien-judged .mien-label { opacity: 0.8; }
</style>"""


def draw(
    evaluated: EvaluatedPictures,
    found: FoundPictures,
    label_noise: LabelNoise,
    positions: NDArray[np.int64],
    *,
    key: str,
) -> None:
    """Pages of pictures, and a choice of one to look at closely.

    Args:
        positions: among the evaluated pictures, in the order to show; all of them found.
        key: of the widgets; another list has another.
    """
    pages = -(-len(positions) // PICTURES_A_PAGE)
    page = st.pagination(pages, key=f"{key}-page") if pages > 1 else 1
    first = (page - 1) * PICTURES_A_PAGE
    shown = positions[first : first + PICTURES_A_PAGE]
    st.html(gallery_html(evaluated, found, label_noise, shown, first=first + 1))
    _choose_close_up(evaluated, shown, first=first + 1, key=f"{key}-{page}")


def gallery_html(
    evaluated: EvaluatedPictures,
    found: FoundPictures,
    label_noise: LabelNoise,
    positions: NDArray[np.int64],
    *,
    first: int = 1,
) -> str:
    """The pictures at these positions, numbered from `first`."""
    figures = [
        _figure(picture, *caption_of(evaluated, label_noise, int(at)), number=number)
        for number, (at, picture) in enumerate(
            zip(positions, found.pixels(positions), strict=True), start=first
        )
    ]
    return f'{_STYLE}<div class="mien-judged">{"".join(figures)}</div>'


def caption_of(
    evaluated: EvaluatedPictures, label_noise: LabelNoise, position: int
) -> tuple[str, str, str]:
    """The label, the prediction, and both in one sentence."""
    label, predicted = (
        _word(evaluated, int(evaluated.labels[position])),
        int(evaluated.predicted[position]),
    )
    sign = {True: "✗ ", False: "✓ "}[bool(evaluated.wrong[position])]
    if not evaluated.labelled[position]:
        sign = ""
    answer = f"{sign}{_word(evaluated, predicted)} {percent(float(evaluated.confidence[position]))}"
    sentence = f"Labelled {label.lower()}, predicted {answer.removeprefix(sign).lower()}"
    suggested = int(label_noise.suggested[position])
    if label_noise.flagged[position] and suggested != UNLABELLED:
        label = f"{label}?"
        sentence += f"; the label may be wrong, {_word(evaluated, suggested).lower()} fits better"
    return label, answer, sentence


def _figure(
    picture: NDArray[np.uint8], label: str, answer: str, sentence: str, *, number: int
) -> str:
    return (
        f'<figure title="{escape(sentence)}"><img alt="{escape(sentence)}" '
        f'src="{data_uri(picture)}"><figcaption>'
        f'<span class="mien-label">{number} · {escape(label)}</span>'
        f"<span>{escape(answer)}</span></figcaption></figure>"
    )


def _choose_close_up(
    evaluated: EvaluatedPictures, shown: NDArray[np.int64], *, first: int, key: str
) -> None:
    options = [first + at for at in range(len(shown))]
    chosen = st.selectbox(
        "Inspect picture",
        options,
        index=None,
        placeholder="Number",
        key=f"{key}-closely",
        width=220,
    )
    session_state.close_up.set(
        None if chosen is None else int(evaluated.digests[shown[chosen - first]])
    )


def _word(evaluated: EvaluatedPictures, label: int) -> str:
    return "no label" if label == UNLABELLED else expression_word(evaluated.classes[label])
