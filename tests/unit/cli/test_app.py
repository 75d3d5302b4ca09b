"""`python -m core` as a person types it."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import version

import cv2
import numpy as np
import pandas as pd
import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from core.cli import installation
from core.cli.app import app
from core.sessions import SessionStore, demo_session, read_csv
from core.settings import PROJECT_DIR, Settings
from core.storage import tables
from core.system_check.app_checks import CheckResult
from tests.calibrating import make_measured
from tests.clips import write_face_video
from tests.commands import type_in
from tests.face_clip import draw_face
from tests.make import BEGAN_AT, make_moment, make_observation, make_session
from tests.shelves import put_model


@pytest.fixture
def here(tmp_path, assets_dir):
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    (data_dir / "assets").symlink_to(assets_dir, target_is_directory=True)
    return {"MIEN_DATA_DIR": str(data_dir), "MIEN_MODELS_DIR": str(PROJECT_DIR / "models")}


def _environment(here):
    return {**os.environ, **here, "NO_COLOR": "1", "COLUMNS": "200"}


def _type_from_nothing(here, *words):
    return subprocess.run(
        [sys.executable, "-m", "core", *words],
        cwd=PROJECT_DIR,
        env=_environment(here),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


@pytest.fixture
def typed(here, tmp_path):
    """Type a command in a process of its own that has imported all commands."""
    return lambda *words: type_in(tmp_path, _environment(here), *words)


@pytest.fixture
def doctor(here, monkeypatch):
    """Ask the doctor with another shelf, in this process; TensorFlow stays asleep."""
    monkeypatch.setattr(
        installation, "check_tensorflow", lambda: CheckResult("TensorFlow", True, "")
    )

    def asked(shelf):
        return CliRunner().invoke(app, ["doctor"], env={**here, "MIEN_MODELS_DIR": str(shelf)})

    return asked


@pytest.fixture
def demo(here):
    session, moments = demo_session(BEGAN_AT, np.random.default_rng(1))
    with SessionStore.open(Settings.from_environment(here).database_url) as store:
        store.begin(session)
        store.append(session.id, moments, now=BEGAN_AT)
    return session


def test_help_lists_every_verb(here):
    done = _type_from_nothing(here, "--help")
    assert done.returncode == 0
    for verb in (
        "assets",
        "use",
        "train",
        "analyse",
        "sessions",
        "export",
        "models",
        "doctor",
        "runs",
    ):
        assert verb in done.stdout


def test_a_clip_becomes_a_session_and_a_csv(typed, tmp_path):
    clip = write_face_video(tmp_path / "clip.mp4", frames=30)
    refused = typed("analyse", str(clip))
    assert refused.returncode == 2
    assert "Region and purpose are not set" in refused.stderr
    typed("use", "--region", "elsewhere", "--purpose", "self-practice")
    done = typed("analyse", str(clip), "--csv", str(tmp_path / "rows.csv"), "--title", "Me")
    assert done.returncode == 0, done.stderr
    assert "30 rows" in done.stdout
    assert len(read_csv((tmp_path / "rows.csv").read_bytes())) == 30
    assert "30 rows  this server            Me" in typed("sessions").stdout
    assert "completed" in typed("runs", "list").stdout


def test_the_videos_of_a_folder_and_a_picture_become_one_table(typed, tmp_path):
    (tmp_path / "day").mkdir()
    for name in ("a", "b"):
        write_face_video(tmp_path / "day" / f"{name}.mp4", frames=10)
    _, photo = cv2.imencode(".png", draw_face()[..., ::-1])
    (tmp_path / "photo.png").write_bytes(photo.tobytes())
    typed("use", "--region", "elsewhere", "--purpose", "self-practice")
    given = [str(tmp_path / "day"), str(tmp_path / "photo.png")]
    done = typed("analyse", *given, "--to-s", "0.2", "--csv", str(tmp_path / "all.csv"))
    assert done.returncode == 0, done.stderr
    for words in ("6 rows of a.mp4", "6 rows of b.mp4", "1 row of photo.png"):
        assert words in done.stdout
    table = read_csv((tmp_path / "all.csv").read_bytes())
    assert table.groupby("session_id", sort=False).size().tolist() == [6, 6, 1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("analyse", "nothing.mp4"), "There is no file"),
        (("analyse", "a.mp4", "--title", "x" * 81), "A title of 81 characters is too long"),
        (("export", "nobody", "out.csv"), "There is no session 'nobody'"),
        (("train", "--recipe", "magic", "--data", "."), "There is no recipe 'magic'"),
        (("train", "--recipe", "two-block", "--data", "nowhere"), "There is nothing at"),
        (("train", "--recipe", "two-block", "--data", "x" * 3000), "There is nothing at"),
        (("faces", "x" * 3000, "--name", "some"), "There is nothing at"),
        (("analyse", "a.mp4", "--csv", "nowhere/a.csv"), "There is no folder nowhere"),
        (("export", "nobody", "nowhere/a.csv"), "There is no folder nowhere"),
        (("convert", "compact-1", "--to", "onnx", "--zip", "nowhere/a.zip"), "no folder nowhere"),
        (("runs", "cancel", "nobody"), "There is no run 'nobody'"),
        (("runs", "resume", "nobody"), "There is no run 'nobody'"),
    ],
)
def test_a_mistake_is_one_sentence_and_no_traceback(typed, words, said):
    done = typed(*words)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_broken_clip_is_reported_and_leaves_no_session(typed, tmp_path):
    (tmp_path / "broken.mp4").write_bytes(b"")
    typed("use", "--region", "elsewhere", "--purpose", "self-practice")
    done = typed("analyse", str(tmp_path / "broken.mp4"))
    assert done.returncode == 2
    assert "broken.mp4 is not a readable video" in done.stderr
    assert typed("sessions").stdout == ""


@pytest.mark.parametrize(
    ("name", "start"),
    [("out.csv", b"\xef\xbb\xbfsession_id"), ("o.zip", b"PK"), ("OUT.ZIP", b"PK")],
)
def test_a_session_is_exported_by_its_ending(typed, demo, tmp_path, name, start):
    done = typed("export", demo.id, str(tmp_path / name))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / name).read_bytes().startswith(start)


def test_sessions_leave_in_one_file_without_identifiers_and_a_recorded_one_needs_a_purpose(
    typed, here, demo, tmp_path
):
    with SessionStore.open(Settings.from_environment(here).database_url) as store:
        store.begin(make_session("mine"))
        store.append("mine", [make_moment(0.0, make_observation())], now=BEGAN_AT)
    out = tmp_path / "all.seconds.csv"
    words = ("export", demo.id, "mine", str(out), "--bin-s", "30", "--without-identifiers")
    refused = typed(*words)
    assert refused.returncode == 2
    assert "Region and purpose are not set" in refused.stderr
    assert not out.exists()
    typed("use", "--region", "elsewhere", "--purpose", "self-practice")
    assert typed(*words).returncode == 0
    table = pd.read_csv(out)
    assert set(table["session_id"]) == {"session 1", "session 2"}
    assert table["t_utc"].isna().all()
    assert set(table["t_s"]) == {0.0, 30.0, 60.0}
    assert typed(*words[:-3], "--bin-s", "0").returncode == 2


def test_a_session_that_left_comes_back_where_it_is_not_known(typed, here, demo, tmp_path):
    out = str(tmp_path / "one.parquet")
    assert typed("export", demo.id, out).returncode == 0
    typed("use", "--region", "elsewhere", "--purpose", "self-practice")
    known = typed("import-sessions", out)
    assert known.returncode == 2
    assert f"The session {demo.id} is here already" in known.stderr
    with SessionStore.open(Settings.from_environment(here).database_url) as store:
        rows = store.entry(demo.id).rows
        store.delete(demo.id)
    done = typed("import-sessions", out)
    assert done.returncode == 0, done.stderr
    assert f"{demo.id}: {rows:,} rows" in done.stdout


def test_a_damaged_calibration_is_one_sentence_beside_the_exported_session(
    typed, here, demo, tmp_path
):
    with SessionStore.open(Settings.from_environment(here).database_url) as store:
        store.set_calibration(demo.id, 1, make_measured())
        with store.transaction("written") as connection:
            connection.execute(update(tables.session_calibrations).values(numbers="{"))
    done = typed("export", demo.id, str(tmp_path / "out.csv"))
    assert done.returncode == 0, done.stderr
    assert "The calibration of face 1 cannot be read" in done.stderr
    assert len(read_csv((tmp_path / "out.csv").read_bytes())) > 900


def test_rows_that_cannot_be_read_do_not_end_the_list_of_sessions(typed, here, demo):
    with SessionStore.open(Settings.from_environment(here).database_url) as store:
        store.begin(make_session("a"))
        store.append("a", [make_moment(0.0, make_observation())], now=BEGAN_AT)
        with store.transaction("written") as connection:
            connection.execute(update(tables.row_blocks).values(content=b"x"))
    lines = typed("sessions").stdout.splitlines()
    readers = {line.split()[0]: line for line in lines}
    assert "unreadable rows" in readers["a"]
    assert "nobody" in readers[demo.id]


def test_a_session_is_not_exported_as_something_else_than_its_name_says(typed, demo, tmp_path):
    done = typed("export", demo.id, str(tmp_path / "out.sav"))
    assert done.returncode == 2
    assert "No session can be written as out.sav. End its name in .csv, .zip" in done.stderr
    assert not (tmp_path / "out.sav").exists()


def test_the_doctor_says_what_is_missing(here, doctor, tmp_path):
    done = _type_from_nothing(here, "doctor", "--versions")
    assert done.returncode == 0
    parts, _, versions = done.stdout.partition("Versions: ")
    assert [line[5:].split(":")[0] for line in parts.splitlines()] == [
        *(
            "Expression model",
            "Face landmarker",
            "Session store",
            "Reading on the visitor's device",
        ),
        *("Python", "Packages", "Packages for training", "Disk", "Memory", "Port"),
        *("Models", "TensorFlow"),
    ]
    assert f"streamlit {version('streamlit')}" in versions
    done = doctor(tmp_path / "none")
    assert done.exit_code == 1
    assert "NOT  Models: There is no model in none/." in done.stdout


def test_the_doctor_names_a_broken_model_beside_those_that_work(doctor, tmp_path):
    put_model(tmp_path / "shelf", "able-otter")
    (put_model(tmp_path / "shelf", "bad-otter") / "model.tflite").unlink()
    done = doctor(tmp_path / "shelf")
    assert done.exit_code == 1
    assert "NOT  Models: 1 of 2 models works." in done.stdout
    assert "NOT  bad-otter: bad-otter lacks its file model.tflite. Restore" in done.stdout
    assert "able-otter:" not in done.stdout


def test_models_are_listed_with_their_figures(typed):
    assert "PrivateTest" in typed("models").stdout
