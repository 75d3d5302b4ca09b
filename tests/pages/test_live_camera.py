"""The live page, as a visitor meets it; the camera plays when told to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import numpy as np
import pytest
from sqlalchemy import create_engine
from streamlit.testing.v1 import AppTest

from core.domain import BLENDSHAPES, CONFIDENT2, FER7, LabelScheme, RejectReason
from core.domain.wording import words_of_id
from core.eye.secret import FILE_NAME as SECRET_FILE
from core.live import DEFAULT_RESOLUTION, RESOLUTIONS, LiveSession
from core.live.readings import SHOWN_LIVE
from core.measures import MEASURES, MEASURES_ONLY, NOT_CALIBRATED, OWN, ScoreView
from core.models import LITERT_FILE, save
from core.policy import Consent, Purpose, Region, UsePolicy
from core.policy import policy_file as policy_store
from core.sessions import SessionStore, end_interrupted, read_csv
from core.settings import Settings
from core.vision.assets import DETECTOR, LANDMARKER
from core.vision.recognition.live_model import LoadedModel, ModelVersion
from pages.parts.live import cached, camera_permission, controls
from pages.parts.live.camera_permission import CameraPermission
from pages.parts.live.downloads import screenshot_name
from pages.parts.sessions import show_as
from pages.parts.shell import session_state
from pages.parts.shell.navigation import (
    ANALYSE_RECORDING,
    HOME,
    LIVE_CAMERA,
    RESPONSIBLE_USE,
    SESSIONS,
)
from tests.fakes import FakeAnalyser, FakeRecognizer, ManualClock
from tests.make import make_card, make_moment, make_observation, make_session
from tests.pages.fake_camera import FakeCamera
from tests.pages.visits import as_read, open_at, read_on, words_of

PRACTICE = UsePolicy(Region.EU_EEA, Purpose.SELF_PRACTICE)


@pytest.fixture
def analyser() -> FakeAnalyser:
    return FakeAnalyser()


@pytest.fixture
def camera(monkeypatch: pytest.MonkeyPatch) -> FakeCamera:
    """The browser gives its camera without asking."""
    clock = ManualClock()
    playing = FakeCamera(clock)
    monkeypatch.setattr("pages.parts.live.camera.camera_stream", playing)
    monkeypatch.setattr(cached, "monotonic", clock.seconds)
    return playing


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch, analyser: FakeAnalyser) -> Iterator[None]:
    """A model is there, and every stream that was opened is closed in the end."""
    opened: list[LiveSession] = []

    def open_one(*given: Any, **named: Any) -> LiveSession:
        opened.append(LiveSession(*given, **named))
        return opened[-1]

    judge = LoadedModel(make_card(), FakeRecognizer())  # type: ignore[arg-type]
    monkeypatch.setattr(cached, "load_live_model", lambda *_: judge)
    monkeypatch.setattr(
        cached, "model_version", lambda *_: ModelVersion(judge.card.name, "as it is")
    )
    monkeypatch.setattr(cached, "open_analyser", lambda *_: analyser)
    monkeypatch.setattr(cached, "LiveSession", open_one)
    yield
    for live in opened:
        live.close()


@pytest.fixture
def guest(visitor: AppTest, installation: Settings, model: None, camera: FakeCamera) -> AppTest:
    """Someone who agreed to the notice."""
    return agreed(visitor, installation, PRACTICE)


def agreed(visitor: AppTest, installation: Settings, policy: UsePolicy) -> AppTest:
    policy_store.write(installation.data_dir / policy_store.FILE_NAME, policy)
    visitor.session_state["slot:consent"] = Consent(datetime.now(UTC), policy.notice_version)
    return visitor


def switch(visitor: AppTest) -> Any:
    return next(one for one in visitor.toggle if one.label == "Camera on")


def start(visitor: AppTest) -> AppTest:
    return start_here(open_at(visitor, LIVE_CAMERA))


def start_here(visitor: AppTest) -> AppTest:
    switch(visitor).set_value(True).run()
    assert not visitor.exception
    return visitor


def stop(visitor: AppTest) -> AppTest:
    switch(visitor).set_value(False).run()
    assert not visitor.exception
    return visitor


def stored(installation: Settings) -> SessionStore:
    return SessionStore.open(installation.database_url)


def figures(visitor: AppTest) -> dict[str, str]:
    return {one.label: one.value for one in visitor.metric}


def test_nobody_is_watched_before_they_agreed(
    visitor: AppTest, installation: Settings, model: None, camera: FakeCamera
) -> None:
    policy_store.write(installation.data_dir / policy_store.FILE_NAME, PRACTICE)
    open_at(visitor, LIVE_CAMERA)
    assert PRACTICE.notice[0] in words_of(visitor)
    assert camera.wanted == []
    assert not visitor.toggle


def test_who_agrees_and_starts_has_the_camera_on_and_finds_it_off_at_the_next_visit(
    visitor: AppTest, installation: Settings, model: None, camera: FakeCamera
) -> None:
    policy_store.write(installation.data_dir / policy_store.FILE_NAME, PRACTICE)
    open_at(visitor, LIVE_CAMERA)
    visitor.button(key="consent-start").click().run()
    assert not visitor.exception
    assert camera.wanted[-1]
    assert switch(visitor).value
    visitor.switch_page(HOME.path).run()
    visitor.switch_page(LIVE_CAMERA.path).run()
    assert not switch(visitor).value


def test_a_classroom_in_the_eu_is_shown_no_camera_and_told_why(
    visitor: AppTest, installation: Settings, model: None, camera: FakeCamera
) -> None:
    agreed(visitor, installation, UsePolicy(Region.EU_EEA, Purpose.CLASSROOM))
    open_at(visitor, LIVE_CAMERA)
    assert "5(1)(f)" in visitor.error[0].value
    visitor.button(key="refused-change").click().run()
    assert not visitor.exception
    assert visitor.title[0].value == RESPONSIBLE_USE.title
    assert camera.wanted == []
    assert not visitor.toggle
    assert not visitor.segmented_control


def test_a_visit_begins_with_the_camera_off(guest: AppTest, camera: FakeCamera) -> None:
    open_at(guest, LIVE_CAMERA)
    assert not guest.exception
    assert camera.wanted == [False]
    assert "Switch the camera on to start." in words_of(guest)
    assert guest.button(key="pause").disabled


def test_camera_on_shows_the_face_its_scores_and_how_well_it_runs(
    guest: AppTest, camera: FakeCamera
) -> None:
    start(guest)
    said = words_of(guest).replace("&nbsp;", " ")
    assert "<b>Happy 80 %</b>" in said
    assert "Usable **100 %**" in said
    assert "FPS **10**" in said
    assert len(guest.get("plotly_chart")) == 2
    assert not guest.button(key="pause").disabled
    guest.segmented_control(key="trend-choice").set_value("Whole session").run()
    assert len(guest.get("plotly_chart")) == 2


def test_confident_or_stressed_can_be_shown_before_anything_was_trained(
    guest: AppTest, camera: FakeCamera, installation: Settings
) -> None:
    start(guest)
    seven = camera.shown[-1]
    guest.pills(key="show-as-fer7").set_value("confident-stressed").run().run()
    assert not guest.exception
    # Happy 80 % and neutral 3 %, of the 93 % that surprise and disgust leave.
    assert "<b>Confident 89 %</b>" in words_of(guest)
    assert (camera.shown[-1] != seven).any()
    guest.segmented_control(key="trend-choice").set_value("Whole session").run()
    assert not guest.exception
    stop(guest)
    assert figures(guest)["Most frequent expression"] == "Confident 100 %"
    with stored(installation) as store:
        (entry,) = store.sessions()
        assert store.read(entry.session.id).scheme == FER7  # as the model answered


def test_levels_of_expressiveness_wait_until_enough_was_seen(
    guest: AppTest, camera: FakeCamera
) -> None:
    start(guest)
    guest.pills(key="show-as-fer7").set_value("expressiveness").run().run()
    assert not guest.exception
    assert "<b>Analysing</b>" in words_of(guest)
    guest.segmented_control(key="trend-choice").set_value("Whole session").run()
    assert not guest.exception
    stop(guest)
    assert figures(guest)["Most frequent level"] == "Not sure 100 %"
    said = read_on(guest).lower()
    assert "expression shown" not in said
    assert "expression changes" not in said
    assert "level changes" in said
    assert "facing the screen" in said
    assert "confident or stressed  \n" not in said


def test_measures_only_shows_no_expression_and_stores_what_the_model_answered(
    guest: AppTest, camera: FakeCamera, installation: Settings
) -> None:
    start(guest)
    labelled = camera.shown[-1]
    guest.pills(key="show-as-fer7").set_value(MEASURES_ONLY).run().run()
    assert not guest.exception
    assert (camera.shown[-1] != labelled).any()
    assert "<b>Usable</b>" in words_of(guest)
    assert "Happy" not in words_of(guest)
    assert not guest.get("plotly_chart")
    stop(guest)
    assert list(figures(guest)) == ["Duration", "Usable time", "Faces"]
    assert "expression" not in read_on(guest).partition("Your session")[2].lower()
    said = words_of(guest)
    assert "Facing the screen  \n**100 % of the time**" in said
    assert re.search(rf"{NOT_CALIBRATED} · \d+ % measured", said)
    assert "Tension  \n**not measured**" in said  # no blendshapes were
    for unmeasured in ("Confident or stressed", "Concentration index", "Synchrony"):
        assert f"{unmeasured}  \n" not in said
    assert "the files name no label" in words_of(guest)
    assert {"download-csv", "download-codebook"} <= {one.key for one in guest.download_button}
    assert Path(SESSIONS.path).stem in {link.proto.page for link in guest.get("page_link")}
    with stored(installation) as store:
        (entry,) = store.sessions()
        rows = store.read(entry.session.id)
    assert rows.shown[-1] == ""
    assert rows.steady[-1].max() == pytest.approx(0.8)


def test_measures_only_stays_chosen_after_a_visit_to_a_page_that_has_no_such_view(
    guest: AppTest, camera: FakeCamera
) -> None:
    start(guest)
    guest.pills(key="show-as-fer7").set_value(MEASURES_ONLY).run()
    stop(guest)
    guest.switch_page(SESSIONS.path).run()
    assert guest.pills(key="show-as-fer7").value == OWN
    guest.switch_page(LIVE_CAMERA.path).run()
    assert guest.pills(key="show-as-fer7").value == MEASURES_ONLY


def test_a_model_that_was_trained_for_the_chosen_classes_is_named(
    guest: AppTest, installation: Settings, tmp_path: Path
) -> None:
    (tmp_path / LITERT_FILE).write_bytes(b"not a network")
    two = replace(make_card("two"), scheme=CONFIDENT2)
    save(installation.models_dir, two, {LITERT_FILE: tmp_path / LITERT_FILE})
    open_at(guest, LIVE_CAMERA)
    assert "A model trained for these classes" not in words_of(guest)
    guest.pills(key="show-as-fer7").set_value("confident-stressed").run()
    assert "A model trained for these classes is installed: two" in words_of(guest)


def test_each_measure_has_a_meter_with_its_limits_and_says_where_it_is_not_calibrated(
    guest: AppTest,
) -> None:
    start(guest)
    meters = {one.value: one for one in guest.markdown if one.help and "**" in one.value}
    for name in SHOWN_LIVE:
        measure = MEASURES[name]
        (meter,) = (one for said, one in meters.items() if said.startswith(measure.title))
        assert measure.limits in as_read(meter.help)
    captions = [one.value for one in guest.caption]
    assert f"share of the last 10 s, needs 6 s of a usable face, {NOT_CALIBRATED}" in captions
    assert "Facing the screen  \n**not measured**" in meters
    guest.run().run()
    captions = [one.value for one in guest.caption]
    assert f"share of the last 10 s, {NOT_CALIBRATED}" in captions
    assert "Facing the screen  \n**100 %**" in words_of(guest)


def test_blendshapes_are_drawn_once_they_are_opened(guest: AppTest, analyser: FakeAnalyser) -> None:
    start(guest)
    charts = len(guest.get("plotly_chart"))
    guest.session_state["blendshapes"] = True
    guest.run()
    assert "No blendshapes" in words_of(guest)
    analyser.blendshapes = np.linspace(0, 1, len(BLENDSHAPES), dtype=np.float32)
    guest.run()
    assert not guest.exception
    assert len(guest.get("plotly_chart")) == charts + 1


def test_blendshapes_are_those_of_the_chosen_face_and_empty_while_it_is_away(
    guest: AppTest, analyser: FakeAnalyser
) -> None:
    analyser.faces = 2
    analyser.blendshapes = np.linspace(0, 1, len(BLENDSHAPES), dtype=np.float32)
    start(guest)
    guest.session_state["blendshapes"] = True
    guest.segmented_control(key="watched-face").set_value(2).run()
    assert "Face 2" in {one.value for one in guest.caption}
    charts = len(guest.get("plotly_chart"))
    analyser.faces = 0
    guest.run()
    assert not guest.exception
    assert "Face 2: not in view" in {one.value for one in guest.caption}
    assert len(guest.get("plotly_chart")) == charts


def test_what_is_recorded_is_stored_with_purpose_and_consent(
    guest: AppTest, installation: Settings
) -> None:
    stop(start(guest))
    with stored(installation) as store:
        (entry,) = store.sessions()
    assert entry.rows > 20
    assert entry.session.ended_at is not None
    assert entry.session.purpose == "self-practice"
    assert entry.session.consent_at == guest.session_state["slot:consent"].given_at
    assert entry.session.card_name == "small"
    assert entry.session.not_sure_below == 0.4  # the card's


def test_camera_off_sums_the_whole_session_up_and_offers_it(guest: AppTest) -> None:
    stop(start(guest))
    assert guest.subheader[0].value == "Your session"
    assert figures(guest)["Usable time"] == "100 %"
    assert figures(guest)["Most frequent expression"] == "Happy 100 %"
    labels = [one.label for one in guest.get("download_button")]
    assert labels[-4:-1] == ["Download CSV", "All files (ZIP)", "Codebook"]
    assert "Switch the camera on to start." in words_of(guest)


def test_another_model_can_be_chosen_as_soon_as_the_camera_is_off(
    guest: AppTest, camera: FakeCamera, installation: Settings, tmp_path: Path
) -> None:
    (tmp_path / LITERT_FILE).write_bytes(b"not a network")
    for name in ("ours", "theirs"):
        save(installation.models_dir, make_card(name), {LITERT_FILE: tmp_path / LITERT_FILE})
    assert chooser_of_model(start(guest)).disabled
    assert not chooser_of_model(stop(guest)).disabled
    assert guest.subheader[0].value == "Your session"


def chooser_of_model(visitor: AppTest) -> Any:
    return next(one for one in visitor.selectbox if one.label == "Model")


def test_keys_are_told_while_they_do_something(guest: AppTest, camera: FakeCamera) -> None:
    assert "screenshot" not in words_of(open_at(guest, LIVE_CAMERA))
    assert "screenshot" in words_of(start_here(guest))
    assert "screenshot" not in words_of(stop(guest))


def test_after_a_session_nobody_is_sent_to_look_for_another_camera(
    guest: AppTest, camera: FakeCamera
) -> None:
    assert "No camera?" in words_of(open_at(guest, LIVE_CAMERA))
    assert "No camera?" not in words_of(stop(start_here(guest)))


def test_the_summary_has_each_face_the_frames_and_their_mean_rate_and_the_trend(
    guest: AppTest, analyser: FakeAnalyser, installation: Settings
) -> None:
    analyser.faces = 2
    stop(start(guest))
    with stored(installation) as store:
        (entry,) = store.sessions()
    said = words_of(guest)
    assert f"Frames analysed **{entry.rows // 2}**" in said
    assert "Mean FPS **10.0**" in said
    faces = guest.dataframe[0].value
    assert list(faces["Face"]) == ["Face 1", "Face 2"]
    assert list(faces["Happy"]) == ["100 %", "100 %"]
    assert len(guest.get("plotly_chart")) == 2  # the trend, and what was shown


def test_a_title_can_be_given_before_and_changed_after(
    guest: AppTest, installation: Settings
) -> None:
    open_at(guest, LIVE_CAMERA)
    guest.text_input(key="session-title-0").set_value(" Practice ").run()
    stop(start_here(guest))
    with stored(installation) as store:
        (entry,) = store.sessions()
        assert entry.session.title == "Practice"
        (title,) = (one for one in guest.text_input if one.label == "Title")
        title.set_value("Practice, second day").run()
        assert store.entry(entry.session.id).session.title == "Practice, second day"
        stop(start_here(guest))
        assert store.sessions()[0].session.title != "Practice", "a title belongs to one session"


def test_a_title_that_was_changed_elsewhere_stays_changed(
    guest: AppTest, installation: Settings
) -> None:
    stop(start(guest))
    with stored(installation) as store:
        (entry,) = store.sessions()
        store.rename(entry.session.id, "Renamed in another tab")
        guest.run()
        assert not guest.exception
        assert store.entry(entry.session.id).session.title == "Renamed in another tab"
        (shown,) = (one.value for one in guest.text_input if one.label == "Title")
        assert shown == "Renamed in another tab"


def test_sessions_that_nobody_named_have_titles_of_their_own(
    guest: AppTest, installation: Settings
) -> None:
    start(guest)
    guest.button(key="reset").click().run()
    stop(guest)
    with stored(installation) as store:
        first, second = (entry.session for entry in store.sessions())
    assert first.title != second.title
    assert words_of_id(first.id) in first.title
    assert f"{first.began_at:%d %b %Y}" in first.title


def test_a_new_session_puts_the_summary_of_the_last_away(guest: AppTest) -> None:
    stop(start(guest))
    switch(guest).set_value(True).run()
    assert not guest.subheader


def test_a_paused_session_looks_at_nothing_until_it_goes_on(
    guest: AppTest, camera: FakeCamera, analyser: FakeAnalyser
) -> None:
    start(guest)
    guest.button(key="pause").click().run()
    looked_at = len(analyser.frames)
    guest.run()
    assert len(analyser.frames) == looked_at
    assert "Paused. The camera runs, but nothing is recorded." in words_of(guest)
    guest.button(key="resume").click().run()
    assert len(analyser.frames) > looked_at
    assert "Paused." not in words_of(guest)


def test_a_screenshot_is_handed_to_the_browser_at_the_press_and_named_by_time(
    guest: AppTest,
) -> None:
    start(guest)
    guest.button(key="screenshot").click().run()
    assert not guest.exception
    (file,) = guest.session_state["slot:pending_downloads"]
    assert re.fullmatch(r"mien-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z\.png", file.name)
    assert file.mime == "image/png"
    assert file.content.startswith(b"\x89PNG")


def test_two_screenshots_in_a_second_have_two_names() -> None:
    moment = datetime(2026, 5, 4, 3, 2, 1, 999_000, tzinfo=UTC)
    earlier = moment - timedelta(milliseconds=1)
    assert screenshot_name(moment) == "mien-2026-05-04T03-02-01-999Z.png"
    assert screenshot_name(earlier) == "mien-2026-05-04T03-02-01-998Z.png"


def test_a_file_that_the_browser_has_not_saved_yet_is_not_lost_to_the_next(
    guest: AppTest,
) -> None:
    start(guest)
    guest.button(key="screenshot").click().run()
    guest.button(key="screenshot").click().run()
    first, second = guest.session_state["slot:pending_downloads"]
    assert first.number != second.number


@pytest.mark.parametrize(
    ("view", "shown"),
    [(OWN, "happy"), ("confident-stressed", "confident"), (MEASURES_ONLY, "")],
)
def test_export_hands_over_what_is_stored_and_shown_so_far_and_the_session_goes_on(
    guest: AppTest, installation: Settings, view: str, shown: str
) -> None:
    start(guest)
    guest.pills(key="show-as-fer7").set_value(view).run()
    with stored(installation) as store:
        until_shown(guest, lambda: bool(store.sessions() and store.sessions()[0].rows))
        guest.button(key="export").click().run()
        assert not guest.exception
        (file,) = guest.session_state["slot:pending_downloads"]
        (entry,) = store.sessions()
        assert entry.session.ended_at is None
    assert file.name.startswith(f"{entry.session.id}-until-")
    assert file.mime == "text/csv"
    assert 0 < len(read_csv(file.content)) <= entry.rows
    assert set(read_csv(file.content)["shown"]) == {shown}


def test_a_mark_is_stored_with_its_row_and_shown_in_the_summary(
    guest: AppTest, installation: Settings
) -> None:
    start(guest)
    guest.text_input(key="mark-word").set_value("question 2")
    guest.button(key="mark").click().run()
    guest.run()  # the next moments
    guest.button(key="mark").click().run()
    guest.run()
    stop(guest)
    with stored(installation) as store:
        (entry,) = store.sessions()
        events = [event.words for event in store.read(entry.session.id).events]
    assert events == ["question 2", "mark"]
    marks = next(one.value for one in guest.dataframe if "Mark" in one.value)
    assert list(marks["Mark"]) == events


def test_while_paused_there_is_no_moment_to_mark(guest: AppTest) -> None:
    start(guest)
    guest.button(key="pause").click().run()
    assert guest.button(key="mark").disabled


def test_a_pause_leaves_the_field_of_a_marks_label_as_it_is(guest: AppTest) -> None:
    start(guest)
    before = guest.text_input(key="mark-word").proto
    guest.button(key="pause").click().run()
    # Changed, the browser would fill in the label of the mark before once more.
    assert guest.text_input(key="mark-word").proto == before


def test_every_key_is_told_on_the_page(guest: AppTest) -> None:
    said = words_of(start(guest)).replace("&nbsp;", " ")
    for words in ("`Space` pause", "`S` screenshot", "`E` export", "`M` mark", "`R` reset"):
        assert words in said
    assert "`A` all scores" in said
    assert "`Q` stop" in said


def test_reset_begins_anew_and_keeps_what_was(guest: AppTest, installation: Settings) -> None:
    start(guest)
    guest.button(key="reset").click().run()
    stop(guest)
    with stored(installation) as store:
        assert [entry.session.ended_at is None for entry in store.sessions()] == [False, False]
        assert all(entry.rows for entry in store.sessions())


def test_all_expressions_draws_more_on_the_picture(guest: AppTest, camera: FakeCamera) -> None:
    start(guest)
    quiet = camera.shown[-1]
    guest.toggle(key="all-expressions").set_value(True).run()
    assert (camera.shown[-1] != quiet).any()


@pytest.mark.parametrize(
    ("reason", "words"),
    [(RejectReason.TOO_DARK, "Too dark"), (RejectReason.TURNED_AWAY, "Turned away")],
)
def test_a_face_that_cannot_be_judged_is_told_why(
    guest: AppTest, analyser: FakeAnalyser, reason: RejectReason, words: str
) -> None:
    analyser.reason = reason
    start(guest)
    assert f"{words}: not usable" in as_read(words_of(guest))
    assert "80 %" not in words_of(guest)


@pytest.mark.parametrize(("yaw", "faces"), [(5.0, "facing the camera"), (60.0, "facing away")])
def test_a_face_too_small_to_read_is_there_and_says_where_it_faces(
    guest: AppTest, analyser: FakeAnalyser, yaw: float, faces: str
) -> None:
    analyser.reason, analyser.yaw = RejectReason.TOO_SMALL, yaw
    start(guest)
    assert f"Too small to read, {faces}" in words_of(guest)
    (said,) = (one for one in guest.markdown if "Too small to read" in one.value)
    assert said.help == MEASURES["facing"].limits


def test_whatever_is_shown_of_a_measure_says_what_it_cannot_tell(guest: AppTest) -> None:
    start(guest)
    helps = " ".join(one.help or "" for one in [*guest.markdown, *guest.get("button_group")])
    helps = helps.replace("\\", "")
    for name in (*SHOWN_LIVE, "confident_stressed"):
        assert MEASURES[name].limits in helps, name


def test_nobody_in_view_is_said(guest: AppTest, analyser: FakeAnalyser) -> None:
    analyser.faces = 0
    start(guest)
    assert "No face in view" in words_of(guest)


@pytest.mark.parametrize("analyser", [FakeAnalyser(says="sad", score=0.3)])
def test_a_score_under_the_models_threshold_is_not_sure(guest: AppTest) -> None:
    start(guest)
    assert "Not sure (Sad 30 %?)" in words_of(guest)


def test_of_several_faces_one_can_be_picked_and_many_are_counted(
    guest: AppTest, analyser: FakeAnalyser
) -> None:
    analyser.faces = 8
    start(guest)
    said = read_on(guest)
    assert said.count("<b>Happy 80 %</b>") == 6
    assert "and 2 more" in said
    guest.segmented_control(key="watched-face").set_value(3).run()
    assert guest.session_state["slot:watched_face"] == 3


def test_a_frame_that_fails_is_said_and_the_page_lives_on(
    guest: AppTest, analyser: FakeAnalyser
) -> None:
    start(guest)
    analyser.fails = True
    guest.run()
    assert "could not be analysed" in guest.warning[0].value
    analyser.fails = False
    guest.run()
    assert "Happy 80 %" in words_of(guest)


def test_a_camera_that_was_unplugged_ends_the_session_and_the_switch_goes_off(
    guest: AppTest, camera: FakeCamera, installation: Settings
) -> None:
    start(guest)
    camera.on_ended()
    guest.run()
    assert not switch(guest).value
    assert guest.subheader[0].value == "Your session"
    with stored(installation) as store:
        assert store.sessions()[0].session.ended_at is not None


def test_leaving_the_page_switches_the_camera_off(
    guest: AppTest, camera: FakeCamera, installation: Settings
) -> None:
    """Even when the stream's own end comes late: back at once, nothing plays by itself."""
    start(guest)
    guest.switch_page(HOME.path).run()
    camera.starts.clear()
    guest.switch_page(LIVE_CAMERA.path).run()
    assert camera.wanted == [False]
    assert not switch(guest).value
    assert guest.subheader[0].value == "Your session"
    with stored(installation) as store:
        assert [entry.session.ended_at is None for entry in store.sessions()] == [False]


def test_a_page_that_stands_as_of_a_session_that_is_over_is_drawn_anew(
    guest: AppTest, camera: FakeCamera, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where the page's own redraw after the switch was lost on its way."""
    start(guest)
    camera.starts.clear()
    late: list[Callable[[], object]] = []
    sync_session, choose_view = controls.sync_session, show_as.choose_view

    def keep_in_step_late(live: LiveSession, *given: Any) -> None:
        if camera.starts:
            sync_session(live, *given)
        else:
            stored = partial(live.finish, wait_s=10.0)
            late.extend([stored, partial(session_state.recorded_session.set, None)])

    def choose_view_and_end(scheme: LabelScheme, *others: ScoreView) -> ScoreView:
        while late:
            late.pop(0)()
        return choose_view(scheme, *others)

    monkeypatch.setattr(controls, "sync_session", keep_in_step_late)
    monkeypatch.setattr(show_as, "choose_view", choose_view_and_end)
    stop(guest)
    assert camera.wanted == [False, False]


def test_each_visit_has_a_switch_of_its_own(guest: AppTest, camera: FakeCamera) -> None:
    """A browser that is back at once may still show the old one as it stood: on."""
    before = switch(start(guest)).key
    guest.switch_page(HOME.path).run()
    guest.switch_page(LIVE_CAMERA.path).run()
    assert switch(guest).key != before
    during = switch(guest).key
    switch(guest).set_value(True).run()
    assert switch(guest).key == during
    assert camera.wanted[-1]


@pytest.mark.parametrize("answer", camera_permission.PERMISSION_TEXT, ids=str)
def test_a_browser_that_gives_no_camera_is_explained_and_nothing_begins(
    guest: AppTest, installation: Settings, camera: FakeCamera, answer: CameraPermission
) -> None:
    camera.answer = answer
    start(guest)
    assert guest.warning[0].value == camera_permission.PERMISSION_TEXT[answer]
    links = {link.proto.page for link in guest.get("page_link")}
    assert Path(ANALYSE_RECORDING.path).stem in links  # a way on without a camera
    assert not switch(guest).value
    assert not camera.wanted[-1]
    assert not guest.subheader  # nothing to sum up
    with stored(installation) as store:
        assert store.sessions() == []


def test_a_title_outlives_a_camera_that_was_refused(guest: AppTest, camera: FakeCamera) -> None:
    camera.answer = CameraPermission.REFUSED
    open_at(guest, LIVE_CAMERA)
    guest.text_input[0].set_value("Interview").run()
    start_here(guest)
    assert guest.text_input[0].value == "Interview"
    camera.answer = CameraPermission.ALLOWED
    start_here(guest)
    assert "slot:next_title" not in guest.session_state


def test_a_title_outlives_a_camera_that_was_switched_off_before_it_started(
    guest: AppTest, camera: FakeCamera
) -> None:
    camera.seconds = 0
    open_at(guest, LIVE_CAMERA)
    guest.text_input[0].set_value("Interview").run()
    start_here(guest)
    stop(guest)
    assert guest.text_input[0].value == "Interview"


def test_while_the_browser_asks_the_buttons_wait(guest: AppTest, camera: FakeCamera) -> None:
    camera.answer, camera.seconds = CameraPermission.WAITING, 0
    start(guest)
    assert guest.button(key="pause").disabled
    camera.answer, camera.seconds = CameraPermission.ALLOWED, 3.0
    guest.run()
    assert not guest.button(key="pause").disabled


def test_whatever_redraws_the_page_a_start_keeps_its_name_and_another_has_another(
    guest: AppTest, camera: FakeCamera
) -> None:
    """Its name is all that the browser's side begins by: the same one leaves what runs alone."""
    start(guest)
    for _ in range(3):
        guest.run()
    guest.button(key="reset").click().run()  # another session in the same stream
    assert len(set(filter(None, camera.starts))) == 1
    stop(guest)
    switch(guest).set_value(True).run()
    assert len(set(filter(None, camera.starts))) == 2


def test_a_connection_that_broke_ends_the_session_and_the_switch_goes_off(
    guest: AppTest, camera: FakeCamera, installation: Settings
) -> None:
    start(guest)
    camera.ended = True
    guest.run()
    assert not switch(guest).value
    assert guest.subheader[0].value == "Your session"
    with stored(installation) as store:
        assert store.sessions()[0].session.ended_at is not None


def test_a_camera_that_sends_nothing_is_waited_for_and_leaves_no_session(
    guest: AppTest, camera: FakeCamera, installation: Settings
) -> None:
    camera.seconds = 0
    start(guest)
    assert guest.button(key="pause").disabled
    stop(guest)
    assert "No data are stored for this session" in words_of(guest)
    with stored(installation) as store:
        assert store.sessions() == []


def test_a_locked_database_is_said_while_the_picture_goes_on(
    guest: AppTest, installation: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.storage.database.LOCK_TIMEOUT_S", 0.05)
    monkeypatch.setattr("core.live.session_writer.RETRY_AFTER_S", 0.05)
    start(guest)
    blocker = create_engine(installation.database_url)
    with blocker.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        until_shown(guest, lambda: any("locked" in one.value for one in guest.warning))
        assert "samples not saved yet" in guest.warning[0].value
        assert "Happy 80 %" in words_of(guest)
        connection.rollback()
    blocker.dispose()
    until_shown(guest, lambda: not guest.warning)


def until_shown(visitor: AppTest, holds: Callable[[], bool]) -> None:
    """Draw the page again until it holds; what is stored by another thread may take a second."""
    deadline = monotonic() + 20.0
    while monotonic() < deadline:
        for _ in range(40):
            visitor.run()
            if holds():
                return
        sleep(0.1)
    pytest.fail(f"never shown; the page says: {words_of(visitor)}")


def test_without_a_model_the_page_says_what_to_do_and_where_else_to_look(
    visitor: AppTest, installation: Settings, camera: FakeCamera
) -> None:
    agreed(visitor, installation, PRACTICE)
    open_at(visitor, LIVE_CAMERA)
    assert not visitor.exception
    assert len(visitor.error) == 1
    assert "no model" in visitor.error[0].value
    assert "example session" in visitor.get("page_link")[-1].label


def test_without_the_files_that_find_faces_the_page_says_how_to_get_them(
    visitor: AppTest,
    installation: Settings,
    camera: FakeCamera,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    judge = LoadedModel(make_card(), FakeRecognizer())  # type: ignore[arg-type]
    monkeypatch.setattr(cached, "load_live_model", lambda *_: judge)
    monkeypatch.setattr(
        cached, "model_version", lambda *_: ModelVersion(judge.card.name, "as it is")
    )
    agreed(visitor, installation, PRACTICE)
    open_at(visitor, LIVE_CAMERA)
    assert not visitor.exception
    assert any(name in as_read(visitor.error[0].value) for name in (LANDMARKER, DETECTOR))
    assert "make assets" in visitor.error[0].value


def test_a_broken_database_is_one_sentence_with_advice(
    guest: AppTest, installation: Settings
) -> None:
    (installation.data_dir / "sessions.db").write_bytes(b"no database at all" * 100)
    open_at(guest, LIVE_CAMERA)
    assert not guest.exception
    assert len(guest.error) == 1
    assert "move it away" in guest.error[0].value


def test_servers_that_cannot_be_read_are_explained(
    visitor: AppTest,
    installation: Settings,
    model: None,
    camera: FakeCamera,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MIEN_ICE_SERVERS", "stun:stun.example.org")
    agreed(visitor, installation, PRACTICE)
    open_at(visitor, LIVE_CAMERA)
    assert not visitor.exception
    assert "MIEN_ICE_SERVERS" in as_read(visitor.error[0].value)


@pytest.fixture
def cut_off(installation: Settings, guest: AppTest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Id of a session whose server was killed three minutes ago; the page has looked once."""
    monkeypatch.setattr(end_interrupted, "CHECK_INTERVAL", timedelta(0))
    began_at = datetime.now(UTC) - timedelta(minutes=5)
    session = replace(make_session("cut"), began_at=began_at, consent_at=began_at)
    moments = [make_moment(float(at), make_observation(float(at))) for at in range(120)]
    with stored(installation) as store:
        store.begin(session)
        store.append(session.id, moments, now=began_at + timedelta(seconds=120))
    open_at(guest, LIVE_CAMERA)
    assert "A session was interrupted" not in words_of(guest)  # its writer may just have slept
    return session.id


def test_a_session_that_was_cut_off_is_offered_once(guest: AppTest, cut_off: str) -> None:
    open_at(guest, LIVE_CAMERA)
    assert "A session was interrupted" in words_of(guest)
    assert "1 min 59 s" in words_of(guest)
    guest.button(key=f"look-{cut_off}").click().run()
    assert guest.title[0].value == SESSIONS.title
    assert guest.session_state["slot:chosen_session"] == cut_off
    guest.switch_page(LIVE_CAMERA.path).run()
    assert "A session was interrupted" not in words_of(guest)


def test_a_notice_of_a_cut_off_session_can_be_closed(guest: AppTest, cut_off: str) -> None:
    open_at(guest, LIVE_CAMERA)
    guest.button(key=f"close-{cut_off}").click().run()
    assert not guest.exception
    assert "A session was interrupted" not in words_of(guest)


HD, FULL_HD = RESOLUTIONS[1:]


def choose_resolution(visitor: AppTest, name: str) -> AppTest:
    visitor.selectbox(key="camera-resolution").set_value(name).run()
    assert not visitor.exception
    return visitor


def test_the_camera_is_asked_for_the_smallest_resolution_until_another_is_chosen(
    guest: AppTest, camera: FakeCamera
) -> None:
    open_at(guest, LIVE_CAMERA)
    assert guest.selectbox(key="camera-resolution").value == DEFAULT_RESOLUTION.name
    choose_resolution(guest, FULL_HD.name)
    start_here(guest)
    assert camera.resolutions[0] == DEFAULT_RESOLUTION
    assert camera.resolutions[-1] == FULL_HD


def test_another_resolution_while_the_camera_runs_goes_on_with_the_same_start_and_session(
    guest: AppTest, camera: FakeCamera, installation: Settings
) -> None:
    start(guest)
    choose_resolution(guest, HD.name)
    assert camera.resolutions[-1] == HD
    stop(guest)
    assert len({name for name in camera.starts if name}) == 1
    with stored(installation) as store:
        assert len(store.sessions()) == 1


def test_the_resolution_is_remembered_in_the_tab(guest: AppTest, camera: FakeCamera) -> None:
    choose_resolution(open_at(guest, LIVE_CAMERA), HD.name)
    guest.switch_page(HOME.path).run()
    guest.switch_page(LIVE_CAMERA.path).run()
    assert guest.selectbox(key="camera-resolution").value == HD.name
    assert camera.resolutions[-1] == HD


def test_a_camera_that_gives_less_than_was_chosen_is_said_to(
    guest: AppTest, camera: FakeCamera
) -> None:
    camera.gives_px = (1280, 720)
    choose_resolution(start(guest), HD.name)
    assert "This camera gives" not in words_of(guest)
    choose_resolution(guest, FULL_HD.name)
    assert "This camera gives 1280 x 720 instead of 1920 x 1080." in words_of(guest)


def test_a_smaller_resolution_is_advised_only_where_too_few_frames_are_analysed(
    guest: AppTest, camera: FakeCamera
) -> None:
    camera.seconds = 12.0
    choose_resolution(start(guest), FULL_HD.name)
    assert "smaller resolution" not in words_of(guest)
    camera.fps = 2
    guest.run()
    assert re.search(r"At 1920 x 1080 only [12]\.\d FPS", words_of(guest))
    choose_resolution(guest, DEFAULT_RESOLUTION.name)
    assert "smaller resolution" not in words_of(guest)


def test_no_picture_is_written_anywhere(guest: AppTest, installation: Settings) -> None:
    stop(start(guest))
    files = [path for path in Path(installation.data_dir).rglob("*") if path.is_file()]
    known = {"sessions.db", "sessions.db-wal", "sessions.db-shm"}
    assert {path.name for path in files} <= known | {policy_store.FILE_NAME, SECRET_FILE}
