"""The form to analyse recordings; pictures are analysed at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.uploaded_file_manager import UploadedFile as Upload

from core.domain.errors import PlanError
from core.policy import UsePolicy
from core.recordings import (
    KIND,
    RecordingPlan,
    expect_no_pictures,
    is_picture,
    store_recordings,
    typed_paths,
)
from core.sessions import MAX_TITLE_LENGTH
from core.vision import PICTURE_ENDINGS, VIDEO_ENDINGS
from pages.parts.live.model_choice import name_of
from pages.parts.policy import consent_gate
from pages.parts.recordings import picture
from pages.parts.shell import cached, error_box, run_panel, session_state

_UPLOAD, _PATH = "Upload", "Path on this machine"
_ALL, _SOME = "Every frame", "At intervals"
_WIDTH_PX = 640


def draw(policy: UsePolicy, *, is_active: bool) -> bool:
    """Draw the form for files, sampling and consent; then start.

    Args:
        is_active: whether a run is active, behind which another one is queued.
    Returns:
        Whether analysed pictures are shown.
    """
    with _container():
        where = st.segmented_control(
            "Source",
            [_UPLOAD, _PATH],
            default=_UPLOAD,
            required=True,
            key="recording-where",
            wrap=True,
        )
        uploads, paths = _ask_files(where == _UPLOAD)
        pictures = [one for one in uploads if is_picture(Path(one.name))]
        videos = [one for one in uploads if one not in pictures]
        model = _ask_model()
        options = _ask_options() if paths or videos or not uploads else {}
        _draw_notice(policy)
        agreed = bool(pictures) and _ask_consent()
        if videos or not pictures:
            _draw_storage_note(where == _UPLOAD, is_queued=is_active)
            if _draw_start_button(is_upload=bool(videos)):
                with error_box.on_error():
                    expect_no_pictures([one.name for one in uploads])
                    _start(videos, paths, {"model": model, **options}, policy)
    if agreed:
        with error_box.on_error():
            if consent_gate.keep_policy(policy):
                st.rerun()
            picture.draw(pictures, model, policy)
    elif pictures:
        st.caption("Pictures are analysed as soon as you agree, and are never written to the disk.")
    return agreed


def _container() -> DeltaGenerator:
    """Open on an empty page; collapsed beside a run and its result."""
    if session_state.recording_run.get() is None:
        return st.container(border=True, width=_WIDTH_PX)
    return st.expander("Analyse another recording", icon=":material/add:", width=_WIDTH_PX)


def _ask_files(uploads: bool) -> tuple[Sequence[Upload], tuple[str, ...]]:
    number = session_state.recording_round.get()
    if uploads:
        files = st.file_uploader(
            "Videos or pictures",
            type=sorted(ending.removeprefix(".") for ending in VIDEO_ENDINGS | PICTURE_ENDINGS),
            accept_multiple_files=True,
            key=f"recording-files-{number}",
        )
        return files, ()
    typed = st.text_area(
        "Videos, pictures, or a folder of videos: one path per line",
        placeholder="/home/ada/interview.mp4",
        key=f"recording-paths-{number}",
        height=90,
    )
    return (), typed_paths(typed)


def _ask_model() -> str:
    """The name of a model; empty for the best where there is no choice."""
    cards = {card.name: card for card in cached.cards() if card.served_by in card.files}
    if len(cards) < 2:
        return ""
    return st.selectbox(
        "Model",
        list(cards),
        format_func=lambda name: name_of(cards[name]),
        key=f"recording-model-{'/'.join(cards)}",
    )


def _ask_options() -> dict[str, Any]:
    """Further options of a `RecordingPlan`."""
    reading = st.segmented_control(
        "Frames", [_ALL, _SOME], default=_ALL, required=True, key="recording-frames", wrap=True
    )
    every_s = 0.0
    if reading == _SOME:
        every_s = st.number_input(
            "Sampling interval (s)", 0.1, 1.0, 0.5, 0.1, key="recording-every"
        )
    with st.expander("Title and time range"):
        title = st.text_input(
            "Title",
            placeholder="If empty: the file name",
            max_chars=MAX_TITLE_LENGTH,
            key="recording-title",
        )
        start, end = st.columns(2)
        from_s = start.number_input("Start (s)", 0.0, value=0.0, step=10.0, key="recording-from")
        to_s = end.number_input(
            "End (s)", 0.0, value=None, step=10.0, placeholder="End", key="recording-to"
        )
    return {"every_s": every_s, "title": title.strip(), "from_s": from_s, "to_s": to_s or 0.0}


def _draw_notice(policy: UsePolicy) -> None:
    with st.expander("What people must be informed of before their faces are analysed"):
        st.markdown("\n".join(f"- {sentence}" for sentence in policy.notice))


def _ask_consent() -> bool:
    """For pictures: they are analysed after consent, and not stored."""
    return st.checkbox(
        "Everyone shown has been informed of this and agrees.",
        key=f"recording-agree-{session_state.recording_round.get()}",
    )


def _draw_storage_note(uploads: bool, *, is_queued: bool) -> None:
    if uploads:
        st.caption(
            "An uploaded video is stored in this installation's data folder until its session is "
            "stored, then deleted. Only numbers are kept, as a session. Pictures are not stored."
        )
    else:
        st.caption("Your files stay where they are. Numbers are stored, one session per file.")
    if is_queued:
        st.caption("It will be queued behind the current run.")


def _draw_start_button(*, is_upload: bool) -> bool:
    """The start button of videos: it states the consent, and what is stored."""
    st.caption("Analyse only if everyone shown has been informed of the above and agrees.")
    action = "store temporarily and analyse" if is_upload else "analyse"
    return st.button(f"Everyone shown agrees: {action}", type="primary", key="recording-begin")


def _start(
    videos: Sequence[Upload], paths: tuple[str, ...], options: dict[str, Any], policy: UsePolicy
) -> None:
    if not videos and not any(PurePath(path).name for path in paths):
        raise PlanError("No recording was chosen.", advice="Choose a file, or enter a path.")
    now = datetime.now(UTC)
    named = tuple(one.name for one in videos) or paths
    # Checked before anything is stored.
    plan = RecordingPlan(named, **options, consent_at=now.isoformat(), is_upload=bool(videos))
    if not videos:
        plan.files()
    consent_gate.keep_policy(policy)
    if videos:
        files = [(one.name, one) for one in videos]
        uploads_dir, rng = cached.settings().uploads_dir, np.random.default_rng()
        plan = replace(plan, paths=store_recordings(uploads_dir, files, now=now, rng=rng))
    session_state.recording_run.set(run_panel.start_run(KIND, plan.to_json()))
    session_state.recording_round.set(session_state.recording_round.get() + 1)
    st.rerun()
