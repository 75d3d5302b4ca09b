"""Where a model looks: each class, one picture, a person's own picture, all pictures on a plane."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.datasets.report.pictures import png
from core.domain import Dataset, Finished, RunStatus, Started
from core.evaluation.explain.occlusion import DEFAULT_PATCH
from core.evaluation.explain.plan import ExplainPlan
from core.evaluation.explain.saliency import SALIENCY_FILE
from core.evaluation.predictions.evaluation import Evaluation
from core.evaluation.predictions.evaluation_store import folder_of
from core.evaluation.scorecard.errors import evaluated_pictures
from core.jobs import Journal
from core.jobs.run_folder.folder import create
from core.policy import Purpose, Region, UsePolicy
from core.policy import policy_file as policy_store
from core.settings import Settings
from pages.parts.evaluate.explain import embedding
from pages.parts.evaluate.pictures import cached
from pages.parts.shell import run_panel
from pages.parts.shell.navigation import EVALUATE_MODEL
from tests.explanations import (
    answers_about,
    explained_parts,
    looks_at,
    put_evaluated,
    put_faces,
)
from tests.face_clip import draw_face
from tests.make import make_photo
from tests.pages.visits import open_at, words_of

MAPS, FACES = "mien-maps", "mien-judged"


@pytest.fixture(autouse=True)
def model(monkeypatch: pytest.MonkeyPatch) -> None:
    """The model on the shelf has no files; it looks at the mouth."""
    monkeypatch.setattr(cached, "load_predictor", lambda *_a, **_n: looks_at())


@pytest.fixture
def dataset(tmp_path: Path, installation: Settings) -> Dataset:
    return put_faces(installation, tmp_path)


@pytest.fixture
def finders(installation: Settings, assets_dir: Path) -> None:
    """The files that find faces."""
    installation.assets_dir.parent.mkdir(parents=True, exist_ok=True)
    installation.assets_dir.symlink_to(assets_dir, target_is_directory=True)


@pytest.fixture
def judged_only(installation: Settings, dataset: Dataset) -> Evaluation:
    """84 pictures judged, and nothing explained."""
    return put_evaluated(installation, answers_about(dataset, "Training"), split="Training")


@pytest.fixture
def explained(installation: Settings, dataset: Dataset) -> Evaluation:
    """The same with maps and a plane."""
    answers = answers_about(dataset, "Training")
    parts = explained_parts(evaluated_pictures(answers, temperature=1.0))
    return put_evaluated(installation, answers, split="Training", parts=parts)


def at_looks(visitor: AppTest, part: str = "Each class") -> AppTest:
    visitor.run()
    visitor.session_state["slot:evaluate_section"] = "Saliency"
    open_at(visitor, EVALUATE_MODEL)
    return choose(visitor, "looks-section", part)


def choose(visitor: AppTest, key: str, option: str) -> AppTest:
    return next(one for one in visitor.button_group if one.key == key).set_value(option).run()


def html(visitor: AppTest, sign: str) -> str:
    return "".join(one.body for one in visitor.get("html") if sign in one.body)


def test_every_class_has_a_map_and_what_it_is_worth(
    visitor: AppTest, explained: Evaluation
) -> None:
    at_looks(visitor)
    assert not visitor.exception
    assert html(visitor, MAPS).count("<figure") == 7
    assert "high saliency" in html(visitor, MAPS)
    told = words_of(visitor)
    assert "lowers the score by 30 points, a random fifth by 10" in told
    assert "80 % of 40 pictures" in told
    choose(visitor, "looks-how", "Class-specific saliency")
    assert "less than for other classes" in html(visitor, MAPS)
    choose(visitor, "looks-which", "Misclassified")
    assert "for the class predicted instead" in words_of(visitor)


def test_what_was_not_explained_can_be_asked_for(
    visitor: AppTest, judged_only: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, dict]] = []
    monkeypatch.setattr(
        run_panel, "start_run", lambda kind, plan: asked.append((kind, plan)) or "r"
    )
    at_looks(visitor)
    assert "Not computed yet" in words_of(visitor)
    visitor.button(key="explain-start").click().run()
    assert asked == [("explain", ExplainPlan("quick", judged_only.slug, "Training").to_json())]


@pytest.mark.parametrize("part", ["Each class", "All pictures"])
def test_without_the_pictures_it_is_said_how_to_explain(
    visitor: AppTest, judged_only: Evaluation, tmp_path: Path, part: str
) -> None:
    (tmp_path / "fer2013.csv").unlink()
    at_looks(visitor, part)
    assert not visitor.exception
    assert "are not on this machine" in words_of(visitor)


def test_a_run_that_failed_says_why(
    visitor: AppTest, installation: Settings, judged_only: Evaluation
) -> None:
    plan = ExplainPlan("quick", judged_only.slug, "Training").to_json()
    now = datetime.now(UTC)
    folder = create(installation.runs_dir, "explain", plan, now=now, rng=np.random.default_rng())
    journal = Journal(folder.events, clock=lambda: now)
    journal.append(Started(1))
    journal.append(Finished(RunStatus.FAILED, error="No feature map.", advice="Use occlusion."))
    visitor.run()
    visitor.session_state["slot:explain_run"] = folder.id
    at_looks(visitor)
    assert not visitor.exception
    assert "No feature map." in words_of(visitor)
    assert "Use occlusion." in words_of(visitor)


def test_a_drawn_face_is_explained_at_once(visitor: AppTest, judged_only: Evaluation) -> None:
    at_looks(visitor, "One picture")
    choose(visitor, "looks-source", "A synthetic face")
    assert not visitor.exception
    assert html(visitor, MAPS).count("<figure") == 2  # no Grad-CAM++ without its run
    assert "Occlusion: " in html(visitor, MAPS)
    choose(visitor, "looks-drawn", "surprise")
    assert not visitor.exception


def test_a_judged_picture_shows_the_map_that_was_kept(
    visitor: AppTest, explained: Evaluation
) -> None:
    at_looks(visitor, "One picture")
    assert not visitor.exception
    assert html(visitor, MAPS).count("<figure") == 3
    assert "Grad-CAM++" in html(visitor, MAPS)
    chosen = visitor.session_state["slot:close_up"]
    visitor.selectbox(key="looks-label").set_value("disgust").run()
    visitor.button(key="looks-another").click().run()
    assert visitor.session_state["slot:close_up"] != chosen
    assert "Labelled disgust" in words_of(visitor)


@pytest.mark.usefixtures("finders")
def test_a_person_s_picture_is_explained_and_goes_nowhere(
    visitor: AppTest, judged_only: Evaluation, installation: Settings
) -> None:
    at_looks(visitor, "One picture")
    choose(visitor, "looks-source", "Your own picture")
    assert "never leaves this process" in words_of(visitor)
    before = sorted(path for path in installation.data_dir.rglob("*") if path.is_file())
    visitor.file_uploader[0].set_value(("me.png", png(make_photo(2)), "image/png")).run()
    assert not visitor.exception
    assert "No face was found in this picture. Use one" in words_of(visitor)
    assert not html(visitor, MAPS)
    (is_a_face,) = [one for one in visitor.toggle if "face crop already" in one.label]
    is_a_face.set_value(True).run()
    assert html(visitor, MAPS).count("<figure") == 2
    assert sorted(path for path in installation.data_dir.rglob("*") if path.is_file()) == before


@pytest.mark.usefixtures("finders")
def test_of_several_faces_one_is_chosen_or_all_are_read(
    visitor: AppTest, judged_only: Evaluation
) -> None:
    at_looks(visitor, "One picture")
    choose(visitor, "looks-source", "Your own picture")
    three = np.hstack([cv2.resize(draw_face(), (320, 240))] * 3)
    content = cv2.imencode(".png", three[..., ::-1])[1].tobytes()
    visitor.file_uploader[0].set_value(("us.png", content, "image/png")).run()
    assert not visitor.exception
    assert "3 faces found, 3 usable" in words_of(visitor)
    assert html(visitor, MAPS).count("<figure") == 2
    (faces,) = [one for one in visitor.button_group if one.label == "Face"]
    assert list(faces.options) == ["All", "1", "2", "3"]
    faces.set_value("All").run()
    assert not visitor.exception
    assert html(visitor, MAPS).count("<figure") == 3
    assert "Face 3" in html(visitor, MAPS)
    shown = re.findall(r"(Not sure \()?[A-Z][a-z]+ (\d+) %", html(visitor, MAPS))
    assert len(shown) == 2 * 3  # under each picture, and for whoever cannot see it
    below = round(100 * judged_only.not_sure_below)
    assert all(bool(unsure) == (int(score) < below) for unsure, score in shown)


def test_a_person_s_picture_is_not_read_where_expressions_are_not_shown(
    visitor: AppTest, judged_only: Evaluation, installation: Settings
) -> None:
    policy = UsePolicy(Region.EU_EEA, Purpose.CLASSROOM)
    policy_store.write(policy_store.path_in(installation.data_dir), policy)
    at_looks(visitor, "One picture")
    choose(visitor, "looks-source", "Your own picture")
    assert not visitor.exception
    assert not visitor.file_uploader
    assert "prohibited" in words_of(visitor)


@pytest.mark.usefixtures("finders")
def test_what_is_no_picture_is_told_with_advice(visitor: AppTest, judged_only: Evaluation) -> None:
    at_looks(visitor, "One picture")
    choose(visitor, "looks-source", "Your own picture")
    visitor.file_uploader[0].set_value(("me.png", b"no picture", "image/png")).run()
    assert not visitor.exception
    assert "no picture that can be read" in words_of(visitor)


def test_the_plane_asks_for_a_choice_of_pictures(visitor: AppTest, explained: Evaluation) -> None:
    at_looks(visitor, "All pictures")
    assert not visitor.exception
    assert "84 pictures by the features of the last layer" in words_of(visitor)
    assert "Select points with the lasso" in words_of(visitor)
    choose(visitor, "plane-which", "PCA")
    assert "preserve distances" in words_of(visitor)


def test_pictures_chosen_on_the_plane_are_shown(
    visitor: AppTest, explained: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    # AppTest cannot draw around points: the answer of the chart is given instead.
    real = embedding.st.plotly_chart

    def chosen(figure, **named):
        answer = real(figure, **named)
        if "on_select" not in named:
            return answer
        points = [{"customdata": 3}, {"customdata": 40}]
        return type("State", (), {"selection": type("Chosen", (), {"points": points})})

    monkeypatch.setattr(embedding.st, "plotly_chart", chosen)
    at_looks(visitor, "All pictures")
    assert not visitor.exception
    assert "2 selected, 1 of them misclassified: 1 " in words_of(visitor).replace("*", "")
    assert html(visitor, FACES).count("<figure") == 2


def test_damaged_maps_are_told_with_advice(
    visitor: AppTest, installation: Settings, explained: Evaluation
) -> None:
    folder = folder_of(installation.models_dir, "quick", explained.slug)
    (folder / SALIENCY_FILE).write_bytes(b"no archive")
    at_looks(visitor)
    assert not visitor.exception
    assert "is missing or damaged" in words_of(visitor)


def test_a_face_of_another_size_than_the_model_s_is_enlarged_and_explained(
    judged_only: Evaluation,
) -> None:
    small = make_photo(2, size_px=24)
    found = cached.occlusion_of(judged_only.model, small, DEFAULT_PATCH)
    (scores,) = cached.scores_of(judged_only.model, [small])
    assert np.allclose(scores, found.scores)
