"""Analyse a recording: the form, progress, results, and pictures that stay in memory."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.domain import (
    Finished,
    Frame,
    LogMessage,
    PartDone,
    Progress,
    Run,
    RunStatus,
    SourceKind,
    Started,
)
from core.jobs import Lease, RunFolder
from core.jobs.run_folder.folder import create
from core.jobs.run_folder.journal import Journal
from core.policy import Purpose, Region, UsePolicy
from core.policy import policy_file as policy_store
from core.recordings import RecordingPlan, RunSession
from core.recordings.picture import AnalysedPicture, analyse_picture, store_picture
from core.recordings.remaining_time import remaining_s
from core.recordings.run_sessions import save_run_session
from core.sessions import SessionStore
from core.settings import Settings
from pages.parts.shell import run_panel
from pages.parts.shell.navigation import ANALYSE_RECORDING
from tests.fakes import FakeAnalyser
from tests.make import make_card, make_observation
from tests.pages.test_sessions import record
from tests.pages.visits import open_at, words_of

NOW = datetime.now(UTC)
PRACTICE = UsePolicy(Region.ELSEWHERE, Purpose.SELF_PRACTICE)


@pytest.fixture(autouse=True)
def allowed(installation: Settings) -> None:
    installation.data_dir.mkdir(exist_ok=True)
    policy_store.write(installation.data_dir / policy_store.FILE_NAME, PRACTICE)


@pytest.fixture
def store(installation: Settings) -> Iterator[SessionStore]:
    with SessionStore.open(installation.database_url) as opened:
        yield opened


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """Plans of the runs that the page started; none of them begins to work."""
    plans: list[dict[str, object]] = []

    def begin(kind: str, plan: dict[str, object]) -> str:
        assert kind == "analyse"
        plans.append(plan)
        return "2026-11-21-1200-calm-otter"

    monkeypatch.setattr(run_panel, "start_run", begin)
    return plans


def stored_policy(installation: Settings) -> UsePolicy | None:
    return policy_store.read(installation.data_dir / policy_store.FILE_NAME)


def by_path(visitor: AppTest, *paths: str) -> AppTest:
    open_at(visitor, ANALYSE_RECORDING)
    visitor.segmented_control(key="recording-where").set_value("Path on this machine").run()
    visitor.text_area(key="recording-paths-0").set_value("\n".join(paths))
    return visitor


def agree_and_begin(visitor: AppTest) -> AppTest:
    return visitor.button(key="recording-begin").click().run()


def test_the_button_that_begins_says_that_everyone_shown_agrees(visitor: AppTest) -> None:
    by_path(visitor, "/films/a.mp4").run()
    assert not visitor.exception
    assert visitor.button(key="recording-begin").label == "Everyone shown agrees: analyse"
    assert PRACTICE.notice[0] in words_of(visitor)


def test_a_picture_among_uploaded_videos_is_not_lost_when_they_start(
    visitor: AppTest, started: list[dict[str, object]], installation: Settings
) -> None:
    open_at(visitor, ANALYSE_RECORDING)
    files = [("a.mp4", b"x", "video/mp4"), ("me.png", b"x", "image/png")]
    visitor.file_uploader(key="recording-files-0").set_value(files).run()
    agree_and_begin(visitor)
    assert "1 picture is among the videos: me.png" in words_of(visitor)
    assert started == []
    assert not installation.uploads_dir.exists()  # nothing was stored either
    visitor.file_uploader(key="recording-files-0").set_value(files[:1]).run()
    agree_and_begin(visitor)
    assert len(started) == 1


def test_before_anything_else_it_is_asked_where_and_for_what(
    visitor: AppTest, installation: Settings, started: list[dict[str, object]], tmp_path: Path
) -> None:
    (installation.data_dir / policy_store.FILE_NAME).unlink()
    (tmp_path / "a.mp4").write_bytes(b"x")
    open_at(visitor, ANALYSE_RECORDING)
    visitor.radio(key="use-region").set_value(Region.ELSEWHERE).run()
    assert not visitor.segmented_control
    visitor.radio(key="use-purpose").set_value(Purpose.SELF_PRACTICE).run()
    visitor.segmented_control(key="recording-where").set_value("Path on this machine").run()
    visitor.text_area(key="recording-paths-0").set_value(str(tmp_path / "a.mp4")).run()
    assert stored_policy(installation) is None
    agree_and_begin(visitor)
    assert not visitor.exception
    assert len(started) == 1
    assert stored_policy(installation) == PRACTICE


def test_a_classroom_in_the_eu_can_analyse_nothing(
    visitor: AppTest, installation: Settings
) -> None:
    lesson = UsePolicy(Region.EU_EEA, Purpose.CLASSROOM)
    policy_store.write(installation.data_dir / policy_store.FILE_NAME, lesson)
    open_at(visitor, ANALYSE_RECORDING)
    assert "5(1)(f)" in visitor.error[0].value
    assert not visitor.checkbox


def test_what_was_asked_is_what_begins(
    visitor: AppTest, started: list[dict[str, object]], tmp_path: Path
) -> None:
    clips = [tmp_path / "a.mp4", tmp_path / "b.mp4"]
    for clip in clips:
        clip.write_bytes(b"x")
    by_path(visitor, *map(str, clips)).run()
    visitor.segmented_control(key="recording-frames").set_value("At intervals").run()
    visitor.number_input(key="recording-every").set_value(0.3)
    visitor.number_input(key="recording-to").set_value(20.0)
    visitor.text_input(key="recording-title").set_value("Talk")
    agree_and_begin(visitor)
    assert not visitor.exception
    (plan,) = (RecordingPlan.from_json(one) for one in started)
    assert plan.paths == tuple(map(str, clips))
    assert (plan.every_s, plan.from_s, plan.to_s, plan.title) == (0.3, 0.0, 20.0, "Talk")
    assert not plan.is_upload
    assert plan.agreed_at is not None
    assert NOW <= plan.agreed_at <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("path", "said"),
    [("", "No recording was chosen"), ("/nowhere/a.mp4", "There is no file /nowhere/a.mp4")],
)
def test_a_mistake_is_said_and_nothing_begins(
    visitor: AppTest, started: list[dict[str, object]], path: str, said: str
) -> None:
    agree_and_begin(by_path(visitor, path))
    assert not visitor.exception
    assert said in words_of(visitor)
    assert started == []


def run_in(here: Settings, *paths: str, is_upload: bool = False) -> RunFolder:
    plan = RecordingPlan(paths, is_upload=is_upload).to_json()
    folder = create(here.runs_dir, "analyse", plan, now=NOW, rng=np.random.default_rng())
    folder.mark_launched(0)
    return folder


@pytest.fixture
def at_work(installation: Settings) -> Iterator[RunFolder]:
    """A run that was started in a tab that is closed now, three tenths read."""
    folder = run_in(installation, "/films/my_*talk*.mp4", "/films/b.mp4")
    lease = Lease(folder.lease)
    assert lease.take()
    journal = Journal(folder.events, clock=lambda: datetime.now(UTC) - timedelta(seconds=180))
    journal.append(Started(1, {}))
    journal.append(PartDone(1, 2, "my_*talk*.mp4", 0.6))
    yield folder
    lease.release()


def test_a_run_that_was_begun_elsewhere_is_followed_with_percent_and_time_left(
    visitor: AppTest, at_work: RunFolder
) -> None:
    open_at(visitor, ANALYSE_RECORDING)
    assert not visitor.exception
    progress = visitor.get("progress")[0].proto
    assert progress.value == 30
    assert progress.text == "30 % analysed · about 7 min left"
    assert r"my\_\*talk\*.mp4\: 60 %." in words_of(visitor)
    visitor.button(key=f"cancel-{at_work.id}").click().run()
    assert at_work.cancel.exists()


def ended(
    folder: RunFolder, finished: Finished, *made: RunSession, said: tuple[LogMessage, ...] = ()
) -> None:
    journal = Journal(folder.events, clock=lambda: datetime.now(UTC))
    for one in (Started(1, {}), *said, finished):
        journal.append(one)
    for session in made:
        save_run_session(folder.path, session)


def follow(visitor: AppTest, run_id: str) -> AppTest:
    open_at(visitor, ANALYSE_RECORDING)
    visitor.session_state["slot:recording_run"] = run_id
    return visitor.run()


def test_a_run_that_is_done_shows_its_sessions_one_of_them_chosen(
    visitor: AppTest, installation: Settings, store: SessionStore
) -> None:
    record(store, "one")
    record(store, "two")
    folder = run_in(installation, "/films/a.mp4", "/films/b.mp4")
    made = [RunSession(f"/films/{n}.mp4", s, is_done=True) for n, s in (("a", "one"), ("b", "two"))]
    said = (
        LogMessage("Looking with compact-2."),
        LogMessage("c.mp4 holds no video.", is_warning=True),
    )
    ended(folder, Finished(RunStatus.COMPLETED), *made, said=said)
    follow(visitor, folder.id)
    assert not visitor.exception
    assert {one.label: one.value for one in visitor.metric}["Duration"] == "40 s"
    assert visitor.selectbox(key="recording-result-2").options == ["a.mp4", "b.mp4"]
    assert [one.value for one in visitor.warning] == ["c.mp4 holds no video."]
    assert visitor.session_state["slot:chosen_session"] == "one"
    assert [one.label for one in visitor.get("download_button")]


def mostly_shown(visitor: AppTest) -> str:
    return str({one.label: one.value for one in visitor.metric}["Most frequent expression"])


def test_the_result_of_one_recording_names_it_and_can_be_shown_as_confident_or_stressed(
    visitor: AppTest, installation: Settings, store: SessionStore
) -> None:
    record(store, "one")
    folder = run_in(installation, "/films/my_talk.mp4")
    made = RunSession("/films/my_talk.mp4", "one", is_done=True)
    ended(folder, Finished(RunStatus.COMPLETED), made)
    assert follow(visitor, folder.id).subheader[0].value == r"Result: my\_talk.mp4"
    assert mostly_shown(visitor).split()[0] not in {"Confident", "Stressed"}
    visitor.pills(key="show-as-fer7").set_value("confident-stressed").run()
    assert not visitor.exception
    assert mostly_shown(visitor).split()[0] in {"Confident", "Stressed"}


def test_a_recording_is_read_to_its_end_unless_an_end_is_given(
    visitor: AppTest, started: list[dict[str, object]], tmp_path: Path
) -> None:
    (tmp_path / "a.mp4").write_bytes(b"x")
    by_path(visitor, str(tmp_path / "a.mp4")).run()
    assert visitor.number_input(key="recording-to").value is None
    agree_and_begin(visitor)
    assert started[0]["to_s"] == 0.0


def test_recordings_of_one_name_are_told_apart_and_each_can_be_chosen(
    visitor: AppTest, installation: Settings, store: SessionStore
) -> None:
    record(store, "one")
    record(store, "two")
    folder = run_in(installation, "/films/1/clip.mp4", "/films/2/clip.mp4")
    made = [
        RunSession(f"/films/{n}/clip.mp4", s, is_done=True) for n, s in ((1, "one"), (2, "two"))
    ]
    ended(folder, Finished(RunStatus.COMPLETED), *made)
    follow(visitor, folder.id)
    choice = visitor.selectbox(key="recording-result-2")
    assert choice.options == ["clip.mp4 (1 of 2)", "clip.mp4 (2 of 2)"]
    choice.select("clip.mp4 (2 of 2)").run()
    assert visitor.session_state["slot:chosen_session"] == "two"


def test_a_session_that_was_deleted_since_is_said(visitor: AppTest, installation: Settings) -> None:
    folder = run_in(installation, "/films/a.mp4")
    ended(folder, Finished(RunStatus.COMPLETED), RunSession("/films/a.mp4", "gone", is_done=True))
    assert "This session was deleted" in words_of(follow(visitor, folder.id))


def test_a_cancelled_upload_offers_no_way_to_go_on_and_shows_what_was_read(
    visitor: AppTest, installation: Settings, store: SessionStore
) -> None:
    record(store, "one")
    folder = run_in(installation, "/up/a.mp4", is_upload=True)
    ended(folder, Finished(RunStatus.CANCELLED), RunSession("/up/a.mp4", "one", is_done=False))
    follow(visitor, folder.id)
    assert not visitor.exception
    assert "It was cancelled. The uploads are deleted" in words_of(visitor)
    assert not [one for one in visitor.button if one.label == "Resume"]
    assert visitor.metric


def test_a_failed_run_says_why_and_what_to_do(visitor: AppTest, installation: Settings) -> None:
    folder = run_in(installation, "/up/a.mp4", is_upload=True)
    failure = Finished(RunStatus.FAILED, "a.mp4 is not a readable video.", "Play it in a player.")
    ended(folder, failure)
    words = words_of(follow(visitor, folder.id))
    assert "a.mp4 is not a readable video" in words
    assert "Play it in a player" in words


def test_time_left_is_told_once_enough_was_read() -> None:
    def run(share: float) -> Run:
        progress = Progress(share, "")
        return Run("r", "analyse", RunStatus.RUNNING, progress, NOW, None, (), started_at=NOW)

    now = NOW + timedelta(seconds=30)
    assert remaining_s(run(0.25), now=now) == pytest.approx(90.0)
    assert remaining_s(run(0.01), now=now) is None


@dataclass
class Given:
    """A picture as the uploader hands it over."""

    name: str
    content: bytes
    file_id: str = "1"

    def getvalue(self) -> bytes:
        return self.content


def picture_page() -> None:
    """The part of the page that shows given pictures, with one that shows a face."""
    from core.policy import Purpose, Region, UsePolicy
    from pages.parts.recordings import picture
    from tests.pages.test_analyse_recording import Given

    policy = UsePolicy(Region.ELSEWHERE, Purpose.SELF_PRACTICE)
    picture.draw([Given("me_*.png", b"x")], "", policy)  # type: ignore[list-item]


def page_with_one_picture_twice() -> None:
    """The same content under two names."""
    from core.policy import Purpose, Region, UsePolicy
    from pages.parts.recordings import picture
    from tests.pages.test_analyse_recording import Given

    policy = UsePolicy(Region.ELSEWHERE, Purpose.SELF_PRACTICE)
    given = [Given("me_*.png", b"x", "1"), Given("copy.png", b"x", "2")]
    picture.draw(given, "", policy)  # type: ignore[arg-type]


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """One face in every picture, judged by a model that is not there."""
    from types import SimpleNamespace

    from pages.parts.live import cached as live_cached
    from pages.parts.recordings import cached as recordings_cached

    rgb = np.zeros((480, 640, 3), dtype=np.uint8)
    found = AnalysedPicture("me_*.png", Frame(rgb, 0.0, 0), (make_observation(0.0),))
    monkeypatch.setattr(live_cached, "current_version", lambda name: SimpleNamespace(name=name))
    monkeypatch.setattr(
        live_cached, "loaded_model", lambda version: SimpleNamespace(card=make_card("small"))
    )
    monkeypatch.setattr(recordings_cached, "analysed_picture", lambda *given: found)


@pytest.mark.usefixtures("seen")
def test_a_pictures_faces_are_shown_and_stored_only_when_asked(store: SessionStore) -> None:
    visitor = AppTest.from_function(picture_page, default_timeout=20).run()
    assert not visitor.exception
    assert "**1 face**, 1 usable" in words_of(visitor)
    table = visitor.dataframe[0].value
    assert list(table["Face"]) == [1]
    assert table["Happy"][0].endswith("%")
    assert store.sessions() == []
    next(one for one in visitor.button if one.label.startswith("Store these")).click().run()
    (entry,) = store.sessions()
    assert entry.session.source is SourceKind.PICTURE
    assert entry.rows == 1
    assert entry.session.consent_at is not None


@pytest.mark.usefixtures("seen")
def test_a_picture_that_was_given_twice_is_shown_under_each_name(store: SessionStore) -> None:
    visitor = AppTest.from_function(page_with_one_picture_twice, default_timeout=20).run()
    assert not visitor.exception
    assert not visitor.error
    assert [one.value for one in visitor.subheader] == [r"me\_\*.png", "copy.png"]
    [one for one in visitor.button if one.label.startswith("Store these")][1].click().run()
    assert [entry.session.title for entry in store.sessions()] == ["copy.png"]


def test_a_picture_is_looked_at_without_touching_the_disk(tmp_path: Path) -> None:
    from PIL import Image

    written = io.BytesIO()
    Image.new("RGB", (640, 480)).save(written, "PNG")
    before = set(tmp_path.rglob("*"))
    found = analyse_picture(written.getvalue(), "me.png", FakeAnalyser(faces=2))
    assert (len(found.faces), found.frame.width_px) == (2, 640)
    assert set(tmp_path.rglob("*")) == before


def test_a_picture_of_nobody_is_not_stored(store: SessionStore) -> None:
    from core.domain.errors import MediaError

    empty = AnalysedPicture("wall.png", Frame(np.zeros((9, 9, 3), np.uint8), 0.0, 0), ())
    with pytest.raises(MediaError, match="shows no face"):
        store_picture(store, empty, make_card("small"), policy=PRACTICE, now=NOW)
    assert store.sessions() == []
