"""Gallery of a dataset's pictures, with filters and pages."""

from __future__ import annotations

from html import escape

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.datasets.report import data_uri
from core.domain import UNLABELLED, Dataset
from core.domain.counted import counted

PICTURES_A_PAGE = 60
_ALL = "All"
_STYLE = """<style>
.mien-faces { display: grid; gap: 8px;
  grid-template-columns: repeat(auto-fill, minmax(76px, 1fr)); }
.mien-faces figure { margin: 0; }
.mien-faces img { width: 100%; border-radius: 6px; display: block; }
.mien-faces figcaption { font-size: 0.75rem; opacity: 0.85; overflow: hidden;
  text-overflow: ellipsis; white-space: nowrap; }
</style>"""


def draw(dataset: Dataset) -> None:
    """Draw filters, pagination and the pictures."""
    split, label, order = st.columns(3)
    chosen_split = split.selectbox("Split", [_ALL, *dataset.split_names], key="pictures-split")
    labels = [_ALL, *dataset.scheme.labels]
    if (dataset.pictures.labels == UNLABELLED).any():
        labels.append("No label")
    chosen_label = label.selectbox("Class", labels, key="pictures-label")
    shuffled = order.selectbox("Order", ["Original", "Shuffled"], key="pictures-order")
    positions = chosen(dataset, chosen_split, chosen_label)
    if shuffled == "Shuffled":
        positions = np.random.default_rng(0).permutation(positions)
    if len(positions) == 0:
        st.info("No picture matches the filters.")
        return
    pages = -(-len(positions) // PICTURES_A_PAGE)
    st.caption(f"{len(positions):,} of {counted(len(dataset), 'picture')}")
    key = f"pictures-page-{chosen_split}-{chosen_label}"
    page = st.pagination(pages, key=key) if pages > 1 else 1
    draw_grid(dataset, positions[(page - 1) * PICTURES_A_PAGE : page * PICTURES_A_PAGE])


def chosen(dataset: Dataset, split: str, label: str) -> NDArray[np.int64]:
    """Positions of the pictures that pass both filters."""
    keep = np.ones(len(dataset), dtype=np.bool_)
    if split != _ALL:
        keep &= dataset.split_of == dataset.split_names.index(split)
    if label in dataset.scheme.labels:
        keep &= dataset.pictures.labels == dataset.scheme.index(label)
    elif label != _ALL:
        keep &= dataset.pictures.labels == UNLABELLED
    return np.flatnonzero(keep)


def draw_grid(dataset: Dataset, positions: NDArray[np.int64]) -> None:
    """Draw pictures with their labels; the tooltip is the file name."""
    figures = [
        f'<figure title="{escape(str(dataset.pictures.names[at]))}">'
        f'<img alt="{escape(label_of(dataset, int(at)))}" '
        f'src="{data_uri(dataset.pictures.pixels[at])}">'
        f"<figcaption>{escape(label_of(dataset, int(at)))}</figcaption></figure>"
        for at in positions
    ]
    st.html(f'{_STYLE}<div class="mien-faces">{"".join(figures)}</div>')


def label_of(dataset: Dataset, position: int) -> str:
    """The label of a picture as text."""
    label = int(dataset.pictures.labels[position])
    return "no label" if label == UNLABELLED else dataset.scheme.labels[label]
