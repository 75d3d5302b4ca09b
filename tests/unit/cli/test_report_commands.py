"""`python -m core report` and `compare`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from core.cli.app import app
from core.settings import Settings
from tests.evaluations_on_disk import make_answers, put_evaluation, some_right
from tests.make import make_card


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An installation with two models that were evaluated."""
    told = {"MIEN_DATA_DIR": str(tmp_path / "data"), "MIEN_MODELS_DIR": str(tmp_path / "models")}
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    for name, share in (("good", 0.8), ("poor", 0.5)):
        right = some_right(600, seed=1, share=share)
        answers = {"PublicTest": make_answers(right), "PrivateTest": make_answers(right)}
        put_evaluation(tmp_path / "models", make_card(name), answers)
    return Settings.from_environment(told)


def typed(*words: str) -> Result:
    """What comes of a command."""
    return CliRunner().invoke(app, list(words))


@pytest.mark.parametrize(
    ("name", "begins"), [("r.html", "\n<!doctype"), ("r.json", "{"), ("r.MD", "# Model card: good")]
)
def test_the_suffix_decides_the_format(
    here: Settings, tmp_path: Path, name: str, begins: str
) -> None:
    done = typed("report", "good", str(tmp_path / name))
    assert done.exit_code == 0, done.output
    written = (tmp_path / name).read_text(encoding="utf-8")
    assert written.lstrip().startswith(begins.strip())
    assert "good on FER2013 (fer2013-one)" in done.output
    if name.endswith("json"):
        assert json.loads(written)["kind"] == "evaluation report"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("report", "good", "r.pdf"), "End its name in"),
        (("report", "good", "no/such/folder/r.html"), "There is no folder"),
        (("report", "none", "r.html"), "There is no model"),
        (("report", "good", "r.html", "--evaluation", "other"), "has no evaluation"),
        (("compare", "good"), "1 models cannot be compared"),
        (("compare", "good", "good"), "with itself"),
        (("compare", "good", "poor", "--split", "Training"), "They share: PrivateTest"),
    ],
)
def test_errors_are_reported_in_a_sentence(
    here: Settings, words: tuple[str, ...], told: str
) -> None:
    done = typed(*words)
    assert done.exit_code == 2
    assert told in done.output
    assert "Traceback" not in done.output


def test_a_comparison_prints_its_verdict_first(here: Settings) -> None:
    done = typed("compare", "poor", "good")
    assert done.exit_code == 0
    first, second = done.output.splitlines()
    assert first.startswith("good is better: +")
    assert "Corrected p" in second
    named = typed("compare", "poor/fer2013-one", "good", "--split", "PublicTest")
    assert named.exit_code == 0
