"""`python -m core use`, in this process."""

from __future__ import annotations

import pytest
import typer
from typer.testing import CliRunner

from core.cli.use import use
from core.policy import Purpose, Region, UsePolicy
from core.policy import policy_file as policy_store


@pytest.fixture
def path(settings, monkeypatch):
    monkeypatch.setenv("MIEN_DATA_DIR", str(settings.data_dir))
    return settings.data_dir / policy_store.FILE_NAME


def _typed(*words):
    app = typer.Typer()
    app.command()(use)
    done = CliRunner().invoke(app, list(words))
    return done.exit_code, done.stdout, done.stderr


def test_region_and_purpose_have_no_default(path):
    assert _typed() == (
        0,
        "Region and purpose are not set. Set them with --region and --purpose.\n",
        "",
    )
    assert not path.exists()


def test_a_choice_is_stored_and_printed_with_the_notice(path):
    code, told, _ = _typed("--region", "eu-eea", "--purpose", "research")
    policy = UsePolicy(Region.EU_EEA, Purpose.RESEARCH)
    assert code == 0
    assert policy_store.read(path) == policy
    assert told.startswith("eu-eea, research: expressions are shown.")
    assert all(sentence in told for sentence in policy.notice)
    assert _typed() == (0, told, "")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--region", "mars", "--purpose", "research"), "There is no region 'mars'"),
        (("--region", "elsewhere", "--purpose", "fun"), "There is no purpose 'fun'"),
        (("--region", "elsewhere"), "must be set together"),
    ],
)
def test_nonsense_is_one_sentence_and_changes_nothing(path, words, said):
    code, _, told = _typed(*words)
    assert (code, said in told) == (2, True)
    assert not path.exists()
