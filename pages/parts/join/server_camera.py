"""The camera of a learner whose browser cannot read faces: the server analyses what it sends."""

from __future__ import annotations

import secrets
from functools import partial

import streamlit as st

from core.classroom.ingest import NotAsked, ServerLearner
from core.domain.classroom import Classroom, Learner
from core.domain.errors import DamagedModel
from core.live import Resolution
from core.vision import DETECTOR, LANDMARKER, Analyser, build_analyser, path_of
from pages.parts.eye.cached import class_ingest, server_learners
from pages.parts.join import tab_state
from pages.parts.join.class_eye_words import number_words
from pages.parts.live.cached import current_version, loaded_model
from pages.parts.shell import error_box, fragments
from pages.parts.shell.cached import settings
from pages.parts.shell.session_state import Slot
from pages.parts.shell.theme import percent, plain

PICTURE = Resolution(320, 240, "one person")
FPS = 5
REFRESH_S = 1.0

BADGE = (
    "On: small pictures of your camera are sent to the server, five a second. They are analysed "
    "in its memory and not stored; the numbers below are what the class keeps."
)

_opened: Slot[tuple[str, ServerLearner] | None] = Slot("server_learner", None)


def draw_server_camera(classroom: Classroom, learner: Learner) -> None:
    """Send this learner's camera to the server, and draw the numbers that the class keeps of it.

    Args:
        classroom, learner: as just read from the database.
    Raises:
        AssetError, ModelError: something that the analysis needs is missing or damaged.
        NotAllowedHere: the class takes nothing, or the server no further learner.
    """
    start, stream = _stream_of(classroom, learner)
    if stream.ended:
        st.warning(plain(stream.ended), icon=":material/videocam_off:")
        st.button("Try again", icon=":material/refresh:", key="server-again", on_click=_begin_anew)
        return
    st.info(BADGE, icon=":material/videocam:")
    fragments.fragment()(_draw_stream)(start, stream)
    fragments.fragment(run_every=REFRESH_S)(_draw_numbers)(classroom, stream)


def stop_server_camera() -> None:
    """Take nothing more of this tab's camera; drawn again, it begins anew."""
    if (opened := _opened.take()) is not None:
        opened[1].end()


def _begin_anew() -> None:
    stop_server_camera()
    tab_state.class_start.set("")


def _stream_of(classroom: Classroom, learner: Learner) -> tuple[str, ServerLearner]:
    """This tab's stream, with the name of its start; a new one where another start is wanted."""
    start, opened = tab_state.class_start.get(), _opened.get()
    if opened is not None and opened[0] == start and opened[1].learner.id == learner.id:
        return opened
    stream = server_learners().open(classroom, learner, partial(_analyser, classroom))
    opened = (start or secrets.token_hex(8), stream)
    tab_state.class_start.set(opened[0])
    _opened.set(opened)
    return opened


def _analyser(classroom: Classroom) -> Analyser:
    """Reads faces, and expressions only where the class shares them."""
    assets_dir = settings().assets_dir
    files = path_of(assets_dir, LANDMARKER), path_of(assets_dir, DETECTOR)
    if not classroom.labels:
        return build_analyser(*files, NotAsked())
    model = loaded_model(current_version(classroom.card_name))
    if model.card.scheme.labels != classroom.labels:
        raise DamagedModel(
            "The model of this class has other expressions than when the class was opened.",
            advice="Ask the teacher to open a new class.",
        )
    return build_analyser(*files, model.recognizer)


@error_box.on_error()
def _draw_stream(start: str, stream: ServerLearner) -> None:
    """The own picture; reports of the browser rerun only this fragment."""
    from pages.parts.live import camera
    from pages.parts.live.camera_permission import PERMISSION_TEXT

    report = camera.camera_stream(
        partial(server_learners().process_frame, stream),
        stream.end,
        request=camera.CameraRequest(
            start=start,
            resolution=PICTURE,
            ice_servers=settings().ice_server_list(),
            comes_back=False,
            fps=FPS,
        ),
    )
    if trouble := PERMISSION_TEXT.get(report.answer, ""):
        stream.end(trouble)
        st.rerun()


@error_box.on_error()
def _draw_numbers(classroom: Classroom, stream: ServerLearner) -> None:
    """What the class keeps of the newest second; and whether it takes any more."""
    stream.advance()
    if stream.ended:
        st.rerun()
    if trouble := class_ingest().trouble:
        st.warning(plain(trouble), icon=":material/warning:")
    newest = stream.newest
    if newest is None:
        st.caption("Nothing yet")
        return
    names = number_words(classroom)["shares"].items()
    figures = {text: getattr(newest, name) for name, text in names}
    figures |= dict(zip(number_words(classroom)["labels"], newest.scores, strict=False))
    shown = (f"{text} **{_text(value)}**".replace(" ", "&nbsp;") for text, value in figures.items())
    st.caption(" &ensp; ".join(shown))


def _text(value: float | None) -> str:
    return "not known" if value is None else percent(value)
