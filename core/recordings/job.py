"""Recordings and pictures in, sessions out: the same analyser and the same store as live."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from time import monotonic, perf_counter
from typing import Any

import numpy as np

from core.datasets.catalogue import discard_upload
from core.domain import AnalysedFrame, Frame, LogMessage, Session, SourceKind, new_session_id
from core.domain.errors import MediaError, StoreError, UnknownSession
from core.domain.wording import printable_name
from core.jobs import JobContext, ProgressReporter, RunCancelled, is_refusal
from core.measures import with_shown_labels
from core.policy import UsePolicy, require_use
from core.policy import policy_file as policy_store
from core.recordings.beginning import are_stills, start_time_of
from core.recordings.made_sessions import SessionMade, forget, remember, sessions_made
from core.recordings.patient_store import RetryingStore
from core.recordings.plan import RecordingPlan, is_picture
from core.sessions import SessionStore
from core.vision import (
    DETECTOR,
    EVERY_S,
    LOOKED_AT_S,
    Analyser,
    CenterFaceDetector,
    ConfirmedMoments,
    Part,
    from_picture,
    from_video,
    open_analyser,
    open_still_analyser,
    path_of,
    quarter_turns,
    shown_part,
    turned,
)
from core.vision.recognition import LoadedModel, load_live_model

FLUSH_EVERY_S = 1.0
_THOUSANDTHS = 1000


def run(plan_read: Mapping[str, Any], place: JobContext) -> dict[str, str]:
    """Analyse every file of the plan, one after the other; one that cannot be read stops no other.

    Returns:
        `session`: the id under which the first is stored; empty if it was deleted meanwhile. All
            of them: `sessions_made`.
    Raises:
        RunCancelled: somebody asked to stop; what was seen so far is stored.
        NotAllowedHere: expressions may not be read here, or nobody said where and for what.
        MienError: no file could be read, or the model or the database does not allow it.
    """
    policy = require_use(policy_store.read(policy_store.path_in(place.settings.data_dir)))
    plan = RecordingPlan.from_json(plan_read)
    done = {one.path for one in sessions_made(place.folder) if one.is_done}
    asked = _files(plan)
    files = [file for file in asked if str(file) not in done]
    judge = load_live_model(place.settings.models_dir, plan.model)
    place.journal.append(LogMessage(f"Model: {judge.card.name}."))
    teller = ProgressReporter(place, len(files))
    with SessionStore.open(place.settings.database_url) as opened:
        store = RetryingStore(opened, place)
        _forget_half_read(store, place)
        reader = _Reader(plan, place, _Using(policy, judge, store, len(asked) > 1))
        _read_all(files, reader, teller, place)
    first = next(iter(sessions_made(place.folder)), None)
    return {"session": "" if first is None else first.session}


def moments_of(analyser: Analyser, frames: Iterator[Frame]) -> Iterator[AnalysedFrame]:
    """Everybody in every frame, tentative ones too, with the time each analysis took."""
    for frame in frames:
        began = perf_counter()
        observations = analyser.analyse(frame)
        latency_ms = (perf_counter() - began) * 1000
        yield AnalysedFrame(frame.time_s, frame.index, observations, latency_ms)


def _files(plan: RecordingPlan) -> tuple[Path, ...]:
    """As asked for; uploads that were read are gone by now."""
    return tuple(map(Path, plan.paths)) if plan.is_upload else plan.files()


def _forget_half_read(store: RetryingStore, place: JobContext) -> None:
    """A run that goes on reads the file it was cut off in anew; its half would be there twice."""
    for one in sessions_made(place.folder):
        if not one.is_done:
            with suppress(UnknownSession):
                store.delete(one.session)
            forget(place.folder, one.session)


def _read_all(
    files: list[Path], reader: _Reader, teller: ProgressReporter, place: JobContext
) -> None:
    """Every file.

    Raises:
        MediaError: not one could be read, now or before.
    """
    first_trouble: MediaError | None = None
    for number, file in enumerate(files, start=1):
        told = teller.part(number, file.name)
        try:
            reader.read(file, told)
        except MediaError as trouble:
            first_trouble = first_trouble or trouble
            if len(files) > 1:
                place.journal.append(LogMessage(str(trouble), is_warning=True))
        if place.stop_requested():
            raise RunCancelled
    if first_trouble is not None and not sessions_made(place.folder):
        raise first_trouble


@dataclass(frozen=True)
class _Using:
    """What every file is read with.

    Attributes:
        policy: what is allowed here.
        judge: the model.
        store: takes what was seen.
        several: whether it is one of several files that are read.
    """

    policy: UsePolicy
    judge: LoadedModel
    store: RetryingStore
    several: bool


class _Reader:
    """Reads files into sessions.

    Args:
        plan, place: as given to the job.
        using: what every file is read with.
    """

    def __init__(self, plan: RecordingPlan, place: JobContext, using: _Using) -> None:
        self._plan = plan
        self._place = place
        self._using = using

    def read(self, file: Path, tell: Callable[[int, int], None]) -> None:
        """One file; an upload is deleted afterwards, unless what was seen could not be stored.

        Args:
            tell: hears how many thousandths were read; may raise to stop.
        Raises:
            MediaError: nothing in it could be read; it leaves no session.
            RunCancelled: from `tell`; what was seen so far is stored.
            StoreError: the database refuses; an upload is still there.
        """
        store, session = self._using.store, self._session(file)
        store.begin(session)
        remember(self._place.folder, SessionMade(str(file), session.id, is_done=False))
        is_done, is_stored = False, True
        try:
            self._watch(file, session, tell)
            is_done = True
        except MediaError as trouble:
            # A broken end does not spoil the part before it.
            if store.look(session.id).rows == 0:
                raise
            self._place.journal.append(LogMessage(str(trouble), is_warning=True))
            is_done = True
        except StoreError as refusal:
            is_stored = not is_refusal(refusal)
            raise
        finally:
            self._end(SessionMade(str(file), session.id, is_done), session)
            if self._plan.is_upload and is_stored:
                discard_upload(self._place.settings.uploads_dir, str(file))

    def _session(self, file: Path) -> Session:
        card, began_at = self._using.judge.card, self._place.clock()
        return Session(
            id=new_session_id(began_at, np.random.default_rng()),
            source=SourceKind.PICTURE if is_picture(file) else SourceKind.RECORDING,
            title=_title(self._plan, file, several=self._using.several),
            card_name=card.name,
            scheme_name=card.scheme.name,
            labels=card.scheme.labels,
            not_sure_below=card.not_sure_below,
            began_at=began_at,
            purpose=self._using.policy.purpose.value,
            consent_at=self._plan.agreed_at,
        )

    def _watch(self, file: Path, session: Session, tell: Callable[[int, int], None]) -> None:
        """Store every moment."""
        first, frames = start_time_of(self._frames(file, tell))
        opening = open_still_analyser if are_stills(first) else open_analyser
        analyser = opening(self._place.settings, self._using.judge)
        confirmed, threshold = ConfirmedMoments(), self._using.judge.card.not_sure_below
        unsaved: list[AnalysedFrame] = []
        saved_at = monotonic()
        try:
            for moment in moments_of(analyser, frames):
                shown = shown_part(moment).observations
                unsaved += confirmed.add(with_shown_labels(moment, shown, not_sure_below=threshold))
                if monotonic() - saved_at >= FLUSH_EVERY_S:
                    self._using.store.append(session.id, unsaved)
                    unsaved, saved_at = [], monotonic()
        finally:
            analyser.close()
            unsaved += confirmed.rest()
            self._using.store.append(session.id, unsaved)

    def _frames(self, file: Path, tell: Callable[[int, int], None]) -> Iterator[Frame]:
        """Upright, also where the file has no note that it is not."""
        turns = quarter_turns(self._first_frames(file), self._detector)
        if turns:
            words = (
                f"{file.name} is rotated by {90 * turns} degrees, so that its faces are upright."
            )
            self._place.journal.append(LogMessage(words, is_warning=True))
        if is_picture(file):
            return turned([from_picture(file)], turns)
        frames = from_video(
            file,
            every_s=self._plan.every_s,
            part=self._plan.part,
            tell=lambda share: tell(round(share * _THOUSANDTHS), _THOUSANDTHS),
        )
        return turned(frames, turns)

    def _first_frames(self, file: Path) -> Iterator[Frame]:
        """What tells which way up the file is; a broken end is told by whoever reads it all."""
        if is_picture(file):
            yield from_picture(file)
            return
        part = self._plan.part
        beginning = Part(part.from_s, min(part.to_s, part.from_s + LOOKED_AT_S))
        with suppress(MediaError):
            yield from from_video(file, every_s=EVERY_S, part=beginning)

    @cached_property
    def _detector(self) -> CenterFaceDetector:
        return CenterFaceDetector(path_of(self._place.settings.assets_dir, DETECTOR))

    def _end(self, made: SessionMade, session: Session) -> None:
        """Mark a session as over; one in which nothing was seen leaves nothing behind."""
        store, folder = self._using.store, self._place.folder
        with suppress(UnknownSession):  # somebody deleted it meanwhile
            entry = store.look(session.id)
            if entry.rows > 0:
                store.end(session.id, ended_at=session.began_at + timedelta(seconds=entry.last_s))
                remember(folder, made)
                return
            store.delete(session.id)
        forget(folder, session.id)


def _title(plan: RecordingPlan, file: Path, *, several: bool) -> str:
    """What a session is called: of several files each has its own name in it."""
    name = printable_name(file.name)
    title = f"{plan.title}: {name}" if plan.title and several else plan.title or name
    if is_picture(file) or (plan.from_s == 0 and plan.to_s == 0):
        return title
    end = "the end" if plan.to_s == 0 else _minutes(plan.to_s)
    return f"{title} ({_minutes(plan.from_s)} to {end})"


def _minutes(seconds: float) -> str:
    """As players show it, with tenths where there are some: "1:05", "1:05.5"."""
    minutes, rest_s = divmod(round(seconds, 1), 60)
    return f"{int(minutes)}:{rest_s:04.1f}".removesuffix(".0")
