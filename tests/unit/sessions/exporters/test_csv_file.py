from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.domain import (
    BLENDSHAPES,
    CONFIDENT2,
    EXPRESSIVENESS3,
    FER7,
    EmotionScores,
    Event,
    EventKind,
    LabelScheme,
    RejectReason,
    Timeline,
    rounded_blendshapes,
)
from core.measures import (
    MEASURES,
    Calibration,
    MeasuresOnly,
    MovementView,
    RestingShape,
    basis_values,
    view_named,
    views_of,
)
from core.measures.calibration import LIVE_BLENDSHAPES
from core.sessions import (
    ShownAs,
    codebook_bytes,
    codebook_rows,
    demo_session,
    read_csv,
)
from core.sessions.exporters.export_session import derive_columns
from tests.exported import csv_bytes, zip_bytes
from tests.make import (
    BEGAN_AT,
    make_mark,
    make_moment,
    make_observation,
    make_scores,
    make_session,
    make_timeline,
)

COLUMNS = (
    *("session_id", "t_utc", "t_s", "frame", "face_id", "det_conf", "usable", "reject_reason"),
    *("brightness", "blur", "face_px", "yaw", "pitch", "roll"),
    *("p_angry", "p_disgust", "p_fear", "p_happy", "p_sad", "p_surprise", "p_neutral"),
    *("top1", "top1_conf", "entropy", "confident", "tension", "expressiveness"),
    *("expressiveness_level", "expressiveness_basis", "facing"),
    *("eyes_open", "perclos_60s", "index", "index_version", "latency_ms", "event"),
    *("seconds", "shown", "stressed"),
    *("s_angry", "s_disgust", "s_fear", "s_happy", "s_sad", "s_surprise", "s_neutral"),
    *("box_left", "box_top", "box_right", "box_bottom", "event_s"),
    *("lip_gap", "label_shown", "eye", "facing_share_10s", "facing_held", "facing_basis"),
    *("lids_closed", "eyes_basis", "blinks_per_min", "blinks_basis"),
    *("smile", "smiling", "smile_basis", "mouth_moving", "lip_gap_sd_3s", "mouth_basis"),
    *("expressiveness_sd", "expressiveness_active", "expressiveness_upper"),
    *("expressiveness_lower", "expressiveness_percentile"),
    *("tension_brow", "tension_press", "tension_roll", "tension_basis"),
    *("confident_1s", "stressed_1s", "confident_basis", "nod", "shake", "nods_basis"),
    *("index_present", "index_facing", "index_eyes_open", "index_expression", "index_basis"),
    *("confusion_candidate", "confusion_basis"),
)
SEVEN = ShownAs(FER7.labels, 0.5)
TWO = view_named(FER7, CONFIDENT2.name)


def _csv(timeline, session=None):
    return csv_bytes(
        session or make_session(), timeline, derive_columns(timeline, not_sure_below=0.5)
    )


def test_expressiveness_has_its_basis_or_the_reason_why_it_is_empty():
    rng = np.random.default_rng(5)
    moments = [
        make_moment(
            at / 4,
            replace(make_observation(at / 4), blendshapes=rounded_blendshapes(rng.random(52))),
        )
        for at in range(4 * 70)
    ]
    table = read_csv(_csv(Timeline.from_frames(FER7, [*moments, make_moment(70.5)])))
    early, late, nobody = table[table.t_s < 6], table[(table.t_s >= 60)][:-1], table.iloc[-1]
    assert early.expressiveness.isna().all()
    assert set(early.expressiveness_level) == {""}
    assert set(early.expressiveness_basis) == {"under 60 % usable"}
    assert set(table[table.t_s.between(6, 59.9)].expressiveness_basis) == {"not calibrated"}
    assert set(late.expressiveness_basis) == {"own baseline"}
    assert late.expressiveness.gt(0).all()
    assert set(late.expressiveness_level) <= set(EXPRESSIVENESS3.labels)
    assert (nobody.expressiveness_basis, nobody.expressiveness_level) == ("", "")
    without = read_csv(_csv(make_timeline(8)))
    assert set(without.expressiveness_basis) == {"no blendshapes stored"}


def _moving_face(seconds):
    """Five rows a second with every number that is stored."""
    rng = np.random.default_rng(5)
    return [
        make_moment(
            at / 5,
            replace(
                make_observation(at / 5),
                blendshapes=rounded_blendshapes(rng.random(52) * 0.5),
                lip_gap=float(rng.random() / 20),
            ),
        )
        for at in range(5 * seconds)
    ]


def test_tension_is_filled_and_says_what_it_is_relative_to():
    timeline = Timeline.from_frames(FER7, [*_moving_face(20), make_moment(20.1)])
    table = read_csv(_csv(timeline))
    assert table.tension[:-1][30:].notna().all()
    parts = table[["tension_brow", "tension_press", "tension_roll"]].mean(axis=1)
    assert table.tension[30:-1].to_numpy() == pytest.approx(parts[30:-1].to_numpy(), abs=1e-5)
    assert set(table.tension_basis[30:-1]) == {"not calibrated"}
    assert set(table.tension_basis[:30]) == {"under 60 % usable"}
    assert table.tension_basis.iloc[-1] == ""


def test_a_calibrated_face_says_so_and_another_does_not():
    rest = tuple(RestingShape(name, 0.25, 0.1) for name in LIVE_BLENDSHAPES)
    timeline = Timeline.from_frames(FER7, _moving_face(20))
    own = Calibration(rest=rest)
    measured = derive_columns(timeline, not_sure_below=0.5, calibrations={1: own})
    table = read_csv(csv_bytes(make_session(), timeline, measured))
    assert set(table.tension_basis[50:]) == set(table.smile_basis[50:]) == {"calibrated"}
    assert set(table.facing_basis[50:]) == {"not calibrated"}
    assert set(table.expressiveness_basis[50:]) == {"own baseline"}
    assert abs(table.tension[50:]).max() < 0.5 < read_csv(_csv(timeline)).tension[50:].min()
    other = derive_columns(timeline, not_sure_below=0.5, calibrations={2: own})
    assert set(other.measures["tension_basis"][50:]) == {"not calibrated"}


def test_levels_of_a_calibrated_face_are_those_of_its_expressiveness_in_every_column():
    rest = tuple(RestingShape(name, 0.25, 0.1) for name in LIVE_BLENDSHAPES)
    timeline = Timeline.from_frames(FER7, _moving_face(20))
    levels = MovementView()
    of_nobody = derive_columns(timeline, not_sure_below=0.0, shown_as=levels)
    own = derive_columns(
        timeline, not_sure_below=0.0, shown_as=levels, calibrations={1: Calibration(rest=rest)}
    )
    known = own.measures["expressiveness_level"] != ""
    assert known.any()
    assert (own.shown[known] == own.measures["expressiveness_level"][known]).all()
    assert (own.shown[known] != of_nobody.shown[known]).any()


def test_what_sessions_of_earlier_versions_lack_is_named_where_a_measure_is_empty():
    table = read_csv(_csv(make_timeline(40)))
    for basis in ("tension_basis", "smile_basis", "expressiveness_basis"):
        assert set(table[basis]) == {"no blendshapes stored"}
    empty = ("tension", "tension_brow", "smile", "mouth_moving", "lip_gap_sd_3s")
    assert table[[*empty]].isna().all(axis=None)
    assert table.perclos_60s.iloc[-1] == 0.0  # the eyes were stored then


def test_too_slow_a_camera_is_the_reason_why_blinks_are_empty():
    timeline = Timeline.from_frames(FER7, _moving_face(70))
    table = read_csv(_csv(timeline))
    assert table.blinks_per_min.isna().all()
    assert set(table.blinks_basis) == {"under 15 rows a second"}


def test_the_codebook_says_what_each_measure_cannot_tell():
    rows = {row[0]: row for row in codebook_rows(FER7, SEVEN)}
    for measure in MEASURES.values():
        for part in measure.parts:
            if part.column:
                assert f"{measure.title}, version {measure.version}" in rows[part.column][3]
    assert MEASURES["tension"].limits in rows["tension"][3]


def test_columns_are_the_session_files_in_their_order():
    assert list(read_csv(_csv(make_timeline())).columns) == list(COLUMNS)


def test_the_codebook_lists_every_value_of_a_basis_with_its_meaning():
    rows = {row[0]: row for row in codebook_rows(FER7, SEVEN)}
    for measure in MEASURES.values():
        if measure.basis_column:
            _, _, values, meaning = rows[measure.basis_column]
            assert values.split(", ") == list(basis_values(measure))
            assert all(f"{text}: {one}" in meaning for text, one in basis_values(measure).items())
    assert rows["blinks_basis"][2] == (
        "calibrated, not calibrated, no blendshapes stored, under 15 rows a second, "
        "under 60 % usable"
    )


def test_the_codebook_explains_every_column_once_and_in_order():
    assert [row[0] for row in codebook_rows(FER7, SEVEN)] == list(COLUMNS)
    table = pd.read_csv(io.BytesIO(codebook_bytes(FER7, SEVEN)), encoding="utf-8-sig")
    assert table["meaning"].notna().all()


THEIRS = LabelScheme("theirs", ("a,", "b"))


@pytest.mark.parametrize("scheme", [FER7, CONFIDENT2, EXPRESSIVENESS3, THEIRS])
def test_the_codebook_explains_the_columns_of_every_model_and_view(scheme):
    scores = EmotionScores(scheme, np.full(len(scheme), 1 / len(scheme)))
    seen = replace(make_observation(), scores=scores, steady=scores)
    timeline = Timeline.from_frames(scheme, [make_moment(0.0, seen)])
    for view in views_of(scheme):
        measured = derive_columns(timeline, not_sure_below=0.1, shown_as=view)
        table = read_csv(csv_bytes(make_session(), timeline, measured), scheme)
        rows = codebook_rows(scheme, measured.shown_as)
        assert [row[0] for row in rows] == list(table.columns)
        empty = {row[0] for row in rows if row[3].startswith("empty: ")}
        two = {"confident", "stressed"}
        assert {name for name in two if table[name].isna().all()} == empty & two
        moved = isinstance(view, MovementView)  # one row says nothing of movement
        assert table["shown"][0] in (("not sure",) if moved else view.scheme.labels)


def test_the_codebook_explains_how_each_summary_figure_is_computed():
    table = pd.read_csv(io.BytesIO(codebook_bytes(FER7, SEVEN)), encoding="utf-8-sig")
    told = {name.removeprefix("Summary: ") for name in table["column"] if "Summary: " in name}
    figures = {
        "Duration",
        "Usable time",
        "Faces",
        "Most frequent expression",
        "Frames analysed",
        "Mean FPS",
    }
    parts = {"Expression shown", "By face", "Unusable time", "Expression changes", "Measures"}
    parts |= {"Marks", "Trend"}
    assert told == figures | parts


def test_a_row_has_the_values_of_its_observation():
    timeline = Timeline.from_frames(
        FER7,
        [
            make_moment(0.0, make_observation(0.0)),
            make_moment(1.5),
            make_moment(2.0, make_observation(2.0, reason=RejectReason.BLURRED)),
        ],
    )
    happy, nobody, blurred = read_csv(_csv(timeline)).to_dict("records")
    assert happy["t_utc"] == "2026-11-21T12:00:00.000+00:00"
    assert (happy["top1"], happy["usable"], happy["reject_reason"]) == ("happy", True, "")
    assert happy["top1_conf"] == happy["p_happy"] == pytest.approx(0.8)
    assert happy["entropy"] == pytest.approx(0.8587, abs=1e-3)
    assert happy["facing"] == 1.0
    assert (nobody["reject_reason"], nobody["top1"], nobody["usable"]) == ("no_face", "", False)
    assert pd.isna(nobody["face_id"])
    assert pd.isna(nobody["p_happy"])
    assert blurred["reject_reason"] == "blurred"
    assert blurred["t_utc"] == "2026-11-21T12:00:02.000+00:00"


def test_the_time_of_day_includes_pauses():
    times = (0.0, 1.0, 2.0, 3.0)
    timeline = Timeline.from_frames(FER7, [make_moment(at) for at in times])
    session = replace(make_session(), pauses=((1.0, 10.0), (3.0, 0.5)))
    table = read_csv(_csv(timeline, session))
    assert list(table["t_s"]) == list(times)
    seconds = [moment[17:23] for moment in table["t_utc"]]
    assert seconds == ["00.000", "11.000", "12.000", "13.500"]


@pytest.mark.parametrize("start", list("=+-@\t"))
def test_no_spreadsheet_runs_a_mark(start):
    words = f"{start}HYPERLINK(1)"
    timeline = Timeline.from_frames(
        FER7, [make_moment(0.0, make_observation())], [make_mark(0.0, words)]
    )
    written = _csv(timeline)
    cell = pd.read_csv(io.BytesIO(written), encoding="utf-8-sig")["event"][0]
    assert cell.startswith("'")
    assert read_csv(written)["event"][0] == words


def test_no_spreadsheet_runs_a_label_of_an_imported_model():
    scheme = LabelScheme("theirs", ("=1+1", "calm"))
    seen = replace(make_observation(), scores=EmotionScores(scheme, (0.8, 0.2)), steady=None)
    written = _csv(Timeline.from_frames(scheme, [make_moment(0.0, seen)]))
    cell = pd.read_csv(io.BytesIO(written), encoding="utf-8-sig")["top1"][0]
    assert cell == "'=1+1"
    assert read_csv(written, scheme)["top1"][0] == "=1+1"
    book = pd.read_csv(io.BytesIO(codebook_bytes(scheme, SEVEN)), encoding="utf-8-sig")
    assert book.set_index("column").loc["top1", "range"] == "'=1+1, calm"


def test_a_model_of_confident_and_stressed_fills_the_column_of_that_name():
    seen = replace(make_observation(), scores=EmotionScores(CONFIDENT2, (0.7, 0.3)), steady=None)
    timeline = Timeline.from_frames(CONFIDENT2, [make_moment(0.0, seen), make_moment(1.0)])
    table = read_csv(_csv(timeline), CONFIDENT2)
    assert table["confident"][0] == table["p_confident"][0] == pytest.approx(0.7)
    assert pd.isna(table["confident"][1])
    assert table["stressed"][0] == pytest.approx(0.3)


def test_a_model_of_seven_fills_confident_and_stressed_by_the_map():
    row = read_csv(_csv(make_timeline())).iloc[0]
    kept = [row[f"p_{label}"] for label in ("happy", "neutral", "fear", "angry", "sad")]
    assert row["confident"] == pytest.approx(sum(kept[:2]) / sum(kept))
    assert row["stressed"] == pytest.approx(sum(kept[2:]) / sum(kept))


def test_the_expression_shown_is_in_the_file_under_every_view():
    sure, unsure = make_scores(happy=0.8), make_scores(happy=0.3, sad=0.25)
    moments = [
        make_moment(0.0, make_observation(0.0, scores=sure)),
        make_moment(0.5, make_observation(0.5, scores=unsure)),
        make_moment(1.0, make_observation(1.0, reason=RejectReason.TOO_DARK)),
        make_moment(5.0),
    ]
    timeline = Timeline.from_frames(FER7, moments)
    table = read_csv(_csv(timeline))
    assert list(table["shown"]) == ["happy", "not sure", "", ""]
    assert list(table["seconds"]) == [0.5, 0.5, 1.0, 0.5]
    assert table["s_happy"][1] == pytest.approx(0.3)
    assert list(table.loc[0, ["box_left", "box_top", "box_right", "box_bottom"]]) == [
        *(100.0, 50.0, 180.0, 130.0)
    ]
    measured = derive_columns(timeline, not_sure_below=0.5, shown_as=TWO)
    two = read_csv(csv_bytes(make_session(), timeline, measured))
    assert list(two["shown"]) == ["confident", "stressed", "", ""]
    assert set(two.columns) - set(table.columns) == {"s_confident", "s_stressed"}


def test_a_file_of_measures_only_names_no_label_and_has_the_measures_and_the_models_scores():
    measured = derive_columns(make_timeline(5), not_sure_below=0.5, shown_as=MeasuresOnly(FER7))
    table = read_csv(csv_bytes(make_session(), make_timeline(5), measured))
    assert set(table["shown"]) == {""}
    assert table["s_happy"].isna().all()
    assert table["facing"].notna().all()
    assert table["p_happy"].notna().all()


BEFORE = (
    "session_id,t_utc,t_s,frame,face_id,det_conf,usable,reject_reason,brightness,blur,face_px,"
    "yaw,pitch,roll,p_angry,p_disgust,p_fear,p_happy,p_sad,p_surprise,p_neutral,top1,top1_conf,"
    "entropy,confident,tension,expressiveness,facing,eyes_open,perclos_60s,index,index_version,"
    "latency_ms,event\n"
    "one,2026-11-21T12:00:00.000+00:00,0.0,0,1,0.9,True,,0.5,120.0,80.0,0.0,0.0,0.0,"
    "0.03,0.03,0.03,0.8,0.03,0.04,0.04,happy,0.8,0.85,,,,1.0,0.9,,,,12.0,'=1+1\n"
    "one,2026-11-21T12:00:00.100+00:00,0.1,1,,,False,no_face,,,,,,,,,,,,,,,,,,,,,,,,,12.0,\n"
)


def test_a_file_of_an_earlier_version_is_read():
    table = read_csv(("\ufeff" + BEFORE).encode())
    assert list(table["event"]) == ["=1+1", ""]
    assert table["p_happy"][0] == 0.8
    assert pd.isna(table["p_happy"][1])
    assert "shown" not in table


def test_the_label_shown_then_is_beside_the_one_of_the_view():
    seen = replace(make_observation(), lip_gap=0.04, shown="=confident")
    timeline = Timeline.from_frames(FER7, [make_moment(0.0, seen), make_moment(0.1)])
    table = read_csv(_csv(timeline))
    assert list(table["label_shown"]) == ["=confident", ""]
    assert table["lip_gap"][0] == 0.04
    assert pd.isna(table["lip_gap"][1])
    assert list(table["eye"]) == ["server", "server"]
    assert table["shown"][0] == "happy"


def test_a_carriage_return_in_a_mark_does_not_split_the_row():
    timeline = Timeline.from_frames(
        FER7, [make_moment(0.0, make_observation())], [make_mark(0.0, "a\rb")]
    )
    assert list(read_csv(_csv(timeline))["event"]) == ["a b"]


def test_an_empty_session_has_a_header_and_no_rows():
    table = read_csv(_csv(Timeline.from_frames(FER7, ())))
    assert list(table.columns) == list(COLUMNS)
    assert len(table) == 0


def test_the_archive_holds_rows_codebook_and_facts():
    shapes = rounded_blendshapes(np.linspace(0, 1, 52))
    moments = [
        make_moment(0.0, replace(make_observation(0.0), blendshapes=shapes)),
        make_moment(0.1, make_observation(0.1)),
    ]
    marks = [make_mark(0.04, "=1+1"), Event(0.06, EventKind.RESUMED, "resumed after 3 s")]
    timeline = Timeline.from_frames(FER7, moments, marks)
    measured = derive_columns(timeline, not_sure_below=0.5)
    packed = zip_bytes(make_session(), timeline, measured, {"model": {"name": "small"}})
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == [
            *("blendshapes.csv", "codebook.csv", "events.csv", "intervals.csv", "seconds.csv"),
            *("session.csv", "session.json"),
        ]
        facts = json.loads(archive.read("session.json"))
        events = pd.read_csv(archive.open("events.csv"), encoding="utf-8-sig")
        moved = pd.read_csv(archive.open("blendshapes.csv"), encoding="utf-8-sig")
    assert events[["t_s", "kind", "words"]].to_dict("records") == [
        {"t_s": 0.04, "kind": "mark", "words": "'=1+1"},
        {"t_s": 0.06, "kind": "resumed", "words": "resumed after 3 s"},
    ]
    assert list(moved.columns) == ["t_s", "frame", "face_id", *BLENDSHAPES]
    assert moved.shape == (1, 55)
    assert np.array_equal(moved.iloc[0, 3:].to_numpy(np.float32), shapes)
    assert facts["model"]["name"] == "small"
    assert facts["began_at"] == BEGAN_AT.isoformat()
    assert facts["shown_as"] == {"labels": list(FER7.labels), "not_sure_below": 0.5}


def test_the_demo_is_the_same_for_equal_generators_and_has_every_kind_of_row():
    one, two = (demo_session(BEGAN_AT, np.random.default_rng(3)) for _ in range(2))
    assert one[0] == two[0]
    timeline = Timeline.from_frames(FER7, one[1])
    again = Timeline.from_frames(FER7, two[1])
    assert np.array_equal(timeline.scores, again.scores, equal_nan=True)
    assert timeline.face_ids == (1, 2)
    assert set(timeline.reason) == {"", "turned_away"}
    assert "synthetic" in one[0].title
