"""Explanations of a model: saliency by class or of one picture, and a projection of all."""

from __future__ import annotations

from typing import Final

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.datasets.readers import draw_face
from core.domain import FER7
from core.domain.counted import counted
from core.domain.wording import percent_ends
from core.evaluation.explain import (
    GRAD_CAM,
    MapChecks,
    SaliencyPart,
    class_specific,
    overlaid,
    region_weights,
    signed_overlaid,
)
from core.evaluation.predictions import Evaluation
from pages.parts.evaluate.explain import embedding
from pages.parts.evaluate.pictures import (
    cached,
    close_up,
    explain_run,
    not_here,
    own_picture,
    split_choice,
)
from pages.parts.evaluate.pictures.heatmaps import (
    MapFigure,
    maps_html,
    scale_html,
    signed_scale_html,
)
from pages.parts.shell import session_state
from pages.parts.shell.theme import expression_word, percent, plain

CLASSES: Final = "Each class"
ONE: Final = "One picture"
ALL: Final = "All pictures"
_RIGHT, _WRONG = "Correct predictions", "Misclassified"
_SALIENCY, _CLASS_SPECIFIC = "Saliency", "Class-specific saliency"
_EVALUATED, _SYNTHETIC, _OWN = "An evaluated picture", "A synthetic face", "Your own picture"
_SHOWN_PX = 192


def draw(evaluation: Evaluation) -> None:
    """Explanations of one evaluation.

    Raises:
        DamagedModel: answers or explanations are damaged.
    """
    split = split_choice.choose(evaluation)
    if evaluation.together:
        st.caption(
            f"This evaluation is of an ensemble; {plain(evaluation.model)} alone is explained."
        )
    section = st.segmented_control(
        "What is explained",
        (CLASSES, ONE, ALL),
        default=CLASSES,
        required=True,
        label_visibility="collapsed",
        key="looks-section",
        wrap=True,
    )
    match section:
        case "One picture":
            _draw_one(evaluation, split)
        case "All pictures":
            _draw_all(evaluation, split)
        case _:
            _draw_classes(evaluation, split)


def _draw_classes(evaluation: Evaluation, split: str) -> None:
    part = cached.saliency(evaluation)
    if part is None or part.split != split:
        _draw_not_computed(evaluation, split, "saliency maps of each class")
        return
    with st.container(horizontal=True, gap="medium"):
        which = st.segmented_control(
            "Pictures",
            (_RIGHT, _WRONG),
            default=_RIGHT,
            required=True,
            key="looks-which",
            wrap=True,
        )
        map_kind = st.segmented_control(
            "Map",
            (_SALIENCY, _CLASS_SPECIFIC),
            default=_SALIENCY,
            required=True,
            key="looks-how",
            wrap=True,
        )
    right, is_class_specific = which == _RIGHT, map_kind == _CLASS_SPECIFIC
    backdrops = cached.backdrops(evaluation, split)
    figures = _class_figures(part, backdrops, right=right, is_class_specific=is_class_specific)
    html = maps_html(figures, least_px=_SHOWN_PX - 12)
    st.html(html + (signed_scale_html() if is_class_specific else scale_html()))
    st.caption(_class_sentence(right=right, is_class_specific=is_class_specific))
    if cached.pictures(evaluation, split) is None:
        st.caption("Laid over a synthetic face, as the pictures are not on this machine.")
    if part.checks is not None:
        _draw_checks(part.checks)
    if part.method == GRAD_CAM:
        st.caption("Grad-CAM++: Chattopadhay et al. 2018, on the network's last feature map.")
    else:
        st.caption("Occlusion of some pictures of each class (Zeiler & Fergus 2014).")


def _class_figures(
    part: SaliencyPart,
    backdrops: tuple[NDArray[np.uint8], ...],
    *,
    right: bool,
    is_class_specific: bool,
) -> list[MapFigure]:
    maps, counts = (part.right, part.right_counts) if right else (part.wrong, part.wrong_counts)
    differences = class_specific(maps, counts)
    figures = []
    for number, label in enumerate(part.classes):
        if counts[number] == 0:
            continue
        coloured = (
            signed_overlaid(backdrops[number], differences[number], size_px=_SHOWN_PX)
            if is_class_specific
            else overlaid(backdrops[number], maps[number], size_px=_SHOWN_PX)
        )
        weights = region_weights(maps[number])
        regions = " · ".join(f"{region} {weight:.1f}" for region, weight in weights.items())
        pictures = counted(int(counts[number]), "picture")
        figures.append(MapFigure(coloured, expression_word(label), pictures, regions))
    return figures


def _class_sentence(*, right: bool, is_class_specific: bool) -> str:
    named = (
        "for the class predicted, which is correct" if right else "for the class predicted instead"
    )
    less = ", minus the mean over all classes" if is_class_specific else ""
    return (
        f"Mean map of the pictures with this label, {named}{less}. The numbers are relative "
        "saliency: 1 is the average of the picture."
    )


def _draw_checks(checks: MapChecks) -> None:
    verdict = "Sanity check passed" if checks.better.low > 0.5 else "Sanity check failed"
    untrained = ""
    if checks.untrained is not None:
        untrained = (
            " The rank correlation with maps of the same network with random weights is "
            f"{checks.untrained:.2f}; 1 would mean that the maps show the picture and not what "
            "was learned."
        )
    st.markdown(
        f"**{verdict}:** covering the most salient fifth of a picture lowers the score by "
        f"{checks.named * 100:.0f} points, a random fifth by {checks.elsewhere * 100:.0f}. The "
        f"salient fifth lowers it more on {percent(checks.better.value)} of "
        f"{counted(checks.pictures, 'picture')} (95 % CI "
        f"{percent_ends(checks.better, '.0f')}).{untrained}"
    )


def _draw_not_computed(evaluation: Evaluation, split: str, what: str) -> None:
    """Not computed yet: offer it, where the pictures are."""
    explain_run.follow(evaluation)
    if cached.pictures(evaluation, split) is None:
        not_here.draw_not_here(evaluation)
        return
    if not explain_run.is_under_way(evaluation):
        st.markdown(
            f"Not computed yet: {what} on {plain(split)}. A worker takes a few minutes for a few "
            "thousand pictures; it saves maps and coordinates, and no picture."
        )
        explain_run.draw_start(evaluation, split, words="Compute")


def _draw_one(evaluation: Evaluation, split: str) -> None:
    here = cached.pictures(evaluation, split) is not None
    sources = (_EVALUATED, _SYNTHETIC, _OWN) if here else (_SYNTHETIC, _OWN)
    source = st.segmented_control(
        "Picture", sources, default=sources[0], required=True, key="looks-source", wrap=True
    )
    match source:
        case "An evaluated picture":
            _choose_evaluated(evaluation, split)
            close_up.draw_chosen(evaluation, split)
        case "A synthetic face":
            _draw_synthetic(evaluation)
        case _:
            own_picture.draw(evaluation)
    st.caption(
        "Occlusion: a grey patch moves over the picture; colour shows where covering lowers the "
        "score most (Zeiler & Fergus 2014)."
    )


def _choose_evaluated(evaluation: Evaluation, split: str) -> None:
    """Choose a random picture, of a class if one is selected."""
    evaluated = cached.evaluated(evaluation, split)
    found = cached.pictures(evaluation, split)
    if found is None:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = st.selectbox(
            "Label",
            [None, *evaluated.classes],
            format_func=lambda one: "Any" if one is None else expression_word(one),
            key="looks-label",
            width=160,
        )
        of_class = found.here
        if label is not None:
            of_class = of_class & (evaluated.labels == evaluated.classes.index(label))
        pressed = st.button("Another picture", key="looks-another", icon=":material/casino:")
    shown = session_state.close_up.get()
    positions = np.flatnonzero(of_class & (evaluated.digests != shown))
    if len(positions) and (pressed or shown is None):
        chosen = np.random.default_rng().choice(positions)
        session_state.close_up.set(int(evaluated.digests[chosen]))


def _draw_synthetic(evaluation: Evaluation) -> None:
    label = st.pills(
        "Expression",
        FER7.labels,
        default="happy",
        required=True,
        format_func=expression_word,
        key="looks-drawn",
    )
    face = draw_face(label, np.random.default_rng(len(label)))
    close_up.draw_face(evaluation, face, stored_maps={}, key=f"drawn-{label}")


def _draw_all(evaluation: Evaluation, split: str) -> None:
    part = cached.embedding(evaluation)
    if part is None or part.split != split:
        _draw_not_computed(evaluation, split, "the projection of all pictures")
        return
    embedding.draw(evaluation, split, part)
