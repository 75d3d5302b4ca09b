"""Evaluate a model: how good it is, how sure that is, where it fails."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from core.domain import ModelCard
from core.evaluation.predictions.evaluation import Evaluation, usual_first
from pages.parts import (
    evaluate_sections,
    evaluate_start,
    memory,
    notice,
    shared,
    shared_evaluation,
)
from pages.parts.clock import when
from pages.parts.frame import EVALUATE_MODEL, open_page
from pages.parts.no_model import draw_no_model
from pages.parts.theme import plain


def _choose_model(cards: list[ModelCard]) -> ModelCard:
    names = [card.name for card in cards]
    remembered = memory.judged_model.get()
    chosen = st.selectbox(
        "Model",
        names,
        index=names.index(remembered) if remembered in names else 0,
        # Another key after a run: the box then shows what the run was about.
        key=f"evaluate-model-{memory.evaluate_round.get()}",
    )
    memory.judged_model.set(chosen)
    return cards[names.index(chosen)]


def _choose_evaluation(card: ModelCard) -> Evaluation | None:
    model = card.name
    every = usual_first(shared_evaluation.evaluations_of(model), card.scheme)
    found = {one.slug: one for one in every}
    if not found:
        return None
    remembered = memory.chosen_evaluation.get()
    slugs = list(found)
    slug = st.selectbox(
        "Evaluation",
        slugs,
        index=slugs.index(remembered) if remembered in slugs else 0,
        format_func=lambda one: _title(found[one], card),
        key=f"evaluate-evaluation-{model}-{len(slugs)}-{memory.evaluate_round.get()}",
    )
    memory.chosen_evaluation.set(slug)
    return found[slug]


def _title(evaluation: Evaluation, card: ModelCard) -> str:
    views = {"one": "", "flip": ", with mirrored pictures"}
    together = f"{evaluation.together}: " if evaluation.together else ""
    looks = views.get(evaluation.views, f", {evaluation.views}")
    others = evaluation.scheme.labels != card.scheme.labels
    classes = f", as {' or '.join(evaluation.scheme.labels)}" if others else ""
    made_at = when(datetime.fromisoformat(evaluation.made_at))
    return f"{together}{evaluation.dataset}{classes}{looks} ({made_at})"


def _draw_page() -> None:
    cards = shared.cards()
    if not cards:
        draw_no_model()
        return
    with notice.on_error():
        evaluate_start.follow()
    left, right = st.columns(2, gap="large")
    with left:
        card = _choose_model(cards)
    with right:
        evaluation = _choose_evaluation(card)
    with st.expander(
        f"Evaluate {plain(card.name)} on other pictures",
        expanded=evaluation is None,
        icon=":material/add:",
    ):
        evaluate_start.draw(card, cards)
    if evaluation is None:
        st.info(
            f"{plain(card.name)} was not evaluated yet. Choose pictures above; FER2013's 7,178 "
            "test pictures take some seconds.",
            icon=":material/info:",
        )
        return
    draw = evaluate_sections.choose_section()
    with notice.on_error():
        draw(evaluation)


open_page(EVALUATE_MODEL.path)
st.title(EVALUATE_MODEL.title, anchor=False)
with notice.on_error():
    _draw_page()
