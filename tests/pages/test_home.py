"""Home: what is ready, and a session to look at."""

from __future__ import annotations

import json
from pathlib import Path

from streamlit.testing.v1 import AppTest

from core.models import CARD_FILE, LITERT_FILE, save
from core.policy import Purpose, Region, UsePolicy
from core.policy import policy_file as policy_store
from core.sessions.exporters.export_session import derive_columns
from core.settings import Settings
from pages.parts.sessions import cached
from pages.parts.shell.home_cards import CARDS
from pages.parts.shell.navigation import HOME, PAGES
from tests.exported import csv_bytes
from tests.make import make_card
from tests.pages.visits import open_at, words_of


def shelve(installation: Settings, tmp_path: Path) -> Path:
    """A judged model whose weights are a few bytes; the answer is its folder."""
    weights = tmp_path / "weights"
    weights.write_bytes(b"not a network")
    save(installation.models_dir, make_card("small"), {LITERT_FILE: weights})
    return installation.models_dir / "small"


def test_an_empty_install_says_what_is_missing_and_what_to_do(visitor: AppTest) -> None:
    said = words_of(visitor.run())
    assert "There is no usable model" in said
    assert "make assets" in said
    assert "no sessions yet" in said


def test_the_demo_needs_no_camera_and_says_that_it_is_synthetic(visitor: AppTest) -> None:
    visitor.run()
    assert "Synthetic" in words_of(visitor)
    figures = {one.label: one.value for one in visitor.metric}
    assert figures["Duration"] == "1 min 30 s"
    assert figures["Usable time"] == "94 %"
    assert visitor.get("plotly_chart")
    assert next(one.label for one in visitor.get("download_button")) == "Download CSV"


def test_the_demo_file_has_a_row_for_each_face_and_frame(installation: Settings) -> None:
    session, timeline = cached.demo()
    written = csv_bytes(session, timeline, derive_columns(timeline, not_sure_below=0.0))
    lines = written.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("session_id,t_utc,t_s,frame,face_id")
    assert len(lines) == 1 + len(timeline)


def test_an_evaluated_model_is_shown_with_its_interval(
    visitor: AppTest, installation: Settings, tmp_path: Path
) -> None:
    shelve(installation, tmp_path)
    said = words_of(visitor.run()).replace("\u00a0", " ")
    assert "Accuracy 70.0 % (95 % CI [67.0, 73.0]) on 700 unseen test pictures" in said


def test_a_model_whose_weights_changed_is_named_with_advice(
    visitor: AppTest, installation: Settings, tmp_path: Path
) -> None:
    (shelve(installation, tmp_path) / LITERT_FILE).write_bytes(b"something else")
    said = words_of(visitor.run())
    assert "sha256 differs" in said
    assert "do not use this copy" in said
    assert not visitor.exception


def test_a_model_whose_card_is_damaged_is_named_with_advice(
    visitor: AppTest, installation: Settings, tmp_path: Path
) -> None:
    (shelve(installation, tmp_path) / CARD_FILE).write_text(json.dumps({"name": "small"}))
    said = words_of(visitor.run())
    assert "The card of small cannot be read" in said
    assert "Restore the folder" in said


def test_a_database_that_is_no_database_leaves_the_page_standing(
    visitor: AppTest, installation: Settings
) -> None:
    installation.data_dir.mkdir()
    (installation.data_dir / "sessions.db").write_bytes(b"no database at all" * 100)
    said = words_of(visitor.run())
    assert "sessions.db cannot be opened: file is not a database" in said
    assert not visitor.exception
    assert visitor.metric


def test_home_leads_with_ways_in_and_every_page_is_one_click_away(visitor: AppTest) -> None:
    visitor.run()
    said = words_of(visitor)
    for way in CARDS:
        assert way.title in said
    links = [(link.proto.label, link.proto.query_string) for link in visitor.get("page_link")]
    assert ("Use a recording", "purpose=self-practice") in links
    assert ("Choose the purpose", "purpose=classroom") in links
    assert ("1. Open data", "") in links
    linked = {link.proto.page for link in visitor.get("page_link")}
    rooms = [room for rooms in PAGES.values() for room in rooms if room is not HOME]
    assert {Path(room.path).stem for room in rooms} <= linked


def test_reading_on_the_own_device_and_the_measures_are_named(visitor: AppTest) -> None:
    open_at(visitor, HOME)
    said = words_of(visitor)
    assert "Faces can be read on your own device" in said
    assert "facing the screen, eyes closed (PERCLOS), blinks, smile" in said


def test_nothing_is_said_of_measures_in_a_classroom_of_the_eu(
    visitor: AppTest, installation: Settings
) -> None:
    lesson = UsePolicy(Region.EU_EEA, Purpose.CLASSROOM)
    policy_store.write(installation.data_dir / policy_store.FILE_NAME, lesson)
    open_at(visitor, HOME)
    assert "facing the screen, eyes closed" not in words_of(visitor)
