"""The analysis job: from recordings and pictures to sessions, as the live camera does it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from math import inf
from pathlib import Path
from threading import Thread
from time import monotonic
from typing import Any

import numpy as np

from core.domain import AnalysedFrame, Frame, LogMessage, Session, SourceKind, new_session_id
from core.domain.errors import MediaError, StoreError, UnknownSession
from core.domain.progress import ProgressCallback
from core.domain.wording import printable_name
from core.jobs import JobContext, is_refusal
from core.measures import with_shown_labels
from core.policy import UsePolicy, require_use
from core.policy import policy_file as policy_store
from core.recordings.first_frames import first_frames
from core.recordings.moments import AHEAD, moments_of
from core.recordings.plan import RecordingPlan, is_picture
from core.recordings.read_ahead import read_ahead
from core.recordings.retrying_store import RetryingStore
from core.recordings.run_sessions import (
    RunSession,
    remove_run_session,
    run_sessions,
    save_run_session,
)
from core.recordings.side_by_side import files_at_once, read_files
from core.recordings.still_detection import are_stills, peek_frames
from core.sessions import SessionStore, new_session
from core.vision import (
    DETECTOR,
    CenterFaceDetector,
    ConfirmationBuffer,
    FaceAnalyser,
    from_picture,
    from_video,
    load_mediapipe,
    open_analyser,
    open_still_analyser,
    path_of,
    quarter_rotations,
    rotated,
    without_tentative,
)
from core.vision.recognition import LoadedModel, load_live_model

FLUSH_EVERY_S = 1.0
_PROGRESS_STEPS = 1000


def run(plan_read: Mapping[str, Any], context: JobContext) -> dict[str, str]:
    """Analyse every file of the plan in turn; unreadable ones are skipped.

    Returns:
        `session`: id of the first session; empty if it was deleted meanwhile. `run_sessions` has
            all of them.
    Raises:
        RunCancelled: the run was cancelled; what was analysed so far is stored.
        NotAllowedHere: expressions may not be analysed here, or region or purpose is not set.
        MienError: no file could be read, or the model or the database cannot be used.
    """
    policy = require_use(policy_store.read(policy_store.path_in(context.settings.data_dir)))
    plan = RecordingPlan.from_json(plan_read)
    # Its library is slow to load, and most of that needs no lock of Python's.
    Thread(target=load_mediapipe, name="load MediaPipe", daemon=True).start()
    done = {one.path for one in run_sessions(context.folder) if one.is_done}
    requested = _files(plan)
    files = [file for file in requested if str(file) not in done]
    places = {str(file): place for place, file in enumerate(requested)}
    model = load_live_model(context.settings.models_dir, plan.model)
    context.journal.append(LogMessage(f"Model: {model.card.name}."))
    with SessionStore.open(context.settings.database_url) as opened:
        store = RetryingStore(opened, context)
        _delete_incomplete(store, context)
        reader = _Reader(plan, context, _Shared(policy, model, store, places))
        read_files(files, reader, context, at_once=files_at_once())
    first = next(iter(run_sessions(context.folder)), None)
    return {"session": "" if first is None else first.session}


def _files(plan: RecordingPlan) -> tuple[Path, ...]:
    """All files of the plan; uploads that were read are deleted already."""
    return tuple(map(Path, plan.paths)) if plan.is_upload else plan.files()


def _delete_incomplete(store: RetryingStore, context: JobContext) -> None:
    """Delete sessions of partly read files: a resumed run reads those again from the start."""
    for one in run_sessions(context.folder):
        if not one.is_done:
            with suppress(UnknownSession):
                store.delete(one.session)
            remove_run_session(context.folder, one.session)


@dataclass(frozen=True)
class _Shared:
    """What all files of a run share.

    Attributes:
        policy: region and purpose.
        model: recognises expressions.
        store: stores moments.
        places: path of each file of the run -> its place among them.
    """

    policy: UsePolicy
    model: LoadedModel
    store: RetryingStore
    places: Mapping[str, int]


class _Reader:
    """Analyses files into sessions.

    Args:
        plan, context: of the job.
        shared: what all files share.
    """

    def __init__(self, plan: RecordingPlan, context: JobContext, shared: _Shared) -> None:
        self._plan = plan
        self._context = context
        self._shared = shared

    def begin(self, file: Path) -> Session:
        """Create the session of a file.

        Raises:
            RunCancelled: cancelled while the database refused.
            StoreError: the database refuses.
        """
        session = self._session(file)
        self._shared.store.begin(session)
        begun = RunSession(str(file), session.id, is_done=False)
        save_run_session(self._context.folder, begun, self._shared.places)
        return session

    def read(self, file: Path, session: Session, on_progress: ProgressCallback) -> None:
        """Analyse one file; an upload is deleted afterwards, unless it could not be stored.

        Args:
            on_progress: called with (done, total) steps; may raise to stop.
        Raises:
            MediaError: nothing in it could be read; it leaves no session.
            RunCancelled: from `on_progress`; what was analysed so far is stored.
            StoreError: the database refuses; an upload is kept.
        """
        is_done, is_stored = False, True
        try:
            self._analyse(file, session, on_progress)
            is_done = True
        except MediaError as error:
            # What comes before a damaged end is kept.
            if self._shared.store.entry(session.id).rows == 0:
                raise
            self._context.journal.append(LogMessage(str(error), is_warning=True))
            is_done = True
        except StoreError as error:
            is_stored = not is_refusal(error)
            raise
        finally:
            self._end(RunSession(str(file), session.id, is_done), session)
            if self._plan.is_upload and is_stored:
                from core.datasets.catalogue import discard_upload  # brings readers of datasets

                discard_upload(self._context.settings.uploads_dir, str(file))

    def _session(self, file: Path) -> Session:
        began_at = self._context.clock()
        return new_session(
            self._shared.model.card,
            SourceKind.PICTURE if is_picture(file) else SourceKind.RECORDING,
            session_id=new_session_id(began_at, np.random.default_rng()),
            title=_title(self._plan, file, several=len(self._shared.places) > 1),
            began_at=began_at,
        ).recorded_for(self._shared.policy.purpose.value, consent_at=self._plan.agreed_at)

    def _analyse(self, file: Path, session: Session, on_progress: ProgressCallback) -> None:
        """Analyse a file and store every moment."""
        analyser, frames = self._opened(file, on_progress)
        confirmed, threshold = ConfirmationBuffer(), self._shared.model.card.not_sure_below
        unsaved: list[AnalysedFrame] = []
        saved_at = -inf  # the first row at once: pages wait for it
        try:
            with closing(moments_of(analyser, frames)) as moments:
                for moment in moments:
                    shown = without_tentative(moment).observations
                    unsaved += confirmed.add(
                        with_shown_labels(moment, shown, not_sure_below=threshold)
                    )
                    if unsaved and monotonic() - saved_at >= FLUSH_EVERY_S:
                        self._shared.store.append(session.id, unsaved)
                        unsaved, saved_at = [], monotonic()
        finally:
            analyser.close()
            unsaved += confirmed.flush()
            self._shared.store.append(session.id, unsaved)

    def _opened(
        self, file: Path, on_progress: ProgressCallback
    ) -> tuple[FaceAnalyser, Iterator[Frame]]:
        """An analyser, and the frames of a file, upright. Both are slow to have: they overlap."""
        first, frames = peek_frames(self._frames(file, on_progress))
        open_for = open_still_analyser if are_stills(first) else open_analyser
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="open") as alone:
            opening = alone.submit(
                open_for, self._context.settings, self._shared.model, ready=False
            )
            rotations = self._rotations(file)
            return opening.result(), rotated(frames, rotations)

    def _frames(self, file: Path, on_progress: ProgressCallback) -> Iterator[Frame]:
        if is_picture(file):
            return iter([from_picture(file)])
        return from_video(
            file,
            every_s=self._plan.every_s,
            time_range=self._plan.time_range,
            on_progress=lambda fraction: on_progress(
                round(fraction * _PROGRESS_STEPS), _PROGRESS_STEPS
            ),
        )

    def _rotations(self, file: Path) -> int:
        """Quarter turns that make a file upright that has no note of it."""
        first = read_ahead(first_frames(file, self._plan.time_range), AHEAD, name="decode")
        with closing(first):
            rotations = quarter_rotations(first, self._detector)
        if rotations:
            angle = f"{90 * rotations} degrees"
            message = f"{file.name} is rotated by {angle}, so that its faces are upright."
            self._context.journal.append(LogMessage(message, is_warning=True))
        return rotations

    @cached_property
    def _detector(self) -> CenterFaceDetector:
        return CenterFaceDetector(path_of(self._context.settings.assets_dir, DETECTOR))

    def _end(self, run_session: RunSession, session: Session) -> None:
        """Mark a session as ended; one without rows is deleted."""
        store, folder = self._shared.store, self._context.folder
        with suppress(UnknownSession):  # deleted meanwhile
            entry = store.entry(session.id)
            if entry.rows > 0:
                store.end(session.id, ended_at=session.began_at + timedelta(seconds=entry.last_s))
                save_run_session(folder, run_session, self._shared.places)
                return
            store.delete(session.id)
        remove_run_session(folder, session.id)


def _title(plan: RecordingPlan, file: Path, *, several: bool) -> str:
    """The title of a session: with several files it contains the file's name."""
    name = printable_name(file.name)
    title = f"{plan.title}: {name}" if plan.title and several else plan.title or name
    if is_picture(file) or (plan.from_s == 0 and plan.to_s == 0):
        return title
    end = "the end" if plan.to_s == 0 else _minutes(plan.to_s)
    return f"{title} ({_minutes(plan.from_s)} to {end})"


def _minutes(seconds: float) -> str:
    """Minutes and seconds, with tenths where there are some: "1:05", "1:05.5"."""
    minutes, rest_s = divmod(round(seconds, 1), 60)
    return f"{int(minutes)}:{rest_s:04.1f}".removesuffix(".0")
