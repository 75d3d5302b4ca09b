"""The camera's picture where this browser reads the faces: only numbers reach the server."""

from __future__ import annotations

import streamlit as st

from core.domain import ModelCard
from core.domain.counted import counted
from core.eye import ReaderState
from core.live import LiveSession
from core.measures import NOT_SURE, ScoreView
from core.models import browser_format
from core.policy import UsePolicy
from core.vision import OverlayStyle, browser_files, browser_reading
from core.web import model_url
from pages.parts.eye.cached import row_ingest
from pages.parts.live import controls, downloads, resolution
from pages.parts.live.browser_eye import EyeModel, EyeRequest, EyeState, browser_eye
from pages.parts.live.camera import CameraReport
from pages.parts.shell import session_state
from pages.parts.shell.cached import settings
from pages.parts.shell.theme import duration, plain

_STATE_TEXT = {
    ReaderState.HIDDEN: "Not measured at the moment: this tab is hidden.",
    ReaderState.NO_CAMERA: "Not measured at the moment: the camera gives no picture.",
}


def draw(
    live: LiveSession, card: ModelCard, policy: UsePolicy, view: ScoreView, style: OverlayStyle
) -> CameraReport:
    """Draw the picture with its overlay, which stay in the browser; returns the state of the start.

    Args:
        live: takes readings.
        view: that labels over the picture are drawn in.
        style: how much is drawn over the picture; nothing in a pause.
    Raises:
        NotAllowedHere: a gate of the camera was closed meanwhile.
        StoreError: the data folder cannot be used.
    """
    is_on = session_state.camera_on.get()
    files = browser_files(settings().assets_dir)
    report = browser_eye(
        EyeRequest(
            start=session_state.camera_start.get() if is_on else "",
            continues=session_state.camera_continues.get() if is_on else None,
            paused=live.view().paused,
            token=_token(live, card, policy) if is_on else "",
            resolution=resolution.chosen(),
            files={} if files is None else files.names,
            model=_model(card, view),
            style=OverlayStyle.NONE if live.view().paused else style,
            screenshots=downloads.local_screenshots() if is_on else (),
        )
    )
    if is_on and report.state in {EyeState.UNABLE, EyeState.OVER}:
        session_state.server_offered.set(report.server_may)
        controls.stop(live, report.sentence)
    known = session_state.eye_token.get()
    if is_on and report.state is EyeState.TOKEN and known and known[1] == report.refused:
        # Once for each: until the browser says that it reads on, this state is that of the old one.
        session_state.eye_token.set(None)
        st.rerun()
    if report.state is EyeState.READING:
        st.caption(plain(report.sentence))
    return CameraReport(
        report.answer,
        playing=report.state is EyeState.READING,
        ended=report.state is EyeState.ENDED,
        width_px=report.width_px,
        height_px=report.height_px,
    )


def draw_status(live: LiveSession) -> None:
    """What this browser could not measure, in one line; nothing for a session of the server's."""
    known = session_state.eye_token.get()
    if known is None or known[0] != live.session_id:
        return
    status = row_ingest().status(known[0])
    if status is None:
        return
    sentences = [_STATE_TEXT.get(status.state, "")]
    if status.not_measured_s >= 1:
        sentences.append(f"Not measured until now: {duration(status.not_measured_s)}.")
    if status.dropped:
        sentences.append(f"Dropped by this browser: {counted(status.dropped, 'row')}.")
    if text := " ".join(filter(None, sentences)):
        st.caption(text)


def _token(live: LiveSession, card: ModelCard, policy: UsePolicy) -> str:
    """The token of the session being recorded, made once; empty while none is."""
    session_id = live.session_id
    if session_id is None:
        return ""
    known = session_state.eye_token.get()
    if known is not None and known[0] == session_id:
        return known[1]
    token = row_ingest().open(live, card, policy=policy, consent=session_state.consent.get())
    session_state.eye_token.set((session_id, token))
    return token


def _model(card: ModelCard, view: ScoreView) -> EyeModel | None:
    """The model as this browser loads it."""
    row = browser_format(settings().models_dir, card)
    if row is None:
        return None
    return EyeModel(
        url=model_url(card.name, row.sha256),
        size_px=card.input.size_px,
        interpolation=card.input.interpolation.value,
        reading=browser_reading(card, view, not_sure=NOT_SURE),
    )
