"""Files for Py-Feat, OpenFace's readers, ELAN, BORIS and learning record stores, read back."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from pympi.Elan import Eaf

from core.domain import FER7, HeadPose, Segment, SegmentKind, SourceKind, Timeline
from core.domain.errors import PlanError
from core.sessions.exporters import ExportSource, derive_columns
from tests.exported import exported
from tests.make import BEGAN_AT, make_mark, make_moment, make_observation, make_session

AGREED = replace(make_session(), consent_at=BEGAN_AT)
SEGMENTS = (
    Segment(0.5, 1.5, SegmentKind.QUESTION, "=Why <this>?"),
    Segment(2.0, None, SegmentKind.TASK, ""),
)


@pytest.fixture
def source() -> ExportSource:
    """Three seconds of a face that looks up and to the left, then nobody; two marks at once."""
    seen = replace(make_observation(), pose=HeadPose(yaw=-30.0, pitch=20.0, roll=10.0))
    moments = [
        make_moment(at / 10, replace(seen, time_s=at / 10)) if at < 25 else make_moment(at / 10)
        for at in range(30)
    ]
    marks = [make_mark(1.0, "=1+1"), make_mark(1.0, "again\x07")]
    timeline = Timeline.from_frames(FER7, moments, marks)
    derived = derive_columns(timeline, not_sure_below=0.5)
    return ExportSource(AGREED, timeline, derived, segments=SEGMENTS, people={1: "+Ada"})


def _table(ending: str, *sources: ExportSource) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(exported(ending, *sources)))


def test_py_feat_finds_its_columns(source: ExportSource) -> None:
    table = _table(".fex.csv", source)
    box = ["FaceRectX", "FaceRectY", "FaceRectWidth", "FaceRectHeight", "FaceScore"]
    emotions = ["anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral"]
    landmarks = [f"{axis}_{at}" for axis in "xy" for at in range(68)]
    needed = ["frame", *box, *emotions, *landmarks, "Pitch", "Roll", "Yaw", "input"]
    assert set(needed) <= set(table.columns)
    assert sum("AU" in name for name in table.columns) == 20
    rows = source.timeline.where(source.timeline.face_id == 1)
    assert len(table) == len(rows)
    assert table.happiness.to_numpy() == pytest.approx(rows.scores[:, FER7.index("happy")])
    assert table[emotions].sum(axis=1).to_numpy() == pytest.approx(1.0)
    right = (table.FaceRectX + table.FaceRectWidth).to_numpy()
    assert right == pytest.approx(rows.box[:, 2])
    assert np.degrees(table.Yaw.to_numpy()) == pytest.approx(-30.0, abs=1e-3)
    assert table[[*landmarks, "AU01", "AU12"]].isna().all().all()
    assert set(table.input) == {AGREED.id}


def test_openface_readers_find_columns_and_signs(source: ExportSource) -> None:
    table = _table(".openface.csv", source)
    assert list(table.columns[:5]) == ["frame", "face_id", "timestamp", "confidence", "success"]
    assert len(table) == 30
    first, last = table.iloc[0], table.iloc[-1]
    assert (first.frame, first.face_id, first.success, last.success) == (1, 0, 1, 0)
    assert last.confidence == 0
    assert np.isnan(last.pose_Rx)
    up, to_the_left, clockwise = np.degrees([first.pose_Rx, first.pose_Ry, first.pose_Rz])
    assert (up, to_the_left, clockwise) == pytest.approx((-20.0, 30.0, 10.0), abs=1e-3)
    assert table.filter(regex=r"^AU\d\d_[rc]$").shape[1] == 35
    assert table.filter(regex="^AU|^gaze|^pose_T").isna().all().all()


def test_elan_documents_open_in_pympi(source: ExportSource, tmp_path) -> None:
    path = tmp_path / "session.eaf"
    path.write_bytes(exported(".eaf", source))
    read = Eaf(str(path))
    assert read.adocument["FORMAT"] == "3.0"
    assert read.get_annotation_data_for_tier("question") == [(500, 1500, "=Why <this>?")]
    assert read.get_annotation_data_for_tier("task") == [(2000, 2900, "task")]
    assert read.get_annotation_data_for_tier("shown, face 1, +Ada") == [(0, 2500, "happy")]
    assert read.get_annotation_data_for_tier("marks") == [
        (1000, 1001, "=1+1"),
        (1001, 1002, "again\\x07"),
    ]
    for tier in read.get_tier_names():
        found = sorted(read.get_annotation_data_for_tier(tier))
        assert all(one[0] < one[1] for one in found), tier
        assert all(a[1] <= b[0] for a, b in pairwise(found)), tier


def test_an_elan_document_holds_one_session(source: ExportSource) -> None:
    with pytest.raises(PlanError, match="one session"):
        exported(".eaf", source, source)


def test_boris_finds_its_columns_and_every_start_has_its_stop(source: ExportSource) -> None:
    table = _table(".boris.csv", source)
    assert list(table.columns) == [
        *("Observation id", "Observation date", "Description", "Observation duration"),
        *("Observation type", "Source", "Time offset (s)", "Media duration (s)", "FPS", "Subject"),
        *("Behavior", "Behavioral category", "Behavior type", "Time", "Media file name"),
        *("Image index", "Image file path", "Comment"),
    ]
    assert (table.Time.diff().dropna() >= 0).all()
    states = table[table["Behavior type"] != "POINT"]
    for _, rows in states.groupby(["Subject", "Behavior"], dropna=False):
        assert rows["Behavior type"].tolist() == ["START", "STOP"] * (len(rows) // 2)
    points = table[table["Behavior type"] == "POINT"]
    assert points.Behavior.tolist() == ["'=1+1", "again\x07"]
    happy = table[table.Behavior == "happy"]
    assert happy[["Subject", "Time"]].values.tolist() == [["'+Ada", 0.0], ["'+Ada", 2.5]]
    assert set(table["Observation date"]) == {"2026-11-21 12:00:00"}


def test_boris_is_told_the_file_of_a_recording(source: ExportSource) -> None:
    session = replace(AGREED, source=SourceKind.RECORDING, title="=clip.mp4")
    table = _table(".boris.csv", replace(source, session=session))
    assert set(table["Media file name"]) == {"'=clip.mp4"}
    assert set(table["Observation type"]) == {"Media file(s)"}


def test_statements_say_what_was_done_and_nothing_that_was_measured(source: ExportSource) -> None:
    content = exported(".xapi.json", source)
    statements = json.loads(content)
    verbs = [one["verb"]["id"].rsplit("/", 1)[1] for one in statements]
    assert verbs == ["initialized", "responded", "completed", "terminated"]
    question = statements[1]
    assert question["object"]["definition"]["name"] == {"und": "=Why <this>?"}
    assert question["result"] == {"duration": "PT1.00S"}
    assert question["timestamp"] == "2026-11-21T12:00:01.500+00:00"
    assert {one["actor"]["account"]["name"] for one in statements} == {"+Ada"}
    assert len({one["id"] for one in statements}) == 4
    assert exported(".xapi.json", source) == content
    assert not any(word.encode() in content for word in (*FER7.labels, "index", "facing"))


def test_without_consent_no_statement_is_made(source: ExportSource) -> None:
    silent = replace(source, session=replace(AGREED, consent_at=None))
    with pytest.raises(PlanError, match="no consent is stored"):
        exported(".xapi.json", silent)
    assert json.loads(exported(".xapi.json", silent, source)) == json.loads(
        exported(".xapi.json", source)
    )
