"""The job that extracts faces from videos to `data/faces/<name>/`, resumable clip by clip.

If the plan has levels, the same run opens the faces as a dataset of the same name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np

from core.datasets.catalogue.catalogue import add, expect_free, names_of
from core.datasets.face_extraction.checkpoint import CHECKPOINT, ClipRecord, FaceFiles
from core.datasets.face_extraction.main_face import MainFace, open_main_face
from core.datasets.face_extraction.plan import NO_SCORES, FacesPlan
from core.datasets.face_extraction.publish import is_published, publish
from core.datasets.face_extraction.sources import SourceClip, VideoSource, open_source
from core.datasets.readers.face_folder import read_faces
from core.datasets.readers.source import DatasetSource
from core.domain import BatchDone, DataReady, LogMessage, RejectReason, RunEvent
from core.domain.counted import counted
from core.domain.errors import MediaError
from core.jobs import REPORT_EVERY_S, JobContext, RunCancelled
from core.storage.own_files import delete_ours
from core.vision import from_video


def run(plan_read: Mapping[str, Any], context: JobContext) -> dict[str, str]:
    """Extract the main face of every sampled frame of every clip.

    Returns:
        `faces`: the name of the folder under data/faces/; `dataset`: the same, if it was opened.
    Raises:
        RunCancelled: the run was cancelled; finished clips are kept for a resumed run.
        MienError: plan, licence, records or set-up are invalid, or no face was found.
    """
    plan = FacesPlan.from_json(plan_read)
    checkpoint = context.folder / CHECKPOINT
    target = context.settings.faces_dir / plan.name
    if not is_published(target, context.folder.name):
        if plan.levels:
            expect_free(context.settings.datasets_dir, plan.name)
        source = open_source(Path(plan.path))
        context.journal.append(DataReady(source.counts))
        for sentence in source.sentences:
            context.journal.append(LogMessage(sentence))
        with (
            FaceFiles(checkpoint, keeps_pictures=plan.keep_pictures) as files,
            open_main_face(
                context.settings, size_px=plan.size_px, every_s=plan.every_s
            ) as main_face,
        ):
            _ClipReader(plan, context, files, main_face).read_all(source)
        total = publish(checkpoint, target, plan, source, made_at=context.clock())
        context.journal.append(
            LogMessage(
                f"{counted(total.faces, 'face')} from {counted(total.frames, 'frame')} of "
                f"{counted(total.clips, 'clip')}."
            )
        )
    if checkpoint.exists():
        delete_ours(checkpoint, within=context.folder)  # no second copy of the pictures
    return {"faces": plan.name, **(_open_dataset(plan, context, target) if plan.levels else {})}


def _open_dataset(plan: FacesPlan, context: JobContext, target: Path) -> dict[str, str]:
    """Add the faces to the catalogue, unless an earlier attempt of this run did, or no score is
    known.
    """
    if not np.isfinite(read_faces(target).scores).any():
        context.journal.append(LogMessage(f"No dataset was opened: {NO_SCORES}"))
        return {}
    settings = context.settings
    if plan.name not in names_of(settings.datasets_dir):
        found = DatasetSource(str(target), levels=plan.levels)
        dataset = add(settings.datasets_dir, plan.name, found, settings.datasets_cache_dir)
        for note in dataset.notes:
            context.journal.append(LogMessage(note))
    return {"dataset": plan.name}


class _ClipReader:
    """Extracts the faces of all clips of a source.

    Args:
        plan, context: of the job.
        files: receive the faces.
        main_face: extracts the face of a frame.
    """

    def __init__(
        self, plan: FacesPlan, context: JobContext, files: FaceFiles, main_face: MainFace
    ) -> None:
        self._plan = plan
        self._context = context
        self._files = files
        self._main_face = main_face
        self._reported_at = monotonic()

    def read_all(self, source: VideoSource) -> None:
        """Process every clip that is not finished yet."""
        clips = source.counts["clips"]
        for number, clip in enumerate(source.clips(), start=1):
            if clip.id in self._files.done:
                continue
            self._check_stop()
            self._files.finish_clip(self._read(clip))
            self._report(
                BatchDone(1, number, clips),
                LogMessage(
                    f"{number:,} of {counted(clips, 'clip')}, {counted(self._files.faces, 'face')}."
                ),
            )

    def _read(self, clip: SourceClip) -> ClipRecord:
        frames, faces, problem = 0, 0, ""
        rejected: Counter[str] = Counter()
        self._main_face.reset()
        try:
            for frame in from_video(clip.path, every_s=self._plan.every_s):
                self._check_stop()
                frames += 1
                found = self._main_face.extract(frame)
                if isinstance(found, RejectReason):
                    rejected[found.value] += 1
                else:
                    self._files.add(clip, frame, found)
                    faces += 1
                self._report(
                    LogMessage(f"{clip.id}: {_minutes(frame.time_s)}, {counted(faces, 'face')}.")
                )
        except MediaError as error:
            problem = error.message
            self._context.journal.append(
                LogMessage(f"{clip.id} was skipped from there on: {problem}")
            )
        return ClipRecord(clip.id, clip.subject, frames, faces, dict(rejected), problem)

    def _check_stop(self) -> None:
        if self._context.stop_requested():
            raise RunCancelled

    def _report(self, *events: RunEvent) -> None:
        """At most twice a second."""
        if monotonic() - self._reported_at >= REPORT_EVERY_S:
            for event in events:
                self._context.journal.append(event)
            self._reported_at = monotonic()


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
