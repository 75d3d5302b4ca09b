"""A video in, a session out: the same analyser and the same store as live."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from time import monotonic, perf_counter
from typing import Any

import numpy as np

from core.errors import MediaError
from core.perception import Analyser, from_video
from core.policy import require_use
from core.policy import store as policy_store
from core.recordings.plan import RecordingPlan
from core.runs import JobPlace, RunCancelled
from core.sessions import SessionStore
from core.vocabulary import Frame, Moment, Said, Session, SourceKind, new_session_id
from core.vocabulary.counted import counted
from core.watching import load_quickest_judge, open_analyser

FLUSH_EVERY_S = 1.0
SAY_EVERY_S = 0.5


def run(plan_read: Mapping[str, Any], place: JobPlace) -> dict[str, str]:
    """Analyse one video.

    Returns:
        `session`: the id under which it is stored.
    Raises:
        RunCancelled: somebody asked to stop; what was seen so far is stored.
        NotAllowedHere: expressions may not be read here, or nobody said where and for what.
        MienError: the video, the model or the database does not allow it.
    """
    policy = require_use(policy_store.read(policy_store.path_in(place.settings.data_dir)))
    plan = RecordingPlan.from_json(plan_read)
    path = Path(plan.path)
    judge = load_quickest_judge(place.settings.models_dir, plan.model)
    place.journal.append(Said(f"Looking at {path.name} with {judge.card.name}."))
    began_at = place.clock()
    session = Session(
        id=new_session_id(began_at, np.random.default_rng()),
        source=SourceKind.RECORDING,
        title=plan.title or path.name,
        card_name=judge.card.name,
        scheme_name=judge.card.scheme.name,
        labels=judge.card.scheme.labels,
        not_sure_below=judge.card.not_sure_below,
        began_at=began_at,
        purpose=policy.purpose.value,
    )
    analyser = open_analyser(place.settings, judge)
    with SessionStore.open(place.settings.database_url) as store:
        store.begin(session)
        try:
            last_s = _watch(analyser, from_video(path, every_s=plan.every_s), store, session, place)
        except MediaError as error:
            # A broken end does not spoil the part before it; a file without any frame leaves no
            # session behind.
            if store.look(session.id).rows == 0:
                store.delete(session.id)
                raise
            place.journal.append(Said(str(error)))
            last_s = store.look(session.id).last_s
        finally:
            analyser.close()
        store.end(session.id, ended_at=began_at + timedelta(seconds=last_s))
    if place.stop_requested():
        raise RunCancelled
    return {"session": session.id}


def moments_of(analyser: Analyser, frames: Iterator[Frame]) -> Iterator[Moment]:
    """Everybody in every frame, with the time each analysis took."""
    for frame in frames:
        began = perf_counter()
        observations = analyser.analyse(frame)
        latency_ms = (perf_counter() - began) * 1000
        yield Moment(frame.time_s, frame.index, observations, latency_ms)


def _watch(
    analyser: Analyser,
    frames: Iterator[Frame],
    store: SessionStore,
    session: Session,
    place: JobPlace,
) -> float:
    """Store every moment; the answer is the time of the last one."""
    unsaved: list[Moment] = []
    count, last_s, saved_at, said_at = 0, 0.0, monotonic(), monotonic()
    try:
        for moment in moments_of(analyser, frames):
            unsaved.append(moment)
            count, last_s = count + 1, moment.time_s
            if monotonic() - saved_at >= FLUSH_EVERY_S:
                store.append(session.id, unsaved, now=place.clock())
                unsaved, saved_at = [], monotonic()
            if monotonic() - said_at >= SAY_EVERY_S:
                place.journal.append(
                    Said(f"{_minutes(last_s)} of video, {counted(count, 'frame')}.")
                )
                said_at = monotonic()
            if place.stop_requested():
                break
    finally:
        store.append(session.id, unsaved, now=place.clock())
    return last_s


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
