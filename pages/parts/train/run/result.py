"""The result of a completed run: a summary of its model's card."""

from __future__ import annotations

import streamlit as st

from core.domain import EvaluationReport, Interval, ModelCard, Run
from core.domain.counted import tenths
from core.domain.wording import percent_ends
from core.training.monitoring import best_accuracy
from pages.parts.shell import cached, model_links
from pages.parts.shell.theme import plain, when

_DEFAULT_REASON = "it is the most accurate of the models tested on the most pictures"


def draw(run: Run) -> None:
    """The model of a completed run, or why there is none."""
    result = run.finished.result if run.finished is not None else {}
    model = result.get("model", "")
    if not model:
        st.success("Done. This run saved predictions, not a model.", icon=":material/check_circle:")
        return
    st.success(f"Done: the model is saved as {plain(model)}.", icon=":material/check_circle:")
    cards = cached.cards()
    card = next((one for one in cards if one.name == model), None)
    if card is None:
        st.warning(
            f"The model {plain(model)} is no longer saved here. Restore its folder under models, "
            "or train again. Its training history is below."
        )
        return
    if card.run_id != run.id:
        st.warning(f"The saved model {plain(model)} was made by another run, {plain(card.run_id)}.")
        return
    with st.container(border=True):
        _draw_card(card, is_best=card == cards[0])
        _draw_accuracy_difference(run, card)
    st.caption(f"Run {plain(run.id)}, started {when(run.began_at)}.")


def _draw_card(card: ModelCard, *, is_best: bool) -> None:
    if card.test_report is not None:
        _draw_reports(card.own_reports[0], card.test_report)
    st.caption(
        f"{plain(card.recipe_as_run)}; {card.weights:,} weights, {card.mmac:,.1f} million "
        f"MACs per picture of {card.input.size_px} px."
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        model_links.draw_buttons(card, key="result")
    if is_best:
        st.caption(f"The camera uses this model by default: {_DEFAULT_REASON}.")
    else:
        best = cached.cards()[0].name
        st.caption(f"The camera uses {plain(best)} by default: {_DEFAULT_REASON}.")


def _draw_accuracy_difference(run: Run, card: ModelCard) -> None:
    """Why the best epoch and the card have different validation accuracies."""
    best = best_accuracy(run.epochs)
    if best is None or not card.own_reports:
        return
    validation = card.own_reports[0]
    if tenths(best) != tenths(validation.accuracy.value):
        st.caption(
            f"The best epoch had {tenths(best)} on {plain(validation.split)} during training; the "
            f"exported file has {tenths(validation.accuracy.value)}: its batch normalisation is "
            "recalibrated and its weights are converted."
        )


def _draw_reports(validation: EvaluationReport, test: EvaluationReport) -> None:
    columns = st.columns(4)
    _figure(
        columns[0],
        f"Accuracy, {test.split}",
        test.accuracy,
        "The test split, used once, for the final test.",
    )
    _figure(
        columns[1],
        f"Accuracy, {validation.split}",
        validation.accuracy,
        "The validation split. It selected the epoch, so this is optimistic.",
    )
    _figure(
        columns[2],
        f"Macro-F1, {test.split}",
        test.macro_f1,
        "Mean of the F1 scores of all classes, each with the same weight.",
    )
    columns[3].metric(
        "Calibration error",
        tenths(test.ece_after),
        help="Expected calibration error (ECE): mean gap between confidence and accuracy, 15 bins.",
    )
    columns[3].caption(f"{tenths(test.ece_before)} before temperature scaling")


def _figure(
    column: st.delta_generator.DeltaGenerator, title: str, interval: Interval, why: str
) -> None:
    column.metric(plain(title), tenths(interval.value), help=why)
    column.caption(f"95 % CI {percent_ends(interval)}")
