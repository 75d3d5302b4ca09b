"""Sessions: look back, take home, rename, delete."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from core.classroom import classrooms, open_classroom
from core.domain import (
    CONFIDENT2,
    EXPRESSIVENESS3,
    AnalysisSite,
    EmotionScores,
    RejectReason,
    SourceKind,
    rounded_blendshapes,
)
from core.domain.errors import UnknownSession
from core.models import LITERT_FILE, save
from core.policy import Purpose, Region, UsePolicy
from core.policy import policy_file as policy_store
from core.practice import attempt_of, begin_attempt, begin_practice, practices
from core.sessions import MAX_TITLE_LENGTH, SessionStore
from core.settings import Settings
from core.storage import tables
from pages.parts.sessions import cached, session_view
from pages.parts.sessions.summary_tables import height_of
from pages.parts.shell.navigation import SESSIONS
from pages.parts.shell.theme import duration
from tests.calibrating import make_measured
from tests.classes import EVERYTHING, joined
from tests.make import make_card, make_moment, make_observation, make_scores, make_session
from tests.pages.visits import open_at, words_of
from tests.practising import make_attempt, make_practice, part

NOW = datetime.now(UTC)


@pytest.fixture
def store(installation: Settings) -> Iterator[SessionStore]:
    with SessionStore.open(installation.database_url) as opened:
        yield opened


def record(
    store: SessionStore,
    session_id: str,
    *,
    began_at: datetime = NOW,
    ended: bool = True,
    not_sure_below: float | None = None,
) -> None:
    """Forty seconds: happy, then sad, the last four too dark to judge; a second face for ten."""
    session = make_session(session_id, began_at=began_at, title=f"Sitting {session_id}")
    store.begin(replace(session, not_sure_below=not_sure_below))
    moments = []
    for index in range(400):
        time_s = index / 10
        shown = make_scores(happy=0.8) if time_s < 18 else make_scores(sad=0.8)
        dark = RejectReason.TOO_DARK if time_s >= 36 else None
        faces = [make_observation(time_s, scores=shown, reason=dark)]
        if 5 <= time_s < 15:
            faces.append(make_observation(time_s, track_id=2))
        moments.append(make_moment(time_s, *faces))
    store.append(session_id, moments, now=began_at + timedelta(seconds=40))
    if ended:
        store.end(session_id, ended_at=began_at + timedelta(seconds=40))


def open_sessions(visitor: AppTest) -> AppTest:
    return open_at(visitor, SESSIONS)


def figures(visitor: AppTest) -> dict[str, str]:
    return {one.label: one.value for one in visitor.metric}


def table_of(visitor: AppTest, column: str) -> pd.DataFrame:
    """The first table that has this column."""
    return next(one.value for one in visitor.dataframe if column in one.value)


def test_an_empty_store_offers_the_demo_and_shows_it_once_added(visitor: AppTest) -> None:
    open_sessions(visitor)
    links = [one.label for one in visitor.get("page_link")]
    assert links == ["Open the camera", "Analyse a recording"]
    visitor.button(key="add-demo").click().run()
    assert not visitor.exception
    assert visitor.subheader[0].value == "Demo session (synthetic)"
    assert figures(visitor)["Faces"] == "2"


def test_the_newest_session_is_open_with_its_figures(visitor: AppTest, store: SessionStore) -> None:
    record(store, "older", began_at=NOW - timedelta(days=1))
    record(store, "newer")
    open_sessions(visitor)
    assert not visitor.exception
    assert visitor.subheader[0].value == "Sitting newer"
    assert figures(visitor) == {
        "Duration": "40 s",
        "Usable time": "90 %",
        "Faces": "2",
        "Most frequent expression": "Happy 61 %",
    }


def test_sessions_of_one_title_are_told_apart_in_the_list(
    visitor: AppTest, store: SessionStore
) -> None:
    for words in ("calm-otter", "brave-hare"):
        record(store, f"2026-11-21-1200-{words}-0001")
        store.rename(f"2026-11-21-1200-{words}-0001", "Live camera")
    titles = open_sessions(visitor).dataframe[0].value["Title"]
    assert sorted(titles) == ["Live camera (brave hare)", "Live camera (calm otter)"]


def test_each_face_has_its_own_shares_and_usable_time(
    visitor: AppTest, store: SessionStore
) -> None:
    record(store, "both")
    faces = table_of(open_sessions(visitor), "Usable time")
    assert list(faces["Face"]) == ["Face 1", "Face 2"]
    assert list(faces["Usable time"]) == ["36 s", "10 s"]
    assert list(faces["Sad"]) == ["50 %", "0 %"]


def test_a_face_that_was_never_usable_has_no_shares_and_is_pointed_out(
    visitor: AppTest, store: SessionStore
) -> None:
    store.begin(make_session("class"))
    moments = [
        make_moment(
            at,
            make_observation(at, scores=make_scores(happy=0.8)),
            make_observation(at, track_id=2, reason=RejectReason.TOO_SMALL),
        )
        for at in (index / 10 for index in range(50))
    ]
    store.append("class", moments, now=NOW)
    faces = table_of(open_sessions(visitor), "Usable time")
    assert list(faces["Usable time"]) == ["5 s", "0 s"]
    assert list(faces["Happy"]) == ["100 %", "-"]
    assert figures(visitor)["Usable time"] == "100 %"
    assert "1 of 2 faces was usable for less than 60 % of the time" in words_of(visitor)


def test_where_every_face_is_usable_nothing_is_pointed_out(
    visitor: AppTest, store: SessionStore
) -> None:
    record(store, "both")
    assert "usable for less" not in words_of(open_sessions(visitor))


def test_the_list_names_state_and_usable_time(visitor: AppTest, store: SessionStore) -> None:
    record(store, "done", began_at=NOW - timedelta(hours=2))
    record(store, "lost", began_at=NOW - timedelta(hours=1), ended=False)
    # Its last heartbeat is now, and not when this file was read: half a minute later it would
    # count as cut off.
    forty_seconds_ago = datetime.now(UTC) - timedelta(seconds=40)
    record(store, "going", began_at=forty_seconds_ago, ended=False)
    listed = open_sessions(visitor).dataframe[0].value
    assert list(listed["State"]) == ["Running", "Interrupted", "Complete"]
    assert list(listed["Usable"]) == ["90 %"] * 3


def test_list_and_view_say_who_read_the_faces(visitor: AppTest, store: SessionStore) -> None:
    for site in AnalysisSite:
        store.begin(make_session(site.value, began_at=NOW))
        seen = replace(make_moment(0.0, make_observation()), eye=site)
        store.append(site.value, [seen], now=NOW)
        store.end(site.value, ended_at=NOW)
    listed = open_sessions(visitor).dataframe[0].value
    assert list(listed["Read by"]) == ["This server", "Visitor's browser"]
    assert "Read by **this server**" in words_of(visitor)


def test_a_damaged_calibration_is_said_and_the_rest_is_shown_and_offered(
    visitor: AppTest, store: SessionStore
) -> None:
    record(store, "one")
    store.set_calibration("one", 1, make_measured())
    with store.transaction("written") as connection:
        connection.execute(update(tables.session_calibrations).values(numbers="{"))
    open_sessions(visitor)
    assert not visitor.exception
    assert "The calibration of face 1 cannot be read" in visitor.warning[0].value
    assert figures(visitor)["Duration"] == "40 s"
    labels = [one.label for one in visitor.get("download_button")]
    assert "All files (ZIP)" in labels


def test_a_picture_shows_its_faces_without_a_rate_or_a_course(
    visitor: AppTest, store: SessionStore
) -> None:
    store.begin(make_session("photo", began_at=NOW, source=SourceKind.PICTURE))
    happy = make_observation(0.0, scores=make_scores(happy=0.8))
    store.append("photo", [make_moment(0.0, happy)], now=NOW)
    store.end("photo", ended_at=NOW)
    open_sessions(visitor)
    assert not visitor.exception
    assert figures(visitor)["Most frequent expression"] == "Happy 100 %"
    assert "Mean FPS" not in words_of(visitor)


def test_another_session_can_be_chosen(visitor: AppTest, store: SessionStore) -> None:
    record(store, "older", began_at=NOW - timedelta(days=1))
    record(store, "newer")
    open_sessions(visitor)
    visitor.session_state["sessions-1-2"] = {"selection": {"rows": [1], "columns": []}}
    visitor.run()
    assert visitor.subheader[0].value == "Sitting older"


def test_one_face_can_be_looked_at_alone(visitor: AppTest, store: SessionStore) -> None:
    record(store, "one")
    open_sessions(visitor)
    visitor.selectbox(key="face-one").select(2).run()
    assert figures(visitor)["Faces"] == "1"
    assert figures(visitor)["Most frequent expression"] == "Happy 100 %"


def test_a_part_can_be_looked_at_alone(visitor: AppTest, store: SessionStore) -> None:
    record(store, "one")
    open_sessions(visitor)
    visitor.select_slider(key="part-one").set_range("0:20", "0:35").run()
    assert figures(visitor)["Most frequent expression"] == "Sad 100 %"
    assert figures(visitor)["Duration"] == "15 s"


def test_changes_of_expression_are_listed(visitor: AppTest, store: SessionStore) -> None:
    record(store, "one")
    changes = table_of(open_sessions(visitor), "From")
    assert changes.to_dict("records") == [
        {"At": "0:18", "Face": "Face 1", "From": "Happy", "To": "Sad"}
    ]
    assert "**Expression changes** (1)" in words_of(visitor)


def test_a_long_table_ends_in_half_a_row_so_that_it_is_seen_to_scroll() -> None:
    whole, longer, longest = (height_of(pd.DataFrame({"At": range(n)})) for n in (11, 12, 400))
    assert longer == longest
    assert longer - whole < whole / 11 / 2


def test_every_row_can_be_read_page_by_page(visitor: AppTest, store: SessionStore) -> None:
    record(store, "one")
    open_sessions(visitor).toggle(key="show-rows").set_value(True).run()
    rows = table_of(visitor, "t_s")
    assert len(rows) == 100
    assert {"t_s", "face_id", "p_happy", "perclos_60s"} <= set(rows.columns)


def test_a_session_can_be_renamed(visitor: AppTest, store: SessionStore) -> None:
    record(store, "one")
    open_sessions(visitor)
    visitor.text_input(key="title-one").set_value("Mock interview, =1+1")
    visitor.button(key="rename-save").click().run()
    assert store.entry("one").session.title == "Mock interview, =1+1"
    assert visitor.subheader[0].value == "Mock interview, =1+1"


def test_a_new_title_is_bounded_as_on_live_and_a_longer_old_one_can_be_edited(
    visitor: AppTest, store: SessionStore
) -> None:
    record(store, "one")
    assert open_sessions(visitor).text_input(key="title-one").max_chars == MAX_TITLE_LENGTH
    store.rename("one", "a" * 200)
    assert open_sessions(visitor).text_input(key="title-one").max_chars == 200


def test_a_session_can_be_deleted(visitor: AppTest, store: SessionStore) -> None:
    record(store, "one")
    record(store, "two", began_at=NOW - timedelta(days=1))
    open_sessions(visitor).button(key="delete-session-one").click().run()
    assert not visitor.exception
    assert [entry.session.id for entry in store.sessions()] == ["two"]
    assert visitor.subheader[0].value == "Sitting two"


def test_a_late_click_deletes_nothing_but_what_was_on_screen(
    visitor: AppTest, store: SessionStore
) -> None:
    record(store, "one")
    record(store, "two", began_at=NOW - timedelta(days=1))
    shown = open_sessions(visitor).button(key="delete-session-one")
    store.delete("one")  # in another tab, or by the first of two clicks
    shown.click().run()
    assert not visitor.exception
    assert [entry.session.id for entry in store.sessions()] == ["two"]


def test_old_sessions_are_offered_for_deletion_and_never_deleted_unasked(
    visitor: AppTest, store: SessionStore
) -> None:
    record(store, "fresh")
    record(store, "stale", began_at=NOW - timedelta(days=400))
    open_sessions(visitor)
    assert len(store.sessions()) == 2
    visitor.button(key="delete-overdue").click().run()
    assert [entry.session.id for entry in store.sessions()] == ["fresh"]


@pytest.mark.parametrize("silent", [timedelta(seconds=1), timedelta(hours=12)])
def test_old_sessions_that_may_still_be_written_are_not_offered_for_deletion(
    visitor: AppTest, store: SessionStore, silent: timedelta
) -> None:
    """A recording that is analysed now began when it was filmed; a laptop may sleep meanwhile."""
    store.begin(make_session("filmed", began_at=NOW - timedelta(days=400)))
    store.append("filmed", [make_moment(1.0)], now=NOW - silent)
    record(store, "stale", began_at=NOW - timedelta(days=400))
    open_sessions(visitor)
    assert "1 of 2 sessions are older" in words_of(visitor)
    visitor.button(key="delete-overdue").click().run()
    assert not visitor.exception
    assert [entry.session.id for entry in store.sessions()] == ["filmed"]


def test_an_old_session_that_was_cut_off_long_ago_is_offered_for_deletion(
    visitor: AppTest, store: SessionStore
) -> None:
    record(store, "torn", began_at=NOW - timedelta(days=400), ended=False)
    open_sessions(visitor).button(key="delete-overdue").click().run()
    assert store.sessions() == []


def test_who_deletes_the_session_of_a_practice_reads_what_becomes_of_its_tries(
    visitor: AppTest, store: SessionStore
) -> None:
    for name in ("one", "two"):
        record(store, name, began_at=NOW - timedelta(days=name == "two"))
    begin_practice(store, make_practice())
    attempt = make_attempt(parts=(part(0.0, 1.0, "two"), part(1.0, 2.0, "two", offset_s=1.0)))
    begin_attempt(store, attempt)
    assert "of a practice" not in words_of(open_sessions(visitor))
    store.delete("one")
    assert "It recorded 1 try of a practice" in words_of(visitor.run())
    visitor.button(key="delete-session-two").click().run()
    assert not visitor.exception
    assert attempt_of(store, attempt.id).parts == ()


def test_nothing_of_deleted_rows_stays_in_the_memory_of_the_server(
    visitor: AppTest, store: SessionStore
) -> None:
    for name in ("one", "two"):
        record(store, name, began_at=NOW - timedelta(days=name == "two"))
    open_sessions(visitor)
    rows = store.entry("one").rows
    assert len(cached.rows_of("one", rows)) == rows
    visitor.button(key="delete-session-one").click().run()
    with pytest.raises(UnknownSession):
        cached.rows_of("one", rows)


def test_old_practices_are_offered_for_deletion_also_without_a_session(
    visitor: AppTest, store: SessionStore
) -> None:
    for name, days in (("old", 181), ("new", 179)):
        begin_practice(store, make_practice(name, began_at=NOW - timedelta(days=days)))
    open_sessions(visitor)
    assert "1 of 2 practices are older" in words_of(visitor)
    assert "180 days" in words_of(visitor)
    visitor.button(key="delete-overdue").click().run()
    assert not visitor.exception
    assert [one.id for one in practices(store)] == ["new"]


def test_old_classes_are_offered_for_deletion_but_none_that_runs(
    visitor: AppTest, store: SessionStore
) -> None:
    rng = np.random.default_rng(0)
    _, running = (
        open_classroom(store, EVERYTHING, now=NOW - timedelta(days=31), rng=rng).classroom
        for _ in range(2)
    )
    joined(store, running.id, now=NOW)
    open_sessions(visitor)
    assert "1 of 2 classes are older" in words_of(visitor)
    assert "Classroom: 30 days" in words_of(visitor)
    visitor.button(key="delete-overdue").click().run()
    assert not visitor.exception
    assert [one.id for one in classrooms(store)] == [running.id]


def test_a_session_without_a_row_says_so(visitor: AppTest, store: SessionStore) -> None:
    store.begin(make_session("empty", began_at=NOW))
    open_sessions(visitor)
    assert not visitor.exception
    assert "No data yet" in words_of(visitor)


def test_an_empty_title_is_refused_with_a_word(visitor: AppTest, store: SessionStore) -> None:
    record(store, "one")
    open_sessions(visitor)
    visitor.text_input(key="title-one").set_value("  ")
    visitor.button(key="rename-save").click().run()
    assert "A session needs a title" in visitor.warning[0].value
    assert store.entry("one").session.title == "Sitting one"


def test_a_session_without_a_face_says_so_instead_of_an_empty_chart(
    visitor: AppTest, store: SessionStore
) -> None:
    store.begin(make_session("one", began_at=NOW))
    store.append("one", [make_moment(at / 10) for at in range(100)], now=NOW)
    store.end("one", ended_at=NOW + timedelta(seconds=10))
    open_sessions(visitor)
    assert not visitor.exception
    assert "No face was detected in this part. There are no scores to draw." in words_of(visitor)
    # What is left is why the time was unusable.
    assert len(visitor.get("plotly_chart")) == 1


@pytest.mark.parametrize(("threshold", "expected"), [(0.9, "not sure"), (0.3, "Happy 61 %")])
def test_a_session_says_what_it_said_when_it_was_recorded(
    visitor: AppTest, store: SessionStore, threshold: float, expected: str
) -> None:
    """Its scores are 0.8; whatever threshold its model has now, or none, changes nothing."""
    record(store, "one", not_sure_below=threshold)
    open_sessions(visitor)
    assert not visitor.exception
    assert expected.lower() in figures(visitor)["Most frequent expression"].lower()


def test_a_session_of_a_model_that_is_gone_says_what_that_means(
    visitor: AppTest, store: SessionStore
) -> None:
    record(store, "one")
    assert "The model small is not installed here" in words_of(open_sessions(visitor))


def test_a_classroom_in_the_eu_sees_no_expression_of_anyone(
    visitor: AppTest, store: SessionStore, installation: Settings
) -> None:
    record(store, "one")
    lesson = UsePolicy(Region.EU_EEA, Purpose.CLASSROOM)
    policy_store.write(installation.data_dir / policy_store.FILE_NAME, lesson)
    open_sessions(visitor)
    assert "5(1)(f)" in visitor.error[0].value
    assert not visitor.metric
    assert not visitor.segmented_control
    assert not visitor.get("plotly_chart")
    assert not visitor.get("download_button")


def test_a_damaged_choice_of_use_shows_no_expression_of_anyone(
    visitor: AppTest, store: SessionStore, installation: Settings
) -> None:
    record(store, "one")
    (installation.data_dir / policy_store.FILE_NAME).write_text("{")
    open_sessions(visitor)
    assert "cannot be read" in visitor.error[0].value
    assert not visitor.metric
    assert not visitor.get("download_button")


def test_a_damaged_database_is_one_sentence_with_advice(
    visitor: AppTest, installation: Settings
) -> None:
    installation.data_dir.mkdir()
    (installation.data_dir / "sessions.db").write_bytes(b"no database at all" * 100)
    open_sessions(visitor)
    assert not visitor.exception
    assert len(visitor.error) == 1
    assert "move it away" in visitor.error[0].value


def test_more_sessions_than_fit_come_in_pages(visitor: AppTest, store: SessionStore) -> None:
    for number in range(10):
        store.begin(make_session(f"s{number}", began_at=NOW - timedelta(hours=number)))
    open_sessions(visitor)
    assert len(visitor.dataframe[0].value) == 8
    visitor.get("pagination")[0].set_value(2).run()
    assert len(visitor.dataframe[0].value) == 2


def test_a_session_that_was_chosen_elsewhere_is_open_whichever_page_lists_it(
    visitor: AppTest, store: SessionStore
) -> None:
    for number in range(10):
        session = make_session(f"s{number}", began_at=NOW - timedelta(hours=number))
        store.begin(replace(session, title=f"Talk {number}"))
    visitor.session_state["slot:chosen_session"] = "s9"
    open_sessions(visitor)
    assert visitor.subheader[0].value == "Talk 9"
    assert visitor.run().subheader[0].value == "Talk 9"
    visitor.get("pagination")[0].set_value(1).run()
    assert visitor.subheader[0].value == "Talk 0"
    visitor.get("pagination")[0].set_value(2).run()
    assert visitor.subheader[0].value == "Talk 8"


def test_a_session_can_be_shown_as_confident_or_stressed(
    visitor: AppTest, store: SessionStore
) -> None:
    record(store, "one")
    open_sessions(visitor)
    visitor.pills(key="show-as-fer7").set_value("confident-stressed").run()
    assert not visitor.exception
    assert figures(visitor)["Most frequent expression"] == "Confident 61 %"
    assert changes_of(visitor) == [("Confident", "Stressed")]
    assert visitor.session_state["slot:shown_as"] == "confident-stressed"


def changes_of(visitor: AppTest) -> list[tuple[str, str]]:
    table = table_of(visitor, "From")
    return list(zip(table["From"], table["To"], strict=True))


def test_a_session_can_be_shown_as_levels_of_expressiveness(
    visitor: AppTest, store: SessionStore
) -> None:
    store.begin(make_session("moved", began_at=NOW))
    still = rounded_blendshapes(np.zeros(52))
    seen = [replace(make_observation(float(at)), blendshapes=still) for at in range(201)]
    store.append("moved", [make_moment(one.time_s, one) for one in seen], now=NOW)
    store.end("moved", ended_at=NOW)
    open_sessions(visitor)
    visitor.pills(key="show-as-fer7").set_value("expressiveness").run()
    assert not visitor.exception
    assert figures(visitor)["Most frequent level"] == "Balanced 70 %"
    assert not visitor.info
    visitor.select_slider(key="part-moved").set_range("1:40", "3:20").run()
    # Its first rows know of the part before it.
    assert figures(visitor)["Most frequent level"] == "Balanced 100 %"


def test_a_trained_model_of_the_levels_is_named_where_movement_is_shown(
    visitor: AppTest, store: SessionStore, installation: Settings, tmp_path: Path
) -> None:
    record(store, "one")
    open_sessions(visitor)
    visitor.pills(key="show-as-fer7").set_value("expressiveness").run()
    assert "A model trained for these classes" not in words_of(visitor)
    weights = tmp_path / "weights"
    weights.write_bytes(b"weights")
    card = replace(make_card("levels"), scheme=EXPRESSIVENESS3, reports=())
    save(installation.models_dir, card, {LITERT_FILE: weights})
    assert "A model trained for these classes is installed: levels." in words_of(visitor.run())


def test_a_session_from_before_movement_was_stored_says_so(
    visitor: AppTest, store: SessionStore
) -> None:
    record(store, "one")
    visitor.session_state["slot:shown_as"] = "expressiveness"
    open_sessions(visitor)
    assert "No facial movement is stored" in visitor.info[0].value
    assert figures(visitor)["Most frequent level"] == "Not sure 100 %"


def test_the_choice_of_what_is_shown_stays_with_the_visitor(
    visitor: AppTest, store: SessionStore
) -> None:
    record(store, "one")
    visitor.session_state["slot:shown_as"] = "confident-stressed"
    open_sessions(visitor)
    assert visitor.pills(key="show-as-fer7").value == "confident-stressed"
    assert figures(visitor)["Most frequent expression"] == "Confident 61 %"


def test_a_session_of_two_classes_shows_them_as_its_own(
    visitor: AppTest, store: SessionStore
) -> None:
    session = replace(
        make_session("two", began_at=NOW), scheme_name=CONFIDENT2.name, labels=CONFIDENT2.labels
    )
    store.begin(session)
    tense = replace(make_observation(), scores=(two := EmotionScores(CONFIDENT2, (0.2, 0.8))))
    store.append("two", [make_moment(0.0, replace(tense, steady=two))], now=NOW)
    store.append("two", [make_moment(1.0, replace(tense, steady=two))], now=NOW)
    open_sessions(visitor)
    assert not visitor.exception
    ways = visitor.pills[0].options
    assert ways == ["Confident or stressed", "Expressiveness level"]
    assert figures(visitor)["Most frequent expression"] == "Stressed 100 %"


def test_the_whole_session_stays_chosen_when_something_else_is_touched(
    visitor: AppTest, store: SessionStore
) -> None:
    record(store, "one")
    open_sessions(visitor)
    assert "Frames analysed **400**" in words_of(visitor)
    visitor.toggle(key="show-rows").set_value(True).run()
    assert "Frames analysed **400**" in words_of(visitor)


@pytest.mark.parametrize("last_s", [10.0, 10.9, 39.9, 59.875, 60.2, 199.7, 250.0, 3605.3, 30000.0])
def test_every_step_of_a_session_has_a_name_of_its_own(last_s: float) -> None:
    """A slider knows its steps by their names: of two alike the first would be taken."""
    names = [name for name, _ in session_view.steps_of(last_s)]
    times = [time_s for _, time_s in session_view.steps_of(last_s)]
    assert len(set(names)) == len(names) > 9
    assert (times[0], times[-1]) == (0.0, last_s)


def test_the_time_range_ends_where_the_duration_says_that_the_session_does() -> None:
    name, time_s = session_view.steps_of(59.9)[-1]
    assert (name, time_s, duration(59.9)) == ("1:00", 59.9, "1 min 00 s")
