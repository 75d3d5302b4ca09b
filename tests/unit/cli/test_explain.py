"""`python -m core explain` and `errors`: told in lines, refused in sentences."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from core.cli import explain
from core.cli.app import app
from core.evaluation.predictions.evaluation_files import VOTES_FILE
from core.settings import Settings
from tests.explanations import (
    answers_about,
    explained_parts,
    make_evaluated,
    put_evaluated,
    put_faces,
)


@pytest.fixture(autouse=True)
def here(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model judged on 84 pictures, every third wrong."""
    monkeypatch.setattr(explain, "settings", lambda: settings)
    answers = answers_about(put_faces(settings, tmp_path), "Training")
    parts = explained_parts(make_evaluated([0, 3], [0, 3]))
    put_evaluated(settings, answers, split="Training", parts=parts)


def said(*typed: str) -> tuple[int, str]:
    found = CliRunner().invoke(app, list(typed))
    return found.exit_code, found.output


def test_errors_are_listed_with_their_intervals() -> None:
    code, words = said("errors", "quick")
    assert code == 0
    first, *pairs = words.splitlines()
    assert first.startswith("Training: 28 misclassified, 33.3 % [24.2, 43.9] (95 % CI); 28 of them")
    assert 0 < len(pairs) <= 10
    assert " predicted as " in pairs[0]
    assert VOTES_FILE not in words


@pytest.mark.parametrize("option", ["--top", "--most"])  # the second is its name until now
def test_as_many_pairs_as_requested_are_listed(option: str) -> None:
    assert len(said("errors", "quick", option, "2")[1].splitlines()) == 3


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (("errors", "nobody"), "nobody has not been evaluated"),
        (("errors", "quick", "--split", "Nowhere"), "has no split 'Nowhere'"),
        (("errors", "quick", "--evaluation", "other"), "has no evaluation 'other'"),
        (("explain", "nobody"), "nobody has not been evaluated"),
        (("explain", "quick", "--perplexity", "1"), "gives no projection"),
    ],
)
def test_missing_predictions_are_reported_in_a_sentence(typed: tuple[str, ...], words: str) -> None:
    code, output = said(*typed)
    assert code == 2
    assert words in output


def test_explaining_ends_with_where_the_model_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, dict]] = []
    monkeypatch.setattr(
        explain, "start_and_follow", lambda kind, plan: asked.append((kind, dict(plan)))
    )
    code, words = said("explain", "quick", "--maps", "0", "--threads", "1")
    assert code == 0
    kind, plan = asked[0]
    assert kind == "explain"
    assert (plan["evaluation"], plan["single_maps"], plan["threads"]) == ("fer2013-one", 0, 1)
    assert "happy (5): brows" in words
    assert "lowers the score by 30 points, a random fifth by 10" in words
