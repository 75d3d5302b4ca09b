"""Downloads of a format: the archive, and the card."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from core.conversion import ConvertPlan, downloadable, good_for, title_of
from core.conversion.package import package, package_name
from core.domain import ModelCard
from core.models import BROWSER_FORMAT, ConvertedFormat, card_page, has_file
from pages.parts.publish import format_form
from pages.parts.shell import cached
from pages.parts.shell.theme import plain, unlinked

_IN_A_BROWSER = " (example.html does so in a browser)"


def draw(card: ModelCard, rows: Sequence[ConvertedFormat]) -> None:
    """Choose a format that passed and download it."""
    passed = {row.name: row for row in downloadable(rows)}
    if not passed:
        st.markdown(
            "**No download available:** no format gives the same predictions as the network."
        )
        return
    st.markdown("**Download**")
    name = st.selectbox(
        "Format",
        list(passed),
        format_func=lambda one: title_of(passed[one]),
        key=f"publish-take-{card.name}",
        width=420,
    )
    row = passed[name]
    st.caption(f"{good_for(row)} Requires {plain(', '.join(row.requires))}.")
    if not has_file(cached.settings().models_dir, card, row):
        st.write(
            "The file of this format is not on this machine. Converting again takes about a minute."
        )
        if st.button("Convert again", type="primary", key="publish-again"):
            format_form.begin(ConvertPlan(card.name, formats=(name,)))
        return
    st.download_button(
        "Download (ZIP)",
        partial(package, cached.settings().models_dir, card, row),
        file_name=package_name(card, row),
        mime="application/zip",
        icon=":material/folder_zip:",
        on_click="ignore",
        type="primary",
        key="publish-download",
    )
    st.caption(
        "Contains the model, its card and labels, the exact preprocessing, its limits, and "
        "example.py, which scores a picture without Mien"
        f"{_IN_A_BROWSER if row.name == BROWSER_FORMAT else ''}:"
    )
    st.code("pip install -r requirements.txt\npython example.py FACE.png", language="bash")


def draw_card(card: ModelCard) -> None:
    """The card in the model's folder."""
    st.markdown(unlinked(card_page(cached.settings().models_dir / card.name, card)))
