"""Rows for other programs while a session runs."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest
from typer.testing import CliRunner

from core.cli import stream
from core.cli.app import app
from core.cli.stream import follow_rows, running
from core.domain.errors import LabelSchemeMismatch, NotAllowedHere, PlanError, UnknownSession
from core.jobs import terminal
from core.measures import OWN, MovementView
from core.policy import Purpose, Region, UsePolicy
from core.policy import policy_file as policy_store
from core.sessions import SessionStore, read_csv
from core.sessions.exporters.export_session import export_session, rows_since
from tests.make import BEGAN_AT, make_mark, make_moment, make_observation, make_session

NOW = datetime.now(UTC)


@pytest.fixture
def store(settings, monkeypatch):
    monkeypatch.setattr(terminal, "now", lambda: NOW)
    monkeypatch.setattr(stream, "sleep", lambda _: None)
    with SessionStore.open(settings.database_url) as opened:
        yield opened


def moment(second: float):
    return make_moment(second, make_observation(second), make_observation(second, track_id=2))


def objects(lines: str) -> list[dict]:
    return [json.loads(line) for line in lines.splitlines()]


def test_rows_come_as_they_are_stored_each_once_until_the_session_ends(store, settings):
    session = make_session()
    store.begin(session)
    store.append(session.id, [moment(0.0)], now=NOW)
    told, steps = [], iter(("", "more", "nothing", "end"))

    def between(_):
        step = next(steps, "")
        if told and step == "more":
            store.append(session.id, [moment(0.5), make_moment(1.0)], now=NOW)
        if step == "end":
            store.end(session.id, ended_at=BEGAN_AT + timedelta(seconds=1))

    for lines in follow_rows(
        store, session.id, models_dir=settings.models_dir, show_as=OWN, between=between
    ):
        told.append(objects(lines))
    assert [[(row["t_s"], row["face_id"]) for row in part] for part in told] == [
        [(0.0, 1), (0.0, 2)],
        [(0.5, 1), (0.5, 2), (1.0, None)],
    ]


def test_a_session_on_a_machine_that_slept_is_followed_on(store, settings, monkeypatch):
    session = make_session()
    store.begin(session)
    store.append(session.id, [moment(0.0)], now=NOW)
    awake = NOW + timedelta(minutes=10)
    monkeypatch.setattr(terminal, "now", lambda: awake)
    told, looks = [], iter(range(1000))

    def between(_):
        look = next(looks)
        if look == 3:  # a second later its writer speaks again
            store.append(session.id, [moment(0.5)], now=awake)
        if look == 6:
            store.end(session.id, ended_at=awake)

    for lines in follow_rows(
        store, session.id, models_dir=settings.models_dir, show_as=OWN, between=between
    ):
        told += [row["t_s"] for row in objects(lines)]
    assert told == [0.0, 0.0, 0.5, 0.5]


@pytest.mark.parametrize("ahead", [timedelta(hours=-1), timedelta(hours=1)])
def test_a_session_of_a_machine_with_another_clock_is_followed_to_its_end(store, settings, ahead):
    session = make_session()
    store.begin(session)
    store.append(session.id, [moment(0.0)], now=NOW + ahead)
    told, polls = [], iter(range(1000))

    def between(_):
        poll = next(polls)
        if poll % 4 == 0:  # a heartbeat a second
            store.append(session.id, [], now=NOW + ahead + timedelta(seconds=poll / 4))
        if poll == 60:
            store.append(session.id, [moment(0.5)], now=NOW + ahead + timedelta(seconds=15))
            store.end(session.id, ended_at=NOW + ahead + timedelta(seconds=15))

    for lines in follow_rows(
        store, session.id, models_dir=settings.models_dir, show_as=OWN, between=between
    ):
        told += [row["t_s"] for row in objects(lines)]
    assert told == [0.0, 0.0, 0.5, 0.5]


def test_a_session_whose_writer_is_gone_is_not_followed_for_ever(store, settings, monkeypatch):
    session = make_session()
    store.begin(session)
    store.append(session.id, [moment(0.0)], now=NOW)
    monkeypatch.setattr(terminal, "now", lambda: NOW + timedelta(minutes=10))
    told = list(
        follow_rows(
            store, session.id, models_dir=settings.models_dir, show_as=OWN, between=lambda _: None
        )
    )
    assert len(told) == 1


def test_a_row_equals_that_of_the_session_file(store, settings):
    session = make_session()
    store.begin(session)
    moments, marks = [moment(0.0), moment(0.5), make_moment(1.0)], [make_mark(0.25, "=1+1")]
    store.append(session.id, moments, now=NOW, events=marks)
    for shown_as in (OWN, "confident-stressed"):
        lines, _ = rows_since(
            store, session.id, 0, models_dir=settings.models_dir, shown_as=shown_as
        )
        written = export_session(
            store, session.id, models_dir=settings.models_dir, shown_as=shown_as
        )
        table = read_csv(written)
        for row, (_, wanted) in zip(objects(lines), table.iterrows(), strict=True):
            for name, value in row.items():
                if isinstance(value, float):
                    assert value == pytest.approx(wanted[name], abs=1e-6), name
                elif value is None:
                    assert pd.isna(wanted[name]), name
                else:
                    assert value == wanted[name], name
        assert objects(lines)[2]["event"] == "=1+1"
    assert {"s_confident", "s_stressed"} < set(objects(lines)[0])


def test_a_view_that_is_none_or_needs_earlier_rows_is_refused(store, settings):
    store.begin(make_session())
    for name, error in (("moods", LabelSchemeMismatch), (MovementView().name, PlanError)):
        with pytest.raises(error) as refused:
            rows_since(store, make_session().id, 0, models_dir=settings.models_dir, shown_as=name)
        assert refused.value.advice


def test_the_running_session_is_the_default_and_without_one_an_error_is_raised(store):
    with pytest.raises(UnknownSession, match="No session is running"):
        running(store)
    for name, began in (("old", NOW - timedelta(hours=1)), ("now", NOW)):
        store.begin(make_session(name, began_at=began))
    store.end("old", ended_at=NOW)
    assert running(store) == "now"


def test_what_is_forbidden_meanwhile_is_not_printed_any_longer(store, settings, monkeypatch):
    monkeypatch.setattr(stream, "settings", lambda: settings)
    path = policy_store.path_in(settings.data_dir)
    policy_store.write(path, UsePolicy(Region.EU_EEA, Purpose.SELF_PRACTICE))
    session = make_session()
    store.begin(session)
    store.append(session.id, [moment(0.0)], now=NOW)
    rows = follow_rows(
        store,
        session.id,
        models_dir=settings.models_dir,
        show_as=OWN,
        between=stream._allowed,
    )
    assert next(rows)
    policy_store.write(path, UsePolicy(Region.EU_EEA, Purpose.CLASSROOM))
    store.append(session.id, [moment(0.5)], now=NOW)
    with pytest.raises(NotAllowedHere):
        next(rows)


def test_the_command_prints_a_session_that_is_over_and_ends(store, settings, monkeypatch):
    monkeypatch.setattr(stream, "settings", lambda: settings)
    path = policy_store.path_in(settings.data_dir)
    policy_store.write(path, UsePolicy(Region.ELSEWHERE, Purpose.SELF_PRACTICE))
    session = make_session()
    store.begin(session)
    store.append(session.id, [moment(0.0)], now=NOW)
    store.end(session.id, ended_at=NOW)
    told = CliRunner().invoke(app, ["stream", session.id])
    assert told.exit_code == 0, told.output
    assert [row["face_id"] for row in objects(told.output)] == [1, 2]
    assert CliRunner().invoke(app, ["stream", "nobody"]).exit_code == 2
