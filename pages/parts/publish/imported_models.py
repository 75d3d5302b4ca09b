"""Imported models: synthetic-face predictions, preprocessing, calibration, removal."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.conversion.importing import (
    SyntheticFacePredictions,
    is_evaluated,
    remove_import,
    set_input,
)
from core.domain import FER7, ColourOrder, Interpolation, ModelCard, ModelInput, Scaling
from core.domain.counted import counted
from core.domain.model_card import COLOURS
from core.evaluation.evaluator import calibrate, has_own_logits, splits_for
from core.evaluation.predictions import list_evaluations
from core.vision.faces import CROPS
from pages.parts.publish import cached as publish_cached
from pages.parts.shell import cached as shell_cached
from pages.parts.shell import error_box, model_links, session_state
from pages.parts.shell.theme import expression_word, percent, plain

_FACES_SHOWN = len(FER7)
_PICTURE_PX = 84
SCALING_NAMES = {
    Scaling.UNIT: "0 to 1",
    Scaling.SIGNED: "-1 to 1",
    Scaling.BYTES: "0 to 255",
    Scaling.IMAGENET: "ImageNet mean and standard deviation",
    Scaling.MEAN_BYTES: "0 to 255 minus ImageNet mean",
}
INTERPOLATION_NAMES = {Interpolation.BILINEAR: "Bilinear", Interpolation.CUBIC: "Cubic"}
INTERPOLATION_HELP = (
    "Interpolation for faces smaller than the input, as in training. Most libraries use bilinear."
)
ORDER_NAMES = {ColourOrder.RGB: "RGB", ColourOrder.BGR: "BGR"}


def draw(found: list[ModelCard]) -> None:
    """Choose one imported model, and show its details and actions.

    Args:
        found: every imported model; at least one.
    """
    by_name = {card.name: card for card in found}
    remembered = session_state.imported_model.get()
    names = list(by_name)
    chosen = st.selectbox(
        "Imported model",
        names,
        index=names.index(remembered) if remembered in by_name else 0,
        key=f"imported-{'/'.join(names)}",
        width=420,
    )
    session_state.imported_model.set(chosen)
    with st.container(border=True):
        _draw_one(by_name[chosen])


def _draw_one(card: ModelCard) -> None:
    evaluated = is_evaluated(shell_cached.settings().models_dir, card)
    st.markdown(_facts(card, evaluated=evaluated))
    if card.input_notes:
        st.caption(plain(" ".join(card.input_notes)))
    with error_box.on_error():
        changed = card if evaluated else replace(card, input=_ask_input(card))
        predictions = publish_cached.predictions_of(changed)
        _draw_faces(predictions)
        st.caption(plain(predictions.sentence))
        if not evaluated:
            _draw_choice(card, changed)
    with error_box.on_error():
        _draw_calibration(card)
    _draw_actions(card)


def _facts(card: ModelCard, *, evaluated: bool) -> str:
    side = card.input.size_px
    colours = "greyscale" if card.input.channels == 1 else "colour"
    known = [f"{side} x {side} px, {colours}", f"{card.answers}"]
    if card.weights:
        known.append(f"{card.weights:,} weights")
    if card.mmac:
        known.append(f"{card.mmac:,.1f} million MACs")
    state = "" if evaluated else " :orange-badge[not evaluated yet]"
    return (
        f"**{plain(card.name)}**{state} &ensp; {' · '.join(known)}  \nClasses: "
        f"{plain(', '.join(map(expression_word, card.scheme.labels)))}."
    )


def _ask_input(card: ModelCard) -> ModelInput:
    left, middle, right = st.columns(3)
    scaling = left.selectbox(
        "Pixel scaling",
        list(SCALING_NAMES),
        index=list(SCALING_NAMES).index(card.input.scaling),
        format_func=SCALING_NAMES.__getitem__,
        key=f"look-scaling-{card.name}-{card.input.scaling}",
    )
    crop = middle.selectbox(
        "Face crop",
        list(CROPS),
        index=list(CROPS).index(card.input.crop),
        format_func=CROPS.__getitem__,
        help="Applies to camera and photographs; the synthetic faces below are already cropped.",
        key=f"look-crop-{card.name}-{card.input.crop}",
    )
    interpolation = right.selectbox(
        "Upsampling",
        list(INTERPOLATION_NAMES),
        index=list(INTERPOLATION_NAMES).index(card.input.interpolation),
        format_func=INTERPOLATION_NAMES.__getitem__,
        help=INTERPOLATION_HELP,
        key=f"look-interpolation-{card.name}-{card.input.interpolation}",
    )
    order = card.input.colour_order
    if card.input.channels == COLOURS:
        order = left.selectbox(
            "Colour order",
            list(ORDER_NAMES),
            index=list(ORDER_NAMES).index(order),
            format_func=ORDER_NAMES.__getitem__,
            key=f"look-colours-{card.name}-{order}",
        )
    return replace(
        card.input, scaling=scaling, crop=crop, colour_order=order, interpolation=interpolation
    )


def _draw_faces(predictions: SyntheticFacePredictions) -> None:
    """The first synthetic face of each expression, with the model's prediction."""
    for index, column in enumerate(st.columns(_FACES_SHOWN)):
        scores = predictions.scores[index]
        top = int(scores.argmax())
        column.image(predictions.faces.pixels[index], width=_PICTURE_PX)
        column.markdown(
            f"**{plain(expression_word(predictions.scheme.labels[top]))}** "
            f"{percent(float(scores[top]))}"
        )
        column.caption(f"true class: {plain(str(predictions.faces.labels[index]))}")


def _draw_choice(card: ModelCard, changed: ModelCard) -> None:
    """Predictions with all scalings, and the button that saves the chosen preprocessing."""
    with st.expander("Predictions with each scaling"):
        st.caption(
            "Predictions for one synthetic face per class. Choose the scaling used in "
            "training; with another, a model often predicts one class for every face."
        )
        st.dataframe(
            {
                "Scaling": [SCALING_NAMES[one] for one in Scaling],
                **_top_labels(changed),
            },
            hide_index=True,
        )
    if changed.input != card.input and st.button(
        "Save preprocessing",
        type="primary",
        key="look-keep",
        help="It can be changed until the model is evaluated.",
    ):
        set_input(shell_cached.settings().models_dir, card.name, changed.input)
        st.rerun()


def _top_labels(card: ModelCard) -> dict[str, list[str]]:
    by_scaling = publish_cached.predictions_by_scaling_of(card)
    labels = card.scheme.labels
    return {
        f"True: {label}": [
            expression_word(labels[int(predictions.scores[index].argmax())])
            for predictions in by_scaling.values()
        ]
        for index, label in enumerate(FER7.labels)
    }


def _draw_calibration(card: ModelCard) -> None:
    """Offered once the model was evaluated on a dataset with a validation split."""
    models_dir = shell_cached.settings().models_dir
    if card.calibration is not None:
        st.caption(plain(card.calibration_note))
    found = {
        f"{split} of {one.dataset} ({counted(count, 'picture')})": (one.slug, split)
        for one in list_evaluations(models_dir, card.name)
        if has_own_logits(card, one)
        for split, count in splits_for(models_dir, one).items()
    }
    if not found:
        if card.calibration is None:
            st.caption(
                "Not calibrated. Evaluate it on a dataset with a validation split: its "
                "predictions there can then be used for calibration."
            )
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox("Calibrate on", list(found), key=f"calibrate-{card.name}", width=420)
        if st.button("Calibrate", key="calibrate"):
            slug, split = found[chosen]
            calibrate(models_dir, card.name, evaluation=slug, split=split)
            st.rerun()


def _draw_actions(card: ModelCard) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        model_links.draw_buttons(card, key="look", publish=False)
        with st.popover("Remove"):
            st.write(f"Deletes {plain(card.name)} with its evaluations and converted formats.")
            if st.button("Delete permanently", key=f"look-remove-{card.name}"):
                with error_box.on_error():
                    remove_import(shell_cached.settings().models_dir, card.name)
                    session_state.imported_model.set(None)
                    st.rerun()
