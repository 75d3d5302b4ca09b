"""What we remember for one visitor; the only module that names `st.session_state` keys.

A slot survives page changes, which widget values do not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar, cast

import streamlit as st

from core.domain import ModelInput
from core.evaluation.explain import UploadedPicture
from core.policy import Consent
from core.vision.recognition import UsedModel

if TYPE_CHECKING:  # it loads WebRTC, which only the live page needs
    from pages.parts.live.camera_link import CameraLink

T = TypeVar("T")


class Slot(Generic[T]):
    """One thing we remember for this visitor, under one key.

    Args:
        key: unique among the slots.
        default: what `get` answers before the first `set`; never a mutable value.
    """

    def __init__(self, key: str, default: T) -> None:
        self._key = f"slot:{key}"
        self._default = default

    def get(self) -> T:
        """What was set last, or the default."""
        return cast(T, st.session_state.get(self._key, self._default))

    def set(self, value: T) -> None:
        """Remember a value until the tab is closed."""
        st.session_state[self._key] = value

    def take(self) -> T:
        """The value, forgotten in the same breath."""
        return cast(T, st.session_state.pop(self._key, self._default))


def told_by(component_key: str) -> object:
    """What a component of ours has told, by its key; None before it told anything."""
    return st.session_state.get(component_key)


def has_come_back_to(widget_key: str) -> bool:
    """Whether the visitor has just come to the page of this widget, and it is not drawn yet.

    Streamlit forgets a page's widgets when the page is left.
    """
    return widget_key not in st.session_state


framed: Slot[bool] = Slot("framed", False)
"""Whether this rerun came through app.py."""

wanted_page: Slot[str | None] = Slot("wanted_page", None)
"""The page a visitor asked for by its own address before the frame was drawn."""

wanted_query: Slot[dict[str, list[str]]] = Slot("wanted_query", {})
"""The query parameters that came with it; replaced as a whole, never changed in place."""

consent: Slot[Consent | None] = Slot("consent", None)
"""This visitor's yes, for this tab only; a reload finds it again (`consent_keeper`)."""

consent_withdrawn: Slot[bool] = Slot("consent_withdrawn", False)
"""Whether this visitor took the yes back: then the tab forgets it too."""

chosen_session: Slot[str | None] = Slot("chosen_session", None)
"""Id of the session being reviewed."""

chosen_card: Slot[str | None] = Slot("chosen_card", None)
"""Name of the model being used."""

camera_wanted: Slot[bool] = Slot("camera_wanted", False)
"""Whether this visitor switched the camera on."""

camera_asked: Slot[bool] = Slot("camera_asked", False)
"""Whether the yes that was just given asked for the camera too: it then starts by itself."""

camera_start: Slot[str] = Slot("camera_start", "")
"""The name of the start that the switch asked for: the id of the session it began."""

camera_playing: Slot[bool] = Slot("camera_playing", False)
"""Whether pictures have come since."""

camera_link: Slot[CameraLink | None] = Slot("camera_link", None)
"""The server's end of this visitor's connection."""

camera_trouble: Slot[str] = Slot("camera_trouble", "")
"""Why the camera went off by itself, in words; empty otherwise."""

camera_round: Slot[int] = Slot("camera_round", 0)
"""Raised at each visit and when the camera stopped by itself: the switch is then a new one."""

camera_resolution: Slot[str] = Slot("camera_resolution", "")
"""Name of the camera's resolution that was chosen; empty for the default."""

begun_session: Slot[str | None] = Slot("begun_session", None)
"""Id of the session this visitor's camera records."""

ended_session: Slot[str | None] = Slot("ended_session", None)
"""Id of the session that Stop has just ended: its summary is shown."""

next_title: Slot[str] = Slot("next_title", "")
"""What this visitor calls the session that begins next; empty for its default."""

title_round: Slot[int] = Slot("title_round", 0)
"""Raised when a session took its title: the field for the next one is then new, and empty."""

told_of: Slot[tuple[str, ...]] = Slot("told_of", ())
"""Ids of cut-off sessions that this visitor has seen named."""

shown_as: Slot[str] = Slot("shown_as", "")
"""Name of the view (`core.measures.views`) that scores are shown as; empty for a model's own."""

watched_face: Slot[int | None] = Slot("watched_face", None)
"""Number of the face whose scores and trend are shown."""

handed_file: Slot[tuple[str, str, bytes] | None] = Slot("handed_file", None)
"""Name, type and content of the file that the browser is about to download: in memory only."""

handed_count: Slot[int] = Slot("handed_count", 0)
"""How many files were handed to the browser."""

chosen_dataset: Slot[str | None] = Slot("chosen_dataset", None)
"""Name of the dataset being explored."""

opening_run: Slot[str | None] = Slot("opening_run", None)
"""Id of the run that opens a dataset for this visitor."""

data_run: Slot[str | None] = Slot("data_run", None)
"""Id of the audit or report this visitor follows."""

looks_corrected: Slot[bool] = Slot("looks_corrected", True)
"""Whether a dataset is looked at with its corrections applied."""

chosen_reference: Slot[str | None] = Slot("chosen_reference", None)
"""File of the drift reference being compared with."""

unopened_faces: Slot[str | None] = Slot("unopened_faces", None)
"""Name of faces that were cut out for this visitor and could not be opened as a dataset."""

followed_run: Slot[str | None] = Slot("followed_run", None)
"""Id of the training run this visitor follows."""

preview_run: Slot[str | None] = Slot("preview_run", None)
"""Id of the run that draws changed pictures for this visitor."""

followed_sweep: Slot[str | None] = Slot("followed_sweep", None)
"""Id of the sweep this visitor follows."""

train_section: Slot[str] = Slot("train_section", "")
"""Which part of the training page is open."""

train_default: Slot[str] = Slot("train_default", "")
"""What its switch showed when it was drawn first."""

train_round: Slot[int] = Slot("train_round", 0)
"""Raised when the page itself opens another part: the switch is then a new one."""

judged_model: Slot[str | None] = Slot("judged_model", None)
"""Name of the model whose evaluations are looked at."""

chosen_evaluation: Slot[str | None] = Slot("chosen_evaluation", None)
"""Slug of the evaluation that is looked at."""

evaluation_run: Slot[str | None] = Slot("evaluation_run", None)
"""Id of the evaluation run this visitor follows."""

evaluate_round: Slot[int] = Slot("evaluate_round", 0)
"""Raised when the page itself opens another evaluation: the choices are then new ones."""

evaluate_section: Slot[str] = Slot("evaluate_section", "")
"""Which part of the evaluation page is open."""

explained_split: Slot[str] = Slot("explained_split", "")
"""The split whose errors and maps are looked at."""

explain_run: Slot[str | None] = Slot("explain_run", None)
"""Id of the run that explains a model for this visitor."""

close_up: Slot[int | None] = Slot("close_up", None)
"""Digest of the judged picture that is looked at closely."""

published_model: Slot[str | None] = Slot("published_model", None)
"""Name of the model whose formats are looked at."""

convert_run: Slot[str | None] = Slot("convert_run", None)
"""Id of the conversion this visitor follows."""

conditions_run: Slot[str | None] = Slot("conditions_run", None)
"""Id of the run that tries a model under conditions for this visitor."""

condition_example: Slot[int] = Slot("condition_example", 0)
"""Which picture shows the levels of a condition."""

kept_groups: Slot[bool] = Slot("kept_groups", False)
"""Whether figures of declared groups have just been kept."""

import_run: Slot[str | None] = Slot("import_run", None)
"""Id of the run that imports a model for this visitor."""

own_picture: Slot[tuple[tuple[str, ModelInput], UploadedPicture] | None] = Slot("own_picture", None)
"""The picture that this visitor gave to be explained, its file, and how faces are cut out."""

imported_model: Slot[str | None] = Slot("imported_model", None)
"""Name of the imported model that is looked at."""

tensorflow_checked: Slot[bool] = Slot("tensorflow_checked", False)
"""Whether this visitor asked what training can compute on."""

camera_probe: Slot[int] = Slot("camera_probe", 0)
"""How often the camera was tested."""

used_card: Slot[tuple[str, UsedModel] | None] = Slot("used_card", None)
"""What this visitor chose for the camera, empty for the best model, and the model that is used."""

recording_run: Slot[str | None] = Slot("recording_run", None)
"""Id of the run over recordings that this visitor follows."""

recording_round: Slot[int] = Slot("recording_round", 0)
"""Raised when a run begins: the form is then a new one, without the files of the last."""
