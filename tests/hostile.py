"""Sessions, datasets, models, runs and files with names that a reader of markup would read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np

from core.datasets import DatasetSource
from core.datasets.catalogue import add
from core.runs import Journal, annotate
from core.runs.folder import create
from core.sessions import SessionStore
from core.settings import Settings
from core.training import TrainingPlan
from core.vocabulary import (
    EmotionScores,
    EpochEnded,
    Finished,
    LabelScheme,
    ModelCard,
    RunStatus,
    Said,
    SplitProtocol,
    Started,
)
from core.vocabulary.provenance import Calibration, RecipeUsed, TrainingData
from tests.datasets_on_disk import make_pictures
from tests.judged import make_answers, put_evaluation, some_right
from tests.make import make_card, make_moment, make_observation, make_report, make_session

NOW = datetime.now(UTC)

LABEL = "![x](www.h.example)<b>b :smile: $x$ **b** a@h.example :red[r]"
"""An image, a tag, an emoji, a formula, bold, two addresses and a colour; a folder can have it."""

WORDS = f"{LABEL} :material/home: http://h.example"
"""The same, an icon and a link."""

NAME = "www.h.example"
"""An address that may be the name of a model, a dataset or a file."""

SCHEME = LabelScheme("own", (LABEL, "calm", f"sad {LABEL}"))


def put_everything(installation: Settings, folder: Path) -> None:
    """Fill an installation with them; pictures lie in the folder."""
    _put_session(installation)
    source = DatasetSource(str(_write_classes(folder / NAME)), scheme="own")
    add(installation.datasets_dir, NAME, source, installation.datasets_cache_dir)
    _put_models(installation)
    _put_runs(installation)


def _put_session(installation: Settings) -> None:
    scores = {LABEL: 0.8, "calm": 0.1, f"sad {LABEL}": 0.1}
    shown = EmotionScores(SCHEME, np.array(list(scores.values()), dtype=np.float32))
    moments = [
        make_moment(
            at / 10,
            make_observation(at / 10, scores=shown),
            event=WORDS[:40] if at == 50 else "",
        )
        for at in range(200)
    ]
    session = replace(
        make_session("hostile", began_at=NOW, title=WORDS, card_name=NAME),
        scheme_name=SCHEME.name,
        labels=SCHEME.labels,
    )
    with SessionStore.open(installation.database_url) as store:
        store.begin(session)
        store.append("hostile", moments, now=NOW + timedelta(seconds=20))
        store.end("hostile", ended_at=NOW + timedelta(seconds=20))


def _write_classes(root: Path) -> Path:
    """A folder a class, named by the labels."""
    for number, picture in enumerate(make_pictures(size_px=24)):
        label = SCHEME.labels[number % 3]
        part = "test" if number % 5 == 0 else "train"
        (root / part / label).mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(root / part / label / f"{NAME} {number}.png"), picture.pixels)
    return root


def _put_models(installation: Settings) -> None:
    report = make_report()
    told = zip(report.per_class[:3], SCHEME.labels, strict=True)
    scores = (replace(one, label=label) for one, label in told)
    counts = ((80, 10, 10), (10, 80, 10), (10, 10, 80))
    own = replace(report, pictures=300, per_class=tuple(scores), counts=counts)
    elsewhere = replace(own, dataset=WORDS)
    bare = replace(make_card(NAME), scheme=SCHEME, reports=(elsewhere, own), limits=(WORDS,))
    for seed, card in enumerate((_trained_here(bare), _trained_elsewhere(bare))):
        answers = make_answers(some_right(90, seed=seed), seed=1, scheme=SCHEME)
        put_evaluation(installation.models_dir, card, {"train": answers, "test": answers})


def _trained_here(card: ModelCard) -> ModelCard:
    return replace(
        card,
        recipe=RecipeUsed(WORDS, 2, 1, changes={"teachers": [WORDS], "augmentation": {LABEL: 1}}),
        data=TrainingData(WORDS, "f1" * 32, 90, SplitProtocol(WORDS, LABEL, NAME)),
    )


def _trained_elsewhere(card: ModelCard) -> ModelCard:
    return replace(
        card,
        name=f"{NAME}.b",
        recipe=RecipeUsed(WORDS, changes_as_told=WORDS),
        data=None,
        data_as_told=WORDS,
        origin=WORDS,
        calibration=Calibration(WORDS, LABEL, 90),
        input_notes=(WORDS,),
        not_for=(WORDS,),
    )


def _put_runs(installation: Settings) -> None:
    rng = np.random.default_rng(1)
    for status in (RunStatus.COMPLETED, RunStatus.FAILED):
        plan = TrainingPlan("two-block", dataset=NAME, name=NAME).to_json()
        folder = create(installation.runs_dir, "train", plan, now=NOW, rng=rng)
        journal = Journal(folder.events, clock=lambda: NOW)
        journal.append(Started(1))
        journal.append(Said(WORDS))
        journal.append(EpochEnded(1, 8, {"loss": 1.0, "accuracy_chooses": 0.3, "seconds": 9.0}))
        failed = status is RunStatus.FAILED
        result = {} if failed else {"model": NAME}
        error = WORDS if failed else ""
        journal.append(Finished(status, error=error, advice=error, result=result))
        annotate(installation.runs_dir, folder.id, note=WORDS, tags=[NAME])
