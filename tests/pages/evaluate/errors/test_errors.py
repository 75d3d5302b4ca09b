"""Errors of a model: confused pairs, galleries, filters, doubtful labels apart, one closely."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.datasets.audit.audit_store import Audit, save_audit
from core.datasets.audit.problem import Problem, ProblemKind
from core.domain import UNLABELLED, Dataset
from core.domain.dataset import order_hash
from core.evaluation.predictions.evaluation import Evaluation
from core.evaluation.predictions.evaluation_store import folder_of
from core.models import load_predictor
from core.settings import Settings
from pages.parts.evaluate.pictures import cached
from pages.parts.shell import run_panel
from pages.parts.shell.navigation import EVALUATE_MODEL
from tests.explanations import answers_about, looks_at, put_evaluated, put_faces
from tests.pages.visits import open_at, words_of

FACES = "mien-judged"
SURE, NARROW, UNSURE, DOUBTFUL = (
    "confident errors",
    "low-margin errors",
    "correct, low confidence",
    "likely label errors",
)


@pytest.fixture(autouse=True)
def model(monkeypatch: pytest.MonkeyPatch) -> None:
    """The model on the shelf has no files; it looks at the mouth."""
    monkeypatch.setattr(cached, "load_predictor", lambda *_a, **_n: looks_at())


@pytest.fixture
def dataset(tmp_path: Path, installation: Settings) -> Dataset:
    return put_faces(installation, tmp_path)


@pytest.fixture
def evaluation(installation: Settings, dataset: Dataset) -> Evaluation:
    """84 pictures judged, every third named the class after its own."""
    return put_evaluated(installation, answers_about(dataset, "Training"), split="Training")


def at_errors(visitor: AppTest) -> AppTest:
    visitor.run()
    visitor.session_state["slot:evaluate_section"] = "Errors"
    return open_at(visitor, EVALUATE_MODEL)


def galleries(visitor: AppTest) -> list[str]:
    return [one.body for one in visitor.get("html") if FACES in one.body]


def kinds(visitor: AppTest):
    return next(one for one in visitor.button_group if one.key == "errors-kind")


def test_pairs_and_pictures_are_shown_beside_each_other(
    visitor: AppTest, evaluation: Evaluation
) -> None:
    at_errors(visitor)
    assert not visitor.exception
    assert visitor.metric[0].value == "28"
    assert visitor.metric[1].value == "33.3 %"
    table = visitor.dataframe[0].value
    assert table["Pictures"].sum() == 28
    assert set(table["Label"]) <= {
        "Angry", "Disgust", "Fear", "Happy", "Sad", "Surprise", "Neutral"
    }  # fmt: skip
    assert re.fullmatch(r"[\d.]+ % \[[\d.]+, [\d.]+\]", table["Share of label"][0])
    assert galleries(visitor) == []  # every error is one the model is sure of: likely a label's
    kinds(visitor).set_value(DOUBTFUL).run()
    assert galleries(visitor)[0].count("<figure") == 28
    assert "errors of the model itself" in words_of(visitor)


def test_errors_with_doubtful_labels_can_be_shown_with_the_others(
    visitor: AppTest, evaluation: Evaluation
) -> None:
    at_errors(visitor)
    assert "No picture matches" in words_of(visitor)
    visitor.toggle(key="errors-with-doubtful").set_value(True).run()
    assert galleries(visitor)[0].count("<figure") == 28
    assert "✗" in galleries(visitor)[0]


def test_filters_leave_out_what_was_not_asked_for(visitor: AppTest, evaluation: Evaluation) -> None:
    at_errors(visitor)
    kinds(visitor).set_value(UNSURE).run()
    assert galleries(visitor)[0].count("<figure") == 48  # a page of 56
    visitor.selectbox(key="errors-label").set_value("angry").run()
    shown = galleries(visitor)[0]
    assert 0 < shown.count("<figure") < 48
    assert shown.count("Labelled angry") == 2 * shown.count("<figure")
    visitor.slider(key="errors-confidence").set_value((0, 20)).run()
    assert galleries(visitor) == []


def test_a_condition_says_whether_it_is_harder(visitor: AppTest, evaluation: Evaluation) -> None:
    at_errors(visitor)
    kinds(visitor).set_value(UNSURE).run()
    before = galleries(visitor)[0].count("<figure")
    visitor.selectbox(key="errors-condition").select_index(1).run()
    assert not visitor.exception
    assert "Error rate of the darkest fifth" in words_of(visitor)
    assert galleries(visitor)[0].count("<figure") < before


def test_an_audit_says_whose_labels_are_doubtful(
    visitor: AppTest, installation: Settings, dataset: Dataset, evaluation: Evaluation
) -> None:
    count = len(dataset)
    flagged = np.arange(count) == 3  # a picture of the training split that was named wrong
    label = Problem(
        ProblemKind.LABEL,
        scores=flagged.astype(np.float32),
        flagged=flagged,
        sentence="Looked at.",
        suggested=np.where(flagged, 6, UNLABELLED).astype(np.int64),
    )
    audit = Audit(order_hash(dataset.pictures), "2026-11-21T10:00:00", "other", (label,))
    save_audit(installation.datasets_dir / "faces", audit)
    at_errors(visitor)
    assert "confident learning" in words_of(visitor)
    assert visitor.metric[2].value == "1"
    assert galleries(visitor)[0].count("<figure") == 27
    kinds(visitor).set_value(DOUBTFUL).run()
    assert galleries(visitor)[0].count("<figure") == 1
    assert "the label may be wrong, neutral fits better" in galleries(visitor)[0]


def test_one_picture_is_looked_at_closely_and_its_map_asked_for(
    visitor: AppTest, evaluation: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, dict]] = []
    monkeypatch.setattr(
        run_panel, "start_run", lambda kind, plan: asked.append((kind, plan)) or "r"
    )
    at_errors(visitor)
    visitor.toggle(key="errors-with-doubtful").set_value(True).run()
    chooser = next(one for one in visitor.selectbox if one.label == "Inspect picture")
    chooser.set_value(2).run()
    assert not visitor.exception
    assert any("mien-maps" in one.body for one in visitor.get("html"))
    assert "without the mouth" in words_of(visitor)
    visitor.button(key="explain-wanted").click().run()
    kind, plan = asked[0]
    assert kind == "explain"
    assert (plan["model"], plan["evaluation"]) == ("quick", evaluation.slug)
    assert len(plan["wanted"]) == 1


def test_without_the_pictures_pairs_are_shown_and_how_to_see_the_rest(
    visitor: AppTest, installation: Settings, tmp_path: Path
) -> None:
    made = put_faces(installation, tmp_path)
    put_evaluated(installation, answers_about(made, "Training"), split="Training")
    (tmp_path / "fer2013.csv").unlink()
    at_errors(visitor)
    assert not visitor.exception
    assert visitor.dataframe[0].value["Pictures"].sum() == 28
    assert "are not on this machine" in words_of(visitor)
    assert galleries(visitor) == []


def test_a_model_without_errors_says_so(
    visitor: AppTest, installation: Settings, dataset: Dataset
) -> None:
    answers = answers_about(dataset, "Training", wrong_every=1000)
    answers.logits[0] = np.eye(7)[answers.labels[0]] * 4
    put_evaluated(installation, answers, split="Training")
    at_errors(visitor)
    assert not visitor.exception
    assert "No class was confused" in "\n".join(one.value for one in visitor.success)


def test_damaged_answers_are_told_with_advice(
    visitor: AppTest, installation: Settings, evaluation: Evaluation
) -> None:
    folder = folder_of(installation.models_dir, "quick", evaluation.slug)
    (folder / "answers.npz").write_bytes(b"no archive")
    at_errors(visitor)
    assert not visitor.exception
    assert "damaged" in words_of(visitor)


def test_a_model_whose_file_is_gone_still_has_its_errors(
    visitor: AppTest, evaluation: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cached, "load_predictor", load_predictor)
    at_errors(visitor)
    visitor.toggle(key="errors-with-doubtful").set_value(True).run()
    chooser = next(one for one in visitor.selectbox if one.label == "Inspect picture")
    chooser.set_value(1).run()
    assert not visitor.exception
    assert galleries(visitor)
    assert visitor.error
