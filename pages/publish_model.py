"""Publish a model: other formats that give the same answers, measured here, to take along."""

from __future__ import annotations

import streamlit as st

from core.domain import ModelCard
from core.models.formats import ConvertedFormat, read_formats
from pages.parts import (
    import_model,
    memory,
    notice,
    publish_form,
    publish_results,
    publish_take,
    shared,
)
from pages.parts.frame import PUBLISH_MODEL, open_page
from pages.parts.no_model import draw_no_model


def _choose_model(cards: list[ModelCard]) -> ModelCard:
    by_name = {card.name: card for card in cards}
    remembered = memory.published_model.get()
    names = list(by_name)
    chosen = st.selectbox(
        "Model",
        names,
        index=names.index(remembered) if remembered in by_name else 0,
        key=f"publish-model-{'/'.join(names)}",
        width=420,
    )
    memory.published_model.set(chosen)
    return by_name[chosen]


def _draw_formats(card: ModelCard, rows: tuple[ConvertedFormat, ...]) -> None:
    publish_results.draw(card, rows)
    with st.container(border=True):
        publish_take.draw(card, rows)
    with st.expander("Make formats again, or others"):
        publish_form.draw(card)
    with st.expander("The model's card"):
        publish_take.draw_card(card)


def _draw_page() -> None:
    cards = shared.cards()
    if not cards:
        draw_no_model()
        return
    card = _choose_model(cards)
    at_work = publish_form.follow()
    rows: tuple[ConvertedFormat, ...] = ()
    with notice.on_error():
        rows = read_formats(shared.settings().models_dir, card)
    if rows:
        _draw_formats(card, rows)
    elif not at_work:
        publish_form.draw_first(card)


open_page(PUBLISH_MODEL.path)
st.title(PUBLISH_MODEL.title, anchor=False)
st.write("Take a model elsewhere, in a format that was seen to give the same answers.")
with notice.on_error():
    _draw_page()
with notice.on_error():
    import_model.draw()
