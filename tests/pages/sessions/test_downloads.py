"""A session as files."""

from __future__ import annotations

import csv
import io
import json
import sys
import zipfile
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from core.domain import CONFIDENT2, FER7, Timeline
from core.measures import OWN, view_named
from core.sessions import MeasuredCalibration, ShownAs
from core.sessions.exporters import ExportSource, derive_columns, source_of
from pages.parts.sessions import downloads, session_view
from tests.exported import csv_bytes, zip_bytes
from tests.faces_in_time import OWN as OWN_VALUES
from tests.faces_in_time import face_with, seconds
from tests.make import (
    BEGAN_AT,
    make_card,
    make_moment,
    make_observation,
    make_session,
    make_timeline,
)


def test_measured_columns_belong_to_their_faces() -> None:
    moments = [
        make_moment(at / 10, make_observation(at / 10), make_observation(at / 10, track_id=2))
        if at % 4
        else make_moment(at / 10)
        for at in range(600)
    ]
    timeline = Timeline.from_frames(FER7, moments)
    measured = derive_columns(timeline, not_sure_below=0.5)
    nobody = timeline.face_id == 0
    facing, closed = measured.measures["facing"], measured.measures["perclos_60s"]
    assert np.isnan(facing[nobody]).all()
    assert (facing[~nobody] == 1).all()
    assert np.isnan(closed[nobody]).all()
    assert closed[~nobody][-1] == 0
    assert set(measured.measures["eyes_basis"][nobody]) == {""}


def test_the_csv_has_a_row_for_each_moment_and_its_measures() -> None:
    timeline = make_timeline(40)
    measured = derive_columns(timeline, not_sure_below=0.5)
    content = csv_bytes(make_session(), timeline, measured).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))
    assert len(rows) == len(timeline)
    assert {float(row["facing"]) for row in rows} == {1.0}
    assert rows[0]["perclos_60s"] == ""
    assert float(rows[-1]["perclos_60s"]) == 0


def test_the_archive_holds_data_codebook_and_the_model_card() -> None:
    timeline = make_timeline(3)
    measured = derive_columns(timeline, not_sure_below=0.5)
    about = {"model": make_card("small").to_json()}
    with zipfile.ZipFile(io.BytesIO(zip_bytes(make_session(), timeline, measured, about))) as files:
        assert sorted(files.namelist()) == [
            *("blendshapes.csv", "codebook.csv", "events.csv", "intervals.csv", "seconds.csv"),
            *("session.csv", "session.json"),
        ]
        assert json.loads(files.read("session.json"))["model"]["name"] == "small"


@pytest.mark.parametrize("name", [OWN, CONFIDENT2.name])
def test_downloaded_files_hold_what_is_shown(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    offered: dict[str, Any] = {}
    monkeypatch.setattr(
        downloads.st, "download_button", lambda _, made, *, key, **__: offered.update({key: made})
    )
    timeline = make_timeline(30)
    view = view_named(timeline.scheme, name)
    downloads.draw_downloads(
        make_session(),
        timeline.scheme,
        lambda: ExportSource(
            make_session(),
            timeline,
            derive_columns(timeline, not_sure_below=0.1, shown_as=view),
        ),
        shown_as=ShownAs(view.scheme.labels, 0.1),
    )
    content = offered["download-csv"]()
    shown = {row["shown"] for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig")))}
    assert shown <= set(view.scheme.labels)
    with zipfile.ZipFile(io.BytesIO(offered["download-zip"]())) as files:
        assert files.read("session.csv") == content
    told = offered["download-codebook"]().decode("utf-8-sig")
    assert all(f"s_{label}" in told for label in view.scheme.labels)


def test_downloaded_files_are_measured_by_the_stored_calibrations(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    offered: dict[str, Any] = {}
    monkeypatch.setattr(
        downloads.st, "download_button", lambda _, made, *, key, **__: offered.update({key: made})
    )
    timeline = face_with(seconds(15))
    stored = {1: MeasuredCalibration(OWN_VALUES, BEGAN_AT)}
    cached = session_view.sessions_cached
    monkeypatch.setattr(cached, "rows_of", lambda *_: timeline)
    monkeypatch.setattr(cached, "store", lambda: SimpleNamespace(calibrations=lambda _: stored))
    export_session = sys.modules[source_of.__module__]
    monkeypatch.setattr(export_session, "segments_of", lambda *_: ())
    monkeypatch.setattr(export_session, "people_of", lambda *_: {})
    monkeypatch.setattr(cached, "whole_session", lambda _: SimpleNamespace(not_sure_below=0.5))
    monkeypatch.setattr(session_view, "_card_of", lambda _: None)
    monkeypatch.setattr(export_session, "unreadable_calibrations", lambda *_: ())
    entry: Any = SimpleNamespace(session=make_session(), rows=len(timeline))
    session_view.draw_downloads(entry, view_named(FER7, OWN))
    with zipfile.ZipFile(io.BytesIO(offered["download-zip"]())) as files:
        last = [*csv.DictReader(io.StringIO(files.read("session.csv").decode("utf-8-sig")))][-1]
        facts = json.loads(files.read("session.json"))
    assert (last["tension_basis"], last["eyes_basis"]) == ("calibrated", "under 60 % usable")
    assert float(last["tension"]) == pytest.approx(0.0, abs=1e-5)
    assert [one["face_id"] for one in facts["calibrations"]] == [1]
