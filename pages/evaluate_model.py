"""Evaluate a model: metrics with confidence intervals, and errors."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from core.domain import ModelCard
from core.evaluation.predictions import Evaluation, usual_first
from pages.parts.evaluate import cached as evaluate_cached
from pages.parts.evaluate import sections, start
from pages.parts.shell import cached as shell_cached
from pages.parts.shell import error_box, session_state
from pages.parts.shell.model_links import draw_no_model
from pages.parts.shell.navigation import EVALUATE_MODEL, open_page
from pages.parts.shell.theme import plain, when


def _choose_model(cards: list[ModelCard]) -> ModelCard:
    names = [card.name for card in cards]
    remembered = session_state.evaluated_model.get()
    chosen = st.selectbox(
        "Model",
        names,
        index=names.index(remembered) if remembered in names else 0,
        # Another key after a run: the box then shows what the run was about.
        key=f"evaluate-model-{session_state.evaluate_round.get()}",
    )
    session_state.evaluated_model.set(chosen)
    return cards[names.index(chosen)]


def _choose_evaluation(card: ModelCard) -> Evaluation | None:
    model = card.name
    every = usual_first(evaluate_cached.evaluations_of(model), card.scheme)
    found = {one.slug: one for one in every}
    if not found:
        return None
    remembered = session_state.chosen_evaluation.get()
    slugs = list(found)
    slug = st.selectbox(
        "Evaluation",
        slugs,
        index=slugs.index(remembered) if remembered in slugs else 0,
        format_func=lambda one: _title(found[one], card),
        key=f"evaluate-evaluation-{model}-{len(slugs)}-{session_state.evaluate_round.get()}",
    )
    session_state.chosen_evaluation.set(slug)
    return found[slug]


def _title(evaluation: Evaluation, card: ModelCard) -> str:
    views = {"one": "", "flip": ", with mirror images"}
    ensemble = f"{evaluation.together}: " if evaluation.together else ""
    augmented = views.get(evaluation.views, f", {evaluation.views}")
    is_mapped = evaluation.scheme.labels != card.scheme.labels
    classes = f", as {' or '.join(evaluation.scheme.labels)}" if is_mapped else ""
    made_at = when(datetime.fromisoformat(evaluation.made_at))
    return f"{ensemble}{evaluation.dataset}{classes}{augmented} ({made_at})"


def _draw_page() -> None:
    cards = shell_cached.cards()
    if not cards:
        draw_no_model()
        return
    with error_box.on_error():
        start.follow()
    left, right = st.columns(2, gap="large")
    with left:
        card = _choose_model(cards)
    with right:
        evaluation = _choose_evaluation(card)
    with st.expander(
        f"Evaluate {plain(card.name)} on another dataset",
        expanded=evaluation is None,
        icon=":material/add:",
    ):
        start.draw(card, cards)
    if evaluation is None:
        st.info(
            f"{plain(card.name)} has not been evaluated yet. Choose a dataset above; FER2013's "
            "7,178 test pictures take a few seconds.",
            icon=":material/info:",
        )
        return
    draw = sections.choose_section()
    with error_box.on_error():
        draw(evaluation)


open_page(EVALUATE_MODEL.path)
st.title(EVALUATE_MODEL.title, anchor=False)
with error_box.on_error():
    _draw_page()
