"""The command `validate` as a person types it."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from typer.testing import CliRunner

from core.cli.app import app
from core.policy import Purpose, Region, UsePolicy
from core.policy import policy_file as policy_store
from core.settings import PROJECT_DIR
from tests.clips import write_coded_video, write_face_video
from tests.face_clip import draw_face


@pytest.fixture
def here(tmp_path, assets_dir):
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    (data_dir / "assets").symlink_to(assets_dir, target_is_directory=True)
    policy = UsePolicy(Region.ELSEWHERE, Purpose.RESEARCH)
    policy_store.write(data_dir / policy_store.FILE_NAME, policy)
    return {"MIEN_DATA_DIR": str(data_dir), "MIEN_MODELS_DIR": str(PROJECT_DIR / "models")}


@pytest.fixture
def typed(here):
    return lambda *words: CliRunner().invoke(app, ["validate", *map(str, words)], env=here)


@pytest.fixture
def table(tmp_path):
    lines = ["file;person;calm"]
    for number in range(3):
        write_face_video(tmp_path / f"clip{number}.mp4", frames=36 + number)
        lines.append(f"clip{number}.mp4;ann;{number},5")
    (tmp_path / "broken.mp4").write_bytes(b"no video")
    path = tmp_path / "ratings.csv"
    path.write_text("\n".join([*lines, "broken.mp4;bob;1"]), encoding="utf-8-sig")
    return path


def test_real_clips_are_analysed_once_and_too_few_say_so(typed, table, tmp_path):
    out = tmp_path / "made here" / "report"
    done = typed(table, out)
    assert done.exit_code == 0, done.output
    assert "ratings.csv: 4 clips of 2 persons." in done.output
    assert "1 of 4 clips: clip0.mp4, 100 % usable" in done.output
    assert "broken.mp4 is left out. broken.mp4 is not a readable video" in done.output
    assert "3 of 4 clips used, by 1 of 2 persons; mean usable time 100 %." in done.output
    assert "too few to say" in done.output
    written = json.loads((out / "validation.json").read_text(encoding="utf-8"))
    (found,) = written["findings"]
    assert {one["ranks"] for one in found["relations"]} == {None}
    assert len(list((out / "clips").iterdir())) == 3
    for clip in (out / "clips").iterdir():
        figures = json.loads(clip.read_text(encoding="utf-8"))
        assert figures["faces"] == 1
        assert figures["values"]["facing_share"] == 1.0
        assert np.isfinite(figures["values"]["tension"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nowhere.csv", "out"), "There is no"),
        (("ratings.csv", "broken.mp4"), "is a file. Give the name of a folder."),
        (("ratings.csv", "out", "--every-s", "-1"), "The sampling interval is 0 s or longer."),
        (("ratings.csv", "out", "--every-s", "nan"), "The sampling interval is 0 s or longer."),
        (("ratings.csv", "out", "--model", "none"), "none"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(typed, table, tmp_path, words, said):
    paths = [str(tmp_path / one) if "." in one or one == "out" else one for one in words]
    done = typed(*paths)
    assert done.exit_code == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_it_is_refused_where_expressions_may_not_be_read(typed, table, tmp_path):
    classroom = UsePolicy(Region.EU_EEA, Purpose.CLASSROOM)
    policy_store.write(tmp_path / "data" / policy_store.FILE_NAME, classroom)
    done = typed(table, tmp_path / "out")
    assert done.exit_code == 2
    assert "prohibited" in done.stderr
    assert not (tmp_path / "out").exists()


def test_people_of_ubfc_phys_are_read_from_their_folders(typed, tmp_path):
    person = tmp_path / "UBFC-Phys" / "s1"
    person.mkdir(parents=True)
    faces = [draw_face(smile=1.0, shift_px=number) for number in range(12)]
    for task in ("T1", "T2", "T3"):
        write_coded_video(person / f"vid_s1_{task}.avi", faces, codec="mjpeg", pixels="yuvj420p")
    done = typed(tmp_path / "UBFC-Phys", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert "UBFC-Phys: 3 clips of 1 person." in done.output
    assert "3 of 3 clips used" in done.output
    assert "The reported anxiety of s1 is left out" in done.output
    assert "task (0 rest, 1 speech or arithmetic). One value per clip." in done.output


def test_recruitview_is_used_by_those_who_accept_its_terms(typed, tmp_path):
    folder = tmp_path / "recruitview"
    (folder / "videos").mkdir(parents=True)
    write_face_video(folder / "videos" / "vid_0001.mp4", frames=12)
    record = {"id": "1", "file_name": "videos/vid_0001.mp4", "user_no": "4"}
    record |= {"facial_expression": 0.5, "interview_score": 1.0}
    (folder / "metadata.jsonl").write_text(json.dumps(record), encoding="utf-8")
    refused = typed(folder, tmp_path / "out")
    assert refused.exit_code == 2
    assert "non-commercial use only" in refused.stderr
    assert "--accept-licence" in refused.stderr
    assert not (tmp_path / "out").exists()
    done = typed(folder, tmp_path / "out", "--accept-licence")
    assert done.exit_code == 0, done.output
    assert "interview_score. One value per clip." in done.output


def test_a_command_that_is_killed_goes_on_with_the_clips_that_are_missing(here, table, tmp_path):
    out = tmp_path / "out"
    words = [sys.executable, "-m", "core", "validate", str(table), str(out)]
    process = subprocess.Popen(
        words, cwd=PROJECT_DIR, env={**os.environ, **here}, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    lines = iter(process.stdout.readline, "")
    assert any(line.startswith("1 of 4 clips: clip0.mp4") for line in lines)
    process.kill()
    process.wait()
    process.stdout.close()
    kept = {one: one.stat().st_mtime_ns for one in (out / "clips").iterdir()}
    assert kept
    assert not (out / "validation.json").exists()
    done = CliRunner().invoke(app, ["validate", str(table), str(out)], env=here)
    assert done.exit_code == 0, done.output
    assert "3 of 4 clips used" in done.output
    assert {one: one.stat().st_mtime_ns for one in kept} == kept
