"""One picture in detail: the scores of the model, and saliency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.domain import UNLABELLED, LabelScheme, normalised
from core.evaluation.explain import (
    DEFAULT_PATCH,
    GRAD_CAM,
    Occlusion,
    Patch,
    SaliencyPart,
    overlaid,
    without_map,
)
from core.evaluation.predictions import Evaluation
from pages.parts.evaluate.pictures import cached, explain_run
from pages.parts.evaluate.pictures.gallery import caption_of
from pages.parts.evaluate.pictures.heatmaps import MapFigure, maps_html, scale_html
from pages.parts.shell import charts, session_state, theme
from pages.parts.shell.theme import expression_word, percent, plain

_SHOWN_PX = 240
_PATCHES = {"Small": Patch(0.12, 0.04), "Medium": DEFAULT_PATCH, "Large": Patch(0.3, 0.1)}


def draw_chosen(evaluation: Evaluation, split: str) -> None:
    """Draw the evaluated picture that was chosen, if one was."""
    digest = session_state.close_up.get()
    evaluated = cached.evaluated(evaluation, split)
    found = cached.pictures(evaluation, split)
    positions = np.flatnonzero((evaluated.digests == digest) & (found is not None and found.here))
    if digest is None or found is None or len(positions) == 0:
        return
    position = int(positions[0])
    label_noise = cached.label_noise(evaluation, split)
    with st.container(border=True):
        st.markdown(f"**{plain(caption_of(evaluated, label_noise, position)[2])}.**")
        part = cached.saliency(evaluation)
        face = found.pixels(positions[:1])[0]
        scheme = cached.scheme_of(evaluation.model)
        default, label = (
            _number(scheme, evaluated.classes, int(one[position]))
            for one in (evaluated.predicted, evaluated.labels)
        )
        stored_maps = _stored_maps(part, digest, {label: 1, default: 0})
        draw_face(
            evaluation, face, stored_maps=stored_maps, default=default, key=f"closely-{digest}"
        )
        if not stored_maps:
            explain_run.draw_start_one(evaluation, split, digest)
        explain_run.follow(evaluation)


def draw_face(
    evaluation: Evaluation,
    face: NDArray[np.uint8],
    *,
    stored_maps: Mapping[int, NDArray[np.floating]],
    default: int | None = None,
    key: str,
) -> None:
    """Draw the scores of one face, and saliency for a class.

    Args:
        face: grey uint8, square, of any size.
        stored_maps: class number -> Grad-CAM++ map, as far as there are any.
        default: the class that is explained unless another is chosen; None: the predicted one.
        key: of the widgets.
    """
    choices, pictures = st.columns([5, 12], gap="medium")
    with choices:
        size = st.segmented_control(
            "Patch",
            list(_PATCHES),
            default="Medium",
            required=True,
            key=f"{key}-patch",
            help="Size of the patch that covers part of the picture.",
            wrap=True,
        )
        found = cached.occlusion_of(evaluation.model, face, _PATCHES[size])
        scheme = cached.scheme_of(evaluation.model)
        labels = scheme.labels
        number = st.selectbox(
            "Explain",
            range(len(labels)),
            index=int(found.scores.argmax()) if default is None else default,
            format_func=lambda one: expression_word(labels[one]),
            key=f"{key}-class",
        )
        shares = normalised(scheme, found.scores)
        st.plotly_chart(
            charts.escape_figure(charts.distribution_bars(shares, labels)),
            config=charts.CONFIG,
            key=f"{key}-scores",
        )
    with pictures:
        st.html(
            maps_html(_figures(face, found, stored_maps.get(number), number, labels)) + scale_html()
        )
        st.caption(theme.plain(_sentence(found, number, labels[number])))


def _stored_maps(
    part: SaliencyPart | None, digest: int, columns: Mapping[int | None, int]
) -> dict[int, NDArray[np.floating]]:
    """Class number -> the stored map of a picture for that class.

    Args:
        columns: class number -> 0 for the map of the prediction, 1 for that of the label.
    """
    if part is None or part.method != GRAD_CAM:
        return {}
    rows = np.flatnonzero(part.digests == digest)
    if len(rows) == 0:
        return {}
    both = (part.maps, part.truth_maps)
    return {
        number: both[column][rows[0]] for number, column in columns.items() if number is not None
    }


def _number(scheme: LabelScheme, classes: Sequence[str], number: int) -> int | None:
    """The model's own number of an evaluated class; None where it lacks that class."""
    name = "" if number == UNLABELLED else classes[number]
    return scheme.index(name) if name in scheme.labels else None


def _figures(
    face: NDArray[np.uint8],
    found: Occlusion,
    stored_maps: NDArray[np.floating] | None,
    number: int,
    labels: Sequence[str],
) -> list[MapFigure]:
    word = expression_word(labels[number])
    figures = [
        MapFigure(without_map(face, size_px=_SHOWN_PX), "The picture", "input of the model"),
        MapFigure(
            overlaid(face, found.map_of(number), size_px=_SHOWN_PX),
            f"Occlusion: {word}",
            f"covering lowers the score by up to {found.largest_drop(number) * 100:.0f} points",
        ),
    ]
    if stored_maps is not None:
        coloured = overlaid(face, stored_maps, size_px=_SHOWN_PX)
        figures.append(MapFigure(coloured, f"Grad-CAM++: {word}", "evidence for this class"))
    return figures


def _sentence(found: Occlusion, number: int, label: str) -> str:
    """Scores of a class with each part of the face covered."""
    sentences = [
        f"{percent(float(scores[number]))} without the {region}"
        for region, scores in found.scores_without.items()
    ]
    return (
        f"{expression_word(label)}: {percent(float(found.scores[number]))} with the whole face, "
        f"{', '.join(sentences)}. Each part is covered at its usual place in a face picture."
    )
