"""A session as files."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import numpy as np

from core.exporting import measured_of
from core.sessions import csv_bytes, zip_bytes
from core.vocabulary import FER7, Timeline
from tests.make import make_card, make_moment, make_observation, make_session, make_timeline


def test_measured_columns_belong_to_their_faces() -> None:
    moments = [
        make_moment(at / 10, make_observation(at / 10), make_observation(at / 10, track_id=2))
        if at % 2
        else make_moment(at / 10)
        for at in range(400)
    ]
    timeline = Timeline.from_moments(FER7, moments)
    measured = measured_of(timeline, not_sure_below=0.5)
    nobody = timeline.face_id == 0
    assert np.isnan(measured.facing[nobody]).all()
    assert (measured.facing[~nobody] == 1).all()
    assert np.isnan(measured.perclos_60s[nobody]).all()
    assert measured.perclos_60s[~nobody][-1] == 0


def test_the_csv_has_a_row_for_each_moment_and_its_measures() -> None:
    timeline = make_timeline(30)
    measured = measured_of(timeline, not_sure_below=0.5)
    content = csv_bytes(make_session(), timeline, measured).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))
    assert len(rows) == len(timeline)
    assert {float(row["facing"]) for row in rows} == {1.0}
    assert rows[0]["perclos_60s"] == ""
    assert float(rows[-1]["perclos_60s"]) == 0


def test_the_archive_holds_data_codebook_and_the_model_card() -> None:
    timeline = make_timeline(3)
    measured = measured_of(timeline, not_sure_below=0.5)
    about = {"model": make_card("small").to_json()}
    with zipfile.ZipFile(io.BytesIO(zip_bytes(make_session(), timeline, measured, about))) as files:
        assert sorted(files.namelist()) == ["codebook.csv", "session.csv", "session.json"]
        assert json.loads(files.read("session.json"))["model"]["name"] == "small"
