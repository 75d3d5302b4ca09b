"""What came of a run that completed: its model's card in short."""

from __future__ import annotations

import streamlit as st

from core.domain import EvaluationReport, Interval, ModelCard, Run
from core.domain.wording import percent_ends
from core.training.monitoring import best_of
from pages.parts.shell import cached, model_links
from pages.parts.shell.theme import exactly, plain, when

_WHY_BEST = "of the models judged on the most pictures the most accurate"


def draw(run: Run) -> None:
    """The model of a completed run, or why there is none."""
    result = run.finished.result if run.finished is not None else {}
    model = result.get("model", "")
    if not model:
        st.success("Done. This run kept answers, not a model.", icon=":material/check_circle:")
        return
    st.success(f"Done: the model is called {plain(model)}.", icon=":material/check_circle:")
    cards = cached.cards()
    card = next((one for one in cards if one.name == model), None)
    if card is None:
        st.warning(
            f"{plain(model)} is not on the shelf any more. Restore its folder under models, or "
            "train again: what it learned is told below."
        )
        return
    if card.run_id != run.id:
        st.warning(f"{plain(model)} on the shelf was made by another run, {plain(card.run_id)}.")
        return
    with st.container(border=True):
        _draw_card(card, is_best=card == cards[0])
        _draw_why_two(run, card)
    st.caption(f"The run {plain(run.id)} began {when(run.began_at)}.")


def _draw_card(card: ModelCard, *, is_best: bool) -> None:
    if card.judged is not None:
        _draw_reports(card.own_reports[0], card.judged)
    st.caption(
        f"{plain(card.recipe_as_run)}; {card.weights:,} weights, {card.mmac:,.1f} million "
        f"MACs per image of {card.input.size_px} px."
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        model_links.draw_buttons(card, key="result")
    if is_best:
        st.caption(f"Unless told otherwise the camera uses it: {_WHY_BEST}.")
    else:
        best = cached.cards()[0].name
        st.caption(f"Unless told otherwise the camera uses {plain(best)}: {_WHY_BEST}.")


def _draw_why_two(run: Run, card: ModelCard) -> None:
    """Why the best epoch and the card give one split two figures."""
    best = best_of(run.epochs)
    if best is None or not card.own_reports:
        return
    chooses = card.own_reports[0]
    if exactly(best) != exactly(chooses.accuracy.value):
        st.caption(
            f"The best epoch had {exactly(best)} on {plain(chooses.split)} while training; the "
            f"finished file has {exactly(chooses.accuracy.value)}: its normalisation is measured "
            "anew and its weights are converted."
        )


def _draw_reports(chooses: EvaluationReport, judges: EvaluationReport) -> None:
    columns = st.columns(4)
    _figure(columns[0], f"Accuracy, {judges.split}", judges.accuracy, "Read once, at the end.")
    _figure(
        columns[1],
        f"Accuracy, {chooses.split}",
        chooses.accuracy,
        "It chose the epoch, so it flatters.",
    )
    _figure(
        columns[2],
        f"Macro-F1, {judges.split}",
        judges.macro_f1,
        "The mean over the classes, small ones counting as much as large ones.",
    )
    columns[3].metric(
        "Calibration error",
        exactly(judges.ece_after),
        help="How far its confidence is from its accuracy, on average (15 bins).",
    )
    columns[3].caption(f"{exactly(judges.ece_before)} before the temperature")


def _figure(
    column: st.delta_generator.DeltaGenerator, title: str, told: Interval, why: str
) -> None:
    column.metric(plain(title), exactly(told.value), help=why)
    column.caption(f"95 % CI {percent_ends(told)}")
