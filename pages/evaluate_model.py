"""Evaluate a model: how good it is, how sure that is, where it fails."""

from __future__ import annotations

import streamlit as st

from core.evaluation.shelf import Evaluation
from core.vocabulary import ModelCard
from pages.parts import evaluate_sections, memory, notice, shared, shared_evaluation
from pages.parts.frame import EVALUATE_MODEL, TRAIN_MODEL, open_page


def _draw_empty() -> None:
    with st.container(border=True, width=640):
        st.markdown("**There is no model yet.** Train one, or restore the shipped one.")
        st.page_link(TRAIN_MODEL.path, label="Train a model", icon=TRAIN_MODEL.icon)


def _choose_model(cards: list[ModelCard]) -> str:
    names = [card.name for card in cards]
    remembered = memory.judged_model.get()
    chosen = st.selectbox(
        "Model",
        names,
        index=names.index(remembered) if remembered in names else 0,
        key="evaluate-model",
    )
    memory.judged_model.set(chosen)
    return chosen


def _choose_evaluation(model: str) -> Evaluation | None:
    found = {one.slug: one for one in shared_evaluation.evaluations_of(model)}
    if not found:
        return None
    remembered = memory.chosen_evaluation.get()
    slugs = list(found)
    slug = st.selectbox(
        "Evaluation",
        slugs,
        index=slugs.index(remembered) if remembered in slugs else 0,
        format_func=lambda one: (
            f"{found[one].dataset}, {found[one].views} view, {found[one].made_at[:10]}"
        ),
        key=f"evaluate-evaluation-{model}",
    )
    memory.chosen_evaluation.set(slug)
    return found[slug]


def _draw_page() -> None:
    cards = shared.cards()
    if not cards:
        _draw_empty()
        return
    left, right = st.columns(2)
    with left:
        model = _choose_model(cards)
    with right:
        evaluation = _choose_evaluation(model)
    if evaluation is None:
        st.info(f"{model} was not evaluated yet.", icon=":material/info:")
        return
    draw = evaluate_sections.choose_section()
    with notice.on_error():
        draw(evaluation)


open_page(EVALUATE_MODEL.path)
st.title(EVALUATE_MODEL.title, anchor=False)
with notice.on_error():
    _draw_page()
