"""Publish a model: convert it to other formats, compare their predictions, download them."""

from __future__ import annotations

import streamlit as st

from core.domain import ModelCard
from core.models import ConvertedFormat, read_formats
from pages.parts.publish import downloads, format_form, format_results, import_form
from pages.parts.shell import cached, error_box, session_state
from pages.parts.shell.model_links import draw_no_model
from pages.parts.shell.navigation import PUBLISH_MODEL, open_page


def _choose_model(cards: list[ModelCard]) -> ModelCard:
    by_name = {card.name: card for card in cards}
    remembered = session_state.published_model.get()
    names = list(by_name)
    chosen = st.selectbox(
        "Model",
        names,
        index=names.index(remembered) if remembered in by_name else 0,
        key=f"publish-model-{'/'.join(names)}",
        width=420,
    )
    session_state.published_model.set(chosen)
    return by_name[chosen]


def _draw_formats(card: ModelCard, rows: tuple[ConvertedFormat, ...]) -> None:
    format_results.draw(card, rows)
    with st.container(border=True):
        downloads.draw(card, rows)
    with st.expander("Convert again"):
        format_form.draw(card)
    with st.expander("Model card"):
        downloads.draw_card(card)


def _draw_page() -> None:
    cards = cached.cards()
    if not cards:
        draw_no_model()
        return
    card = _choose_model(cards)
    is_running = format_form.follow()
    rows: tuple[ConvertedFormat, ...] = ()
    with error_box.on_error():
        rows = read_formats(cached.settings().models_dir, card)
    if rows:
        _draw_formats(card, rows)
    elif not is_running:
        format_form.draw_first(card)


open_page(PUBLISH_MODEL.path)
st.title(PUBLISH_MODEL.title, anchor=False)
st.write(
    "Export a model to other formats, each tested to give the same predictions, or "
    "import a model trained elsewhere."
)
with error_box.on_error():
    _draw_page()
with error_box.on_error():
    import_form.draw()
