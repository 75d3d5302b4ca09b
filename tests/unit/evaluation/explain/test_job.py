"""Explaining leaves numbers beside the evaluation, and no picture."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from core.domain import Dataset, LogMessage, PartDone
from core.domain.errors import EmptySplit, PlanError, UnknownDataset, UnknownModel
from core.evaluation.explain import job
from core.evaluation.explain.embedding import EMBEDDING_FILE, SOURCES, read_embedding
from core.evaluation.explain.plan import ExplainPlan
from core.evaluation.explain.saliency import OCCLUSION, SALIENCY_FILE, read_saliency, region_weights
from core.evaluation.predictions.evaluation import Evaluation
from core.evaluation.predictions.evaluation_store import load_evaluation, read_part
from core.jobs import JobContext, Journal, RunCancelled, read_events
from core.settings import Settings
from tests.explanations import answers_about, looks_at, put_evaluated, put_faces


@pytest.fixture
def place(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> JobContext:
    """A run's folder, and a model without a network that looks at the mouth."""
    monkeypatch.setattr(job, "load_predictor", lambda *_args, **_named: looks_at())
    folder = tmp_path / "run"
    folder.mkdir()
    clock = lambda: datetime.now(UTC)  # noqa: E731
    journal = Journal(folder / "events.jsonl", clock=clock)
    return JobContext(folder, journal, lambda: False, settings, clock)


@pytest.fixture
def dataset(settings: Settings, tmp_path: Path) -> Dataset:
    return put_faces(settings, tmp_path)


@pytest.fixture
def evaluation(settings: Settings, dataset: Dataset) -> Evaluation:
    """All 84 training pictures judged, every third named wrong."""
    return put_evaluated(settings, answers_about(dataset, "Training"), split="Training")


def test_both_parts_are_put_beside_the_evaluation(
    place: JobContext, evaluation: Evaluation, dataset: Dataset
) -> None:
    plan = ExplainPlan("quick", evaluation.slug, perplexity=5)
    assert job.run(plan.to_json(), place) == {
        "model": "quick",
        "evaluation": evaluation.slug,
    }
    models_dir = place.settings.models_dir
    found = load_evaluation(models_dir, "quick", evaluation.slug)
    saliency = read_part(models_dir, found, SALIENCY_FILE)
    embedding = read_part(models_dir, found, EMBEDDING_FILE)
    assert saliency is not None
    assert embedding is not None
    maps, plane = read_saliency(saliency), read_embedding(embedding)
    assert (maps.split, maps.method) == ("Training", OCCLUSION)
    assert (maps.right_counts.sum(), maps.wrong_counts.sum()) == (56, 28)
    assert region_weights(maps.right[3])["mouth"] > 2
    assert maps.checks is not None
    assert len(plane) == 84
    assert SOURCES[plane.source] == "the scores"
    assert (plane.labels == dataset["Training"].labels).all()


def test_no_part_holds_a_picture(place: JobContext, evaluation: Evaluation) -> None:
    job.run(ExplainPlan("quick", evaluation.slug, perplexity=5).to_json(), place)
    models_dir = place.settings.models_dir
    found = load_evaluation(models_dir, "quick", evaluation.slug)
    for name in (SALIENCY_FILE, EMBEDDING_FILE):
        with np.load(io.BytesIO(read_part(models_dir, found, name) or b"")) as arrays:
            for column in arrays.files:
                assert arrays[column].dtype != np.uint8
                assert max(arrays[column].shape[1:], default=0) <= 12  # a face has 48
    assert not [path for path in place.folder.rglob("*") if path.suffix in {".png", ".npz"}]


def test_its_way_is_told(place: JobContext, evaluation: Evaluation) -> None:
    job.run(ExplainPlan("quick", evaluation.slug, perplexity=5).to_json(), place)
    told = (place.folder / "events.jsonl").read_text()
    for words in ("Occluding parts", "Sanity checks of the maps", "Projecting all pictures"):
        assert words in told
    events, _ = read_events(place.folder / "events.jsonl")
    assert {PartDone, LogMessage} <= {type(event) for event in events}


def test_pictures_that_are_wanted_get_maps_beside_those_there_are(
    place: JobContext, evaluation: Evaluation, dataset: Dataset
) -> None:
    whole = ExplainPlan("quick", evaluation.slug, perplexity=5, single_maps=2)
    job.run(whole.to_json(), place)
    digest = int(answers_about(dataset, "Training").digests[40])
    one = ExplainPlan("quick", evaluation.slug, wanted=(f"{digest:x}",))
    job.run(one.to_json(), place)
    models_dir = place.settings.models_dir
    found = load_evaluation(models_dir, "quick", evaluation.slug)
    maps = read_saliency(read_part(models_dir, found, SALIENCY_FILE) or b"")
    assert len(maps.digests) == 3
    assert digest in maps.digests.tolist()
    assert maps.right_counts.sum() > 0
    assert EMBEDDING_FILE in found.files


@pytest.mark.parametrize(
    ("changed", "error", "words"),
    [
        ({"split": "Nowhere"}, PlanError, "was not evaluated on"),
        ({"evaluation": "other"}, UnknownModel, "no evaluation"),
        ({"wanted": ("1",)}, EmptySplit, "None of the chosen pictures"),
    ],
)
def test_what_cannot_be_explained_is_said(
    place: JobContext, evaluation: Evaluation, changed: dict, error: type[Exception], words: str
) -> None:
    plan = {**ExplainPlan("quick", evaluation.slug).to_json(), **changed}
    with pytest.raises(error, match=words):
        job.run(plan, place)


def test_without_the_pictures_nothing_can_be_explained(
    place: JobContext, evaluation: Evaluation, tmp_path: Path
) -> None:
    (tmp_path / "fer2013.csv").unlink()
    with pytest.raises(UnknownDataset, match="not on this machine"):
        job.run(ExplainPlan("quick", evaluation.slug).to_json(), place)


def test_a_stopped_run_changes_nothing(place: JobContext, evaluation: Evaluation) -> None:
    stopping = JobContext(place.folder, place.journal, lambda: True, place.settings, place.clock)
    with pytest.raises(RunCancelled):
        job.run(ExplainPlan("quick", evaluation.slug).to_json(), stopping)
    found = load_evaluation(place.settings.models_dir, "quick", evaluation.slug)
    assert set(found.files) == {"answers.npz"}
