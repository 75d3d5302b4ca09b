"""Sessions, practices, datasets, models, runs and files, named in what is read as markup."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np

from core.datasets import DatasetSource
from core.datasets.catalogue.catalogue import add
from core.domain import (
    EmotionScores,
    EpochEnded,
    Finished,
    LabelScheme,
    LogMessage,
    ModelCard,
    RunStatus,
    SplitProtocol,
    Started,
)
from core.domain.practice import AttemptOutcome
from core.domain.provenance import Calibration, RecipeUsed, TrainingData
from core.domain.question_set import Question, QuestionSet
from core.drift import ClassMix, columns_of_pictures, save_reference
from core.jobs import Journal, annotate
from core.jobs.run_folder.folder import create
from core.practice import answer_moment, begin_attempt, begin_practice, save_set
from core.sessions import SessionStore
from core.settings import Settings
from core.training import TrainingPlan
from tests.datasets_on_disk import make_pictures
from tests.drift_columns import make_numbers, make_reference
from tests.evaluations_on_disk import make_answers, put_evaluation, some_right
from tests.make import (
    make_card,
    make_mark,
    make_moment,
    make_observation,
    make_report,
    make_session,
)
from tests.practising import (
    make_attempt,
    make_moment_answer,
    make_practice,
    make_self_report,
    part,
)

NOW = datetime.now(UTC)

_SESSION_S = 40  # less tells nothing of drift

LABEL = "![x](www.h.example)<b>b :smile: $x$ **b** a@h.example :red[r]"
"""An image, a tag, an emoji, a formula, bold, two addresses and a colour; a folder can have it."""

WORDS = f"{LABEL} :material/home: http://h.example ![y](http://192.0.2.7/a)"
"""The same, an icon, a link and an image of another machine."""

NAME = "www.h.example"
"""An address that may be the name of a model, a dataset or a file."""

SCHEME = LabelScheme("own", (LABEL, "calm", f"sad {LABEL}"))


def put_everything(installation: Settings, folder: Path) -> None:
    """Fill an installation with them; pictures lie in the folder."""
    _put_sessions(installation)
    put_practices(installation)
    source = DatasetSource(str(_write_classes(folder / NAME)), scheme="own")
    add(installation.datasets_dir, NAME, source, installation.datasets_cache_dir)
    completed, _ = _put_runs(installation)
    _put_models(installation, run_id=completed)
    _put_reference(installation)


def _put_sessions(installation: Settings) -> None:
    """The newest was read by a model that is not installed."""
    _put_session(installation, "installed", card_name=NAME, began_at=NOW - timedelta(hours=2))
    _put_session(installation, "hostile", card_name=f"{NAME}.gone", began_at=NOW)


def _put_session(
    installation: Settings, session_id: str, *, card_name: str, began_at: datetime
) -> None:
    scores = {LABEL: 0.8, "calm": 0.1, f"sad {LABEL}": 0.1}
    shown = EmotionScores(SCHEME, np.array(list(scores.values()), dtype=np.float32))
    moments = [
        make_moment(at / 10, make_observation(at / 10, scores=shown))
        for at in range(_SESSION_S * 10)
    ]
    session = replace(
        make_session(session_id, began_at=began_at, title=WORDS, card_name=card_name),
        scheme_name=SCHEME.name,
        labels=SCHEME.labels,
        not_sure_below=None,
    )
    ended_at = began_at + timedelta(seconds=_SESSION_S)
    with SessionStore.open(installation.database_url) as store:
        store.begin(session)
        store.append(session_id, moments, now=ended_at, events=[make_mark(5.0, WORDS[:40])])
        store.end(session_id, ended_at=ended_at)


def put_practices(installation: Settings) -> None:
    """Of one person: a practice that ended, with two tries at one question, and one that did not;
    and an own set of questions.
    """
    questions = (Question(WORDS, WORDS), Question(LABEL))
    told = {"person": WORDS, "set_name": LABEL, "questions": questions}
    parts = (part(0.0, 30.0, "practised"),)
    with SessionStore.open(installation.database_url) as store:
        store.begin(make_session("practised", began_at=NOW - timedelta(days=1), title=WORDS))
        moments = [make_moment(at / 10, make_observation(at / 10)) for at in range(400)]
        store.append("practised", moments, now=NOW)
        store.end("practised", ended_at=NOW)
        begin_practice(store, make_practice("ended", began_at=NOW, ended_at=NOW, **told))
        begin_practice(store, make_practice("going-on", began_at=NOW, **told))
        for number in (1, 2):
            attempt = make_attempt(
                *(f"try-{number}", "ended"),
                number=number,
                outcome=AttemptOutcome.ANSWERED,
                parts=parts,
                report=make_self_report(words=WORDS),
                revealed_at=NOW,
            )
            begin_attempt(store, attempt)
            answer_moment(store, attempt.id, make_moment_answer(words=WORDS))
        save_set(store, QuestionSet(LABEL, "en", questions), now=NOW)


def _write_classes(root: Path) -> Path:
    """A folder a class, named by the labels."""
    for number, picture in enumerate(make_pictures(size_px=24)):
        label = SCHEME.labels[number % 3]
        part = "test" if number % 5 == 0 else "train"
        (root / part / label).mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(root / part / label / f"{NAME} {number}.png"), picture.pixels)
    return root


def _put_models(installation: Settings, *, run_id: str) -> None:
    report = make_report()
    told = zip(report.per_class[:3], SCHEME.labels, strict=True)
    scores = (replace(one, label=label) for one, label in told)
    counts = ((80, 10, 10), (10, 80, 10), (10, 10, 80))
    own = replace(report, pictures=300, per_class=tuple(scores), counts=counts)
    reports = (replace(own, dataset=WORDS), replace(own, split=LABEL), replace(own, split=WORDS))
    told = replace(make_card(NAME), limits=(WORDS,), not_for=(WORDS,))
    bare = replace(told, scheme=SCHEME, reports=reports, run_id=run_id)
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
    )


def _put_runs(installation: Settings) -> list[str]:
    """Their ids: of one that completed, and of one that failed."""
    rng = np.random.default_rng(1)
    ids = []
    for status in (RunStatus.COMPLETED, RunStatus.FAILED):
        plan = TrainingPlan("two-block", dataset=NAME, name=NAME).to_json()
        folder = create(installation.runs_dir, "train", plan, now=NOW, rng=rng)
        journal = Journal(folder.events, clock=lambda: NOW)
        journal.append(Started(1))
        journal.append(LogMessage(WORDS))
        journal.append(EpochEnded(1, 8, {"loss": 1.0, "val_accuracy": 0.3, "seconds": 9.0}))
        failed = status is RunStatus.FAILED
        result = {} if failed else {"model": NAME}
        error = WORDS if failed else ""
        journal.append(Finished(status, error=error, advice=error, result=result))
        annotate(installation.runs_dir, folder.id, note=WORDS, tags=[NAME])
        ids.append(folder.id)
    return ids


def _put_reference(installation: Settings) -> None:
    """What drift is compared with: pictures with these labels, of the newest session's model."""
    rng = np.random.default_rng(1)
    mix = ClassMix(SCHEME, rng.choice(3, 300, p=(0.05, 0.9, 0.05)))
    reference = make_reference(columns_of_pictures(make_numbers(rng, 300), mix))
    told = replace(reference, source=WORDS, model=f"{NAME}.gone")
    save_reference(installation.data_dir, told)
