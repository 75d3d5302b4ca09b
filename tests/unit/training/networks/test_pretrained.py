"""Pretrained weights: found, checked, and where to get them."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from core.cli.app import app
from core.domain.errors import PlanError
from core.training import RECIPES
from core.training.networks import pretrained
from core.training.networks.pretrained import (
    BACKBONES,
    PUBLISHED,
    find_backbone,
    pretrained_file,
    pretrained_note,
    weights_status,
)

NETWORK = "efficientnet"


@pytest.fixture
def models_dir(tmp_path, monkeypatch):
    """A shelf, and a published file of a few bytes whose checksum is known."""
    (tmp_path / BACKBONES).mkdir()
    md5 = hashlib.md5(b"weights", usedforsecurity=False).hexdigest()
    known = {**PUBLISHED, NETWORK: replace(PUBLISHED[NETWORK], md5=md5)}
    monkeypatch.setattr(pretrained, "PUBLISHED", known)
    return tmp_path


def _put(models_dir, content, name=PUBLISHED[NETWORK].file):
    (models_dir / BACKBONES / name).write_bytes(content)


def test_without_weights_the_address_and_the_folder_are_named(models_dir):
    said = []
    assert find_backbone(models_dir, NETWORK, report=said.append) == ""
    for sentence in (*said, weights_status(models_dir, NETWORK)):
        assert PUBLISHED[NETWORK].address in sentence
        assert str(models_dir / BACKBONES) in sentence
    assert pretrained_note(models_dir, NETWORK) == ""


def test_a_whole_file_is_taken_under_the_name_its_authors_gave_it(models_dir):
    _put(models_dir, b"weights")
    sha256 = hashlib.sha256(b"weights").hexdigest()
    said = []
    path = models_dir / BACKBONES / "efficientnetb0_notop.h5"
    assert find_backbone(models_dir, NETWORK, report=said.append) == str(path)
    assert sha256[:12] in said[0]
    assert pretrained_note(models_dir, NETWORK) == (
        f"Initial weights pretrained on ImageNet: efficientnetb0_notop.h5, sha256 {sha256}."
    )


def test_a_damaged_file_is_refused_and_reported(models_dir):
    _put(models_dir, b"weigh")
    with pytest.raises(PlanError, match="not what its authors published") as caught:
        find_backbone(models_dir, NETWORK, report=lambda _: None)
    assert PUBLISHED[NETWORK].address in caught.value.advice
    assert "not what its authors published" in weights_status(models_dir, NETWORK)


def test_weights_of_ones_own_go_first_and_need_no_checksum(models_dir):
    _put(models_dir, b"weights")
    _put(models_dir, b"mine", "efficientnet.weights.h5")
    assert pretrained_file(models_dir, NETWORK).name == "efficientnet.weights.h5"
    assert "from a file that was added here: efficientnet.weights.h5" in pretrained_note(
        models_dir, NETWORK
    )


def test_a_network_without_published_weights_has_no_note(models_dir):
    said = []
    assert find_backbone(models_dir, "two_block", report=said.append) == ""
    assert (said, weights_status(models_dir, "two_block")) == ([], "")


def test_every_recipe_with_published_weights_tunes_them_in_two_phases():
    published = [one for one in RECIPES.values() if one.network in PUBLISHED]
    assert {one.network for one in published} == set(PUBLISHED)
    assert all(0 < one.frozen < 1 and one.tuning_rate < 1 for one in published)
    assert all(one.frozen == 0 for one in RECIPES.values() if one not in published)


def test_the_command_lists_where_to_get_each(models_dir, monkeypatch):
    monkeypatch.setenv("MIEN_MODELS_DIR", str(models_dir))
    _put(models_dir, b"weights")
    told = CliRunner().invoke(app, ["models", "pretrained"])
    assert told.exit_code == 0, told.output
    lines = dict(line.split(": ", 1) for line in told.output.splitlines())
    assert lines[NETWORK].startswith("Pretrained weights: backbones/efficientnetb0_notop.h5")
    assert PUBLISHED["mobilenet_v2"].address in lines["mobilenet_v2"]
