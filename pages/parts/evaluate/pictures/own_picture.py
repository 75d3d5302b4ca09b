"""An uploaded picture: one of its faces in detail, or all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from core.domain import ModelCard, ModelInput
from core.domain.counted import counted
from core.evaluation.explain import UploadedFace, UploadedPicture, find_faces
from core.evaluation.predictions import Evaluation
from pages.parts.evaluate.pictures import cached as pictures_cached
from pages.parts.evaluate.pictures import close_up
from pages.parts.evaluate.pictures.heatmaps import MapFigure, maps_html
from pages.parts.policy import consent_gate
from pages.parts.shell import cached as shell_cached
from pages.parts.shell import session_state
from pages.parts.shell.theme import reason_word, top_words

_ALL: Final = 0  # beside the numbers of faces
_LARGEST_MB = 20
_DEFAULT_INPUT = ModelInput(48)


def draw(evaluation: Evaluation) -> None:
    """Draw the upload of a picture, and the predictions for its faces."""
    if not consent_gate.allows_expressions():
        return
    st.markdown(
        "Your picture never leaves this process's memory and is deleted with the page. Grad-CAM++ "
        "would need a second process with TensorFlow, so occlusion is used here."
    )
    file = st.file_uploader(
        "A picture with a face",
        type=["jpg", "jpeg", "png", "webp"],
        max_upload_size=_LARGEST_MB,
        key="looks-upload",
    )
    if file is None:
        session_state.own_picture.set(None)
        return
    uploaded = _uploaded(file.file_id, file.getvalue(), evaluation)
    if uploaded.faces:
        _draw_faces(evaluation, uploaded, key=f"own-{file.file_id}")
    else:
        _draw_nobody(evaluation, uploaded, key=f"own-{file.file_id}")


def _uploaded(file_id: str, content: bytes, evaluation: Evaluation) -> UploadedPicture:
    """Faces of the upload, detected once for each picture and kind of crop."""
    card = _card(evaluation)
    model_input = _DEFAULT_INPUT if card is None else card.input
    stored = session_state.own_picture.get()
    if stored is not None and stored[0] == (file_id, model_input):
        return stored[1]
    landmarker, detector = pictures_cached.face_finders()
    with st.spinner("Looking for faces …"):
        uploaded = find_faces(
            content, model_input=model_input, landmarker=landmarker, detector=detector
        )
    session_state.own_picture.set(((file_id, model_input), uploaded))
    return uploaded


def _card(evaluation: Evaluation) -> ModelCard | None:
    return next((card for card in shell_cached.cards() if card.name == evaluation.model), None)


def _draw_nobody(evaluation: Evaluation, uploaded: UploadedPicture, *, key: str) -> None:
    st.warning("No face was found in this picture. Use one with a larger, well lit, frontal face.")
    if st.toggle(
        "The picture is a face crop already: use all of it",
        key=f"{key}-whole",
        help="The middle square is used as the face, whatever it shows.",
    ):
        close_up.draw_face(evaluation, uploaded.centre_square(), stored_maps={}, key=key)


def _draw_faces(evaluation: Evaluation, uploaded: UploadedPicture, *, key: str) -> None:
    several = len(uploaded.faces) > 1
    if several:
        found, readable = counted(len(uploaded.faces), "face"), len(uploaded.readable)
        st.markdown(f"**{found} found, {readable} usable.** Choose one, or all.")
        st.image(uploaded.numbered(), width="stretch")
    _draw_unread(uploaded.faces)
    if not uploaded.readable:
        return
    chosen = uploaded.readable[0].number
    if several:
        chosen = st.pills(
            "Face",
            [_ALL, *(face.number for face in uploaded.readable)],
            format_func=lambda number: "All" if number == _ALL else f"{number}",
            default=chosen,
            required=True,
            key=f"{key}-face",
        )
    if chosen == _ALL:
        _draw_all(evaluation, uploaded.readable)
        return
    face = next(one for one in uploaded.readable if one.number == chosen)
    if face.pixels is not None:
        close_up.draw_face(evaluation, face.pixels, stored_maps={}, key=f"{key}-{chosen}")


def _draw_unread(faces: Sequence[UploadedFace]) -> None:
    """Why some faces are not usable."""
    words = [
        f"{face.number} {reason_word(face.reason.value).lower()}"
        for face in faces
        if face.reason is not None
    ]
    if words:
        st.caption(f"Not usable: {', '.join(words)}.")


def _draw_all(evaluation: Evaluation, faces: Sequence[UploadedFace]) -> None:
    """Every face with its prediction."""
    pixels = [face.pixels for face in faces if face.pixels is not None]
    scheme = pictures_cached.scheme_of(evaluation.model)
    scores = pictures_cached.scores_of(evaluation.model, pixels)
    figures = [
        MapFigure(
            picture,
            f"Face {face.number}",
            top_words(
                scheme.labels[int(predicted.argmax())],
                float(predicted.max()),
                evaluation.not_sure_below,
            ),
        )
        for face, picture, predicted in zip(faces, pixels, scores, strict=True)
    ]
    st.html(maps_html(figures, least_px=96, largest_px=130))
