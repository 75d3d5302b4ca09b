"""State of one visitor (browser tab); the only module that names `st.session_state` keys.

A slot survives page changes, which widget values do not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar, cast

import streamlit as st

from core.domain import ModelInput
from core.evaluation.explain import UploadedPicture
from core.policy import Consent
from core.vision.recognition import ModelVersion

if TYPE_CHECKING:  # the first loads WebRTC, which only pages with a camera need; the second this
    from pages.parts.live.camera_link import CameraLink
    from pages.parts.shell.browser_download import PendingFile

T = TypeVar("T")


class Slot(Generic[T]):
    """One typed value of the session state, under one key.

    Args:
        key: unique among the slots.
        default: returned by `get` before the first `set`; never a mutable value.
    """

    def __init__(self, key: str, default: T) -> None:
        self._key = f"slot:{key}"
        self._default = default

    def get(self) -> T:
        """The value set last, or the default."""
        return cast(T, st.session_state.get(self._key, self._default))

    def set(self, value: T) -> None:
        """Store a value until the tab is closed."""
        st.session_state[self._key] = value

    def take(self) -> T:
        """Return the value and reset it to the default."""
        return cast(T, st.session_state.pop(self._key, self._default))


def component_state(component_key: str) -> object:
    """The state that a custom component has sent, by its key; None before it sent any."""
    return st.session_state.get(component_key)


def set_widget(widget_key: str, value: object) -> None:
    """Set the value of a widget that has no default of its own: before it is drawn, or in a
    callback of another.
    """
    st.session_state[widget_key] = value


def is_not_drawn_yet(widget_key: str) -> bool:
    """Whether this widget is not drawn yet: the visitor has just come (back) to its page.

    Streamlit forgets a page's widgets when the page is left.
    """
    return widget_key not in st.session_state


framed: Slot[bool] = Slot("framed", False)
"""Whether this rerun came through app.py."""

requested_page: Slot[str | None] = Slot("requested_page", None)
"""The page that a visitor requested by its URL before app.py ran."""

requested_query: Slot[dict[str, list[str]]] = Slot("requested_query", {})
"""The query parameters that came with it; replaced as a whole, never changed in place."""

consent: Slot[Consent | None] = Slot("consent", None)
"""This visitor's consent, for this tab only; restored after a reload (`tab_receipt`)."""

consent_withdrawn: Slot[bool] = Slot("consent_withdrawn", False)
"""Whether this visitor withdrew consent: then the tab's storage is cleared too."""

chosen_session: Slot[str | None] = Slot("chosen_session", None)
"""Id of the session being reviewed."""

chosen_card: Slot[str | None] = Slot("chosen_card", None)
"""Name of the model being used."""

camera_on: Slot[bool] = Slot("camera_on", False)
"""Whether this visitor switched the camera on."""

camera_autostart: Slot[bool] = Slot("camera_autostart", False)
"""Whether the camera starts automatically: after the consent that was just given, or after the
server was started again. It lasts until the switches are drawn, or another page is."""

tab_asked: Slot[bool] = Slot("tab_asked", False)
"""Whether this tab need not be asked any more what its camera was doing before this server knew it:
it was asked, or another page was drawn meanwhile."""

tab_note: Slot[object] = Slot("tab_note", None)
"""What this tab answered, as it came; None until it has."""

lost_session: Slot[tuple[str, float] | None] = Slot("lost_session", None)
"""Id of the session of this tab that was cut off, and that the next one goes on with; and how many
seconds of it are stored, below 0 for none."""

went_on: Slot[str] = Slot("went_on", "")
"""Id of the session that went on by itself."""

begins_paused: Slot[bool] = Slot("begins_paused", False)
"""Whether it begins paused, as the one before was."""

reading_receipt: Slot[tuple[str, str] | None] = Slot("reading_receipt", None)
"""Id of the session being recorded, and the signed note of it that the tab keeps."""

arrival_note: Slot[str] = Slot("arrival_note", "")
"""Why the camera did not go on by itself; empty otherwise."""

camera_start: Slot[str] = Slot("camera_start", "")
"""Identifies the requested start of the camera: the id of the session that it records."""

camera_continues: Slot[tuple[str, float] | None] = Slot("camera_continues", None)
"""The start that this one goes on with, where the browser's eye still runs, and how many seconds of
it are stored; None for none."""

camera_playing: Slot[bool] = Slot("camera_playing", False)
"""Whether frames have arrived since."""

camera_link: Slot[CameraLink | None] = Slot("camera_link", None)
"""The server's end of this visitor's connection."""

camera_error: Slot[str] = Slot("camera_error", "")
"""Why the camera stopped by itself; empty otherwise."""

camera_round: Slot[int] = Slot("camera_round", 0)
"""Incremented at each visit and when the camera stopped by itself: resets the switch."""

reads_here: Slot[bool] = Slot("reads_here", False)
"""Whether this visitor chose that the browser reads faces, and no picture leaves the device."""

reads_here_round: Slot[int] = Slot("reads_here_round", 0)
"""Incremented where the choice is changed otherwise than by its switch: resets the switch."""

server_offered: Slot[bool] = Slot("server_offered", False)
"""Whether this browser could not read faces and the server can: it is then offered."""

buttons_drawn: Slot[bool] = Slot("buttons_drawn", False)
"""Whether the live page's buttons were drawn for a picture that plays."""

pause_drawn: Slot[bool] = Slot("pause_drawn", False)
"""Whether the button of a pause was last drawn for a session that is paused."""

eye_token: Slot[tuple[str, str] | None] = Slot("eye_token", None)
"""Id of the session that this browser writes, and the token for it."""

all_scores: Slot[bool] = Slot("all_scores", False)
"""Whether all scores are drawn beside each face in the camera's picture."""

local_screenshots: Slot[tuple[str, tuple[str, ...]]] = Slot("local_screenshots", ("", ()))
"""A start, and the names of the screenshots that its browser was asked to save."""

camera_resolution: Slot[str] = Slot("camera_resolution", "")
"""Name of the camera's resolution that was chosen; empty for the default."""

recorded_session: Slot[str | None] = Slot("recorded_session", None)
"""Id of the session this visitor's camera records."""

ended_session: Slot[str | None] = Slot("ended_session", None)
"""Id of the session that Stop has just ended: its summary is shown."""

next_title: Slot[str] = Slot("next_title", "")
"""Title of the next session; empty for the default."""

title_round: Slot[int] = Slot("title_round", 0)
"""Incremented when a session took its title: resets the field."""

announced: Slot[tuple[str, ...]] = Slot("announced", ())
"""Ids of interrupted sessions that were announced to this visitor."""

shown_as: Slot[str] = Slot("shown_as", "")
"""Name of the view (`core.measures.views`) of scores; empty for the model's own classes."""

watched_face: Slot[int | None] = Slot("watched_face", None)
"""Number of the face whose scores and trend are shown."""

pending_downloads: Slot[tuple[PendingFile, ...]] = Slot("pending_downloads", ())
"""The files that the browser is about to download: in memory only."""

download_count: Slot[int] = Slot("download_count", 0)
"""How many downloads were started."""

chosen_dataset: Slot[str | None] = Slot("chosen_dataset", None)
"""Name of the dataset being explored."""

opening_run: Slot[str | None] = Slot("opening_run", None)
"""Id of the run that opens a dataset for this visitor."""

data_run: Slot[str | None] = Slot("data_run", None)
"""Id of the audit or report this visitor follows."""

last_correction: Slot[tuple[str, str, int] | None] = Slot("last_correction", None)
"""Dataset, key and number of the corrections that this visitor made last: they are confirmed."""

shows_corrected: Slot[bool] = Slot("shows_corrected", True)
"""Whether a dataset is shown with its corrections applied."""

chosen_reference: Slot[str | None] = Slot("chosen_reference", None)
"""File of the drift reference being compared with."""

unopened_faces: Slot[str | None] = Slot("unopened_faces", None)
"""Name of extracted faces that could not be opened as a dataset."""

followed_run: Slot[str | None] = Slot("followed_run", None)
"""Id of the training run this visitor follows."""

preview_run: Slot[str | None] = Slot("preview_run", None)
"""Id of the run that previews augmented pictures for this visitor."""

followed_sweep: Slot[str | None] = Slot("followed_sweep", None)
"""Id of the sweep this visitor follows."""

train_section: Slot[str] = Slot("train_section", "")
"""Which part of the training page is open."""

train_default: Slot[str] = Slot("train_default", "")
"""The default of its switch when it was first drawn."""

train_round: Slot[int] = Slot("train_round", 0)
"""Incremented when the page itself opens another part: resets the switch."""

evaluated_model: Slot[str | None] = Slot("evaluated_model", None)
"""Name of the model whose evaluations are shown."""

chosen_evaluation: Slot[str | None] = Slot("chosen_evaluation", None)
"""Slug of the evaluation that is shown."""

evaluation_run: Slot[str | None] = Slot("evaluation_run", None)
"""Id of the evaluation run this visitor follows."""

evaluate_round: Slot[int] = Slot("evaluate_round", 0)
"""Incremented when the page itself opens another evaluation: resets the choices."""

evaluate_section: Slot[str] = Slot("evaluate_section", "")
"""Which part of the evaluation page is open."""

explained_split: Slot[str] = Slot("explained_split", "")
"""The split whose errors and saliency maps are shown."""

explain_run: Slot[str | None] = Slot("explain_run", None)
"""Id of the run that explains a model for this visitor."""

close_up: Slot[int | None] = Slot("close_up", None)
"""Digest of the picture that is shown in detail."""

published_model: Slot[str | None] = Slot("published_model", None)
"""Name of the model whose formats are shown."""

convert_run: Slot[str | None] = Slot("convert_run", None)
"""Id of the conversion this visitor follows."""

robustness_run: Slot[str | None] = Slot("robustness_run", None)
"""Id of the run that measures a model's robustness for this visitor."""

corruption_example: Slot[int] = Slot("corruption_example", 0)
"""Index of the picture that illustrates the levels of a corruption."""

groups_saved: Slot[bool] = Slot("groups_saved", False)
"""Whether metrics of declared groups have just been saved."""

import_run: Slot[str | None] = Slot("import_run", None)
"""Id of the run that imports a model for this visitor."""

own_picture: Slot[tuple[tuple[str, ModelInput], UploadedPicture] | None] = Slot("own_picture", None)
"""The picture that this visitor uploaded to be explained, its file, and the face crop."""

imported_model: Slot[str | None] = Slot("imported_model", None)
"""Name of the imported model that is shown."""

tensorflow_checked: Slot[bool] = Slot("tensorflow_checked", False)
"""Whether this visitor started the TensorFlow check."""

camera_probe: Slot[int] = Slot("camera_probe", 0)
"""How often the camera was tested."""

used_card: Slot[tuple[str, ModelVersion] | None] = Slot("used_card", None)
"""The choice for the camera, empty for the best model, and the model that is used."""

recording_run: Slot[str | None] = Slot("recording_run", None)
"""Id of the run over recordings that this visitor follows."""

recording_round: Slot[int] = Slot("recording_round", 0)
"""Incremented when a run starts: resets the form, with its files."""
