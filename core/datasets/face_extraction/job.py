"""Videos in, `data/faces/<name>/` out: clip by clip, to be resumed where it stopped.

Where the plan wants it, the faces are opened as a dataset of the same name by the same run: whoever
closed the tab meanwhile finds it in the list.
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
from core.datasets.face_extraction.sources import Source, SourceClip, open_source
from core.datasets.readers.face_folder import read_faces
from core.datasets.readers.source import DatasetSource
from core.domain import BatchDone, DataReady, LogMessage, RejectReason, RunEvent
from core.domain.counted import counted
from core.domain.errors import MediaError
from core.jobs import JobContext, RunCancelled
from core.storage.own_files import delete_ours
from core.vision import from_video

SAY_EVERY_S = 0.5


def run(plan_read: Mapping[str, Any], place: JobContext) -> dict[str, str]:
    """Cut the main face out of every sampled frame of every clip.

    Returns:
        `faces`: the name of the folder under data/faces/; `dataset`: the same, if it was opened.
    Raises:
        RunCancelled: somebody asked to stop; finished clips are kept for a resumed run.
        MienError: plan, licence, records or set-up do not allow it, or no face was found.
    """
    plan = FacesPlan.from_json(plan_read)
    checkpoint = place.folder / CHECKPOINT
    target = place.settings.faces_dir / plan.name
    if not is_published(target, place.folder.name):
        if plan.levels:
            expect_free(place.settings.datasets_dir, plan.name)
        source = open_source(Path(plan.path))
        place.journal.append(DataReady(source.counts))
        for sentence in source.sentences:
            place.journal.append(LogMessage(sentence))
        with (
            FaceFiles(checkpoint, keeps_pictures=plan.keep_pictures) as files,
            open_main_face(place.settings, size_px=plan.size_px, every_s=plan.every_s) as main_face,
        ):
            _Reader(plan, place, files, main_face).read_all(source)
        total = publish(checkpoint, target, plan, source, made_at=place.clock())
        place.journal.append(
            LogMessage(
                f"{counted(total.faces, 'face')} from {counted(total.frames, 'frame')} of "
                f"{counted(total.clips, 'clip')}."
            )
        )
    if checkpoint.exists():
        delete_ours(checkpoint, within=place.folder)  # pictures lie in one place only
    return {"faces": plan.name, **(_opened(plan, place, target) if plan.levels else {})}


def _opened(plan: FacesPlan, place: JobContext, target: Path) -> dict[str, str]:
    """Put the faces into the catalogue, unless an earlier try of this run has, or it cannot be."""
    if not np.isfinite(read_faces(target).scores).any():
        place.journal.append(LogMessage(f"No dataset was opened: {NO_SCORES}"))
        return {}
    here = place.settings
    if plan.name not in names_of(here.datasets_dir):
        found = DatasetSource(str(target), levels=plan.levels)
        dataset = add(here.datasets_dir, plan.name, found, here.datasets_cache_dir)
        for note in dataset.notes:
            place.journal.append(LogMessage(note))
    return {"dataset": plan.name}


class _Reader:
    """Goes through the clips of a source.

    Args:
        plan, place: as given to the job.
        files: take what is found.
        main_face: finds it.
    """

    def __init__(
        self, plan: FacesPlan, place: JobContext, files: FaceFiles, main_face: MainFace
    ) -> None:
        self._plan = plan
        self._place = place
        self._files = files
        self._main_face = main_face
        self._told_at = monotonic()

    def read_all(self, source: Source) -> None:
        """Every clip that is not finished yet."""
        clips = source.counts["clips"]
        for number, clip in enumerate(source.clips(), start=1):
            if clip.id in self._files.done:
                continue
            self._expect_wanted()
            self._files.finish_clip(self._read(clip))
            self._tell(
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
                self._expect_wanted()
                frames += 1
                found = self._main_face.look(frame)
                if isinstance(found, RejectReason):
                    rejected[found.value] += 1
                else:
                    self._files.add(clip, frame, found)
                    faces += 1
                self._tell(
                    LogMessage(f"{clip.id}: {_minutes(frame.time_s)}, {counted(faces, 'face')}.")
                )
        except MediaError as error:
            problem = error.message
            self._place.journal.append(
                LogMessage(f"{clip.id} was skipped from there on: {problem}")
            )
        return ClipRecord(clip.id, clip.subject, frames, faces, dict(rejected), problem)

    def _expect_wanted(self) -> None:
        if self._place.stop_requested():
            raise RunCancelled

    def _tell(self, *events: RunEvent) -> None:
        """At most twice a second."""
        if monotonic() - self._told_at >= SAY_EVERY_S:
            for event in events:
                self._place.journal.append(event)
            self._told_at = monotonic()


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
