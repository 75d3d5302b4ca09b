"""Publishes a run's faces atomically to `data/faces/<name>/`."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from io import BufferedRandom
from pathlib import Path
from typing import Any

import numpy as np

from core.datasets.face_extraction.checkpoint import (
    RAW_PIXELS,
    RAW_TABLE,
    RESULT,
    clip_records,
    sync,
)
from core.datasets.face_extraction.plan import FacesPlan
from core.datasets.face_extraction.sources import VideoSource
from core.datasets.readers.face_folder import (
    ABOUT_FILE,
    COLUMNS,
    FORMAT,
    PIXELS_FILE,
    TABLE_FILE,
    read_about,
)
from core.domain.counted import counted
from core.domain.errors import DatasetError, PlanError, UnreadableDataset
from core.storage.own_files import delete_ours, discard_ours

_MOST_NAMED = 100


@dataclass
class ExtractionSummary:
    """Totals over all finished clips.

    Attributes:
        clips, frames, faces: numbers of clips, sampled frames and extracted faces.
        people: IDs of the people among the faces.
        rejected: reason -> number of frames.
        faceless, unreadable, truncated: clips without a usable face, without a readable frame,
            and with frames up to some damage.
    """

    clips: int = 0
    frames: int = 0
    faces: int = 0
    people: set[str] = field(default_factory=set)
    rejected: Counter[str] = field(default_factory=Counter)
    faceless: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    truncated: list[str] = field(default_factory=list)


def summarise(checkpoint: Path) -> ExtractionSummary:
    """Totals over the finished clips in a checkpoint."""
    total = ExtractionSummary()
    for record in clip_records(checkpoint):
        total.clips += 1
        total.frames += record.frames
        total.faces += record.faces
        total.rejected.update(record.rejected)
        if record.faces and record.subject:
            total.people.add(record.subject)
        if record.problem:
            (total.truncated if record.frames else total.unreadable).append(record.clip)
        if record.frames and not record.faces:
            total.faceless.append(record.clip)
    return total


def is_published(target: Path, run_id: str) -> bool:
    """Whether this run's faces are published already.

    Raises:
        PlanError: something else is there.
    """
    if not target.exists():
        return False
    try:
        if read_about(target).get("run") == run_id:
            return True
    except DatasetError:
        pass
    raise PlanError(
        f"Faces named {target.name} already exist.",
        advice="Choose another name, or delete those first.",
    )


def publish(
    checkpoint: Path, target: Path, plan: FacesPlan, source: VideoSource, *, made_at: datetime
) -> ExtractionSummary:
    """Write the result beside the checkpoint, then move it to the target.

    Raises:
        UnreadableDataset: there is no face.
        PlanError: the target was taken meanwhile.
        OSError: it cannot be written.
    """
    run_dir = checkpoint.parent
    total = summarise(checkpoint)
    if total.faces == 0:
        raise _no_faces(total)
    result = run_dir / RESULT
    if result.exists():
        delete_ours(result, within=run_dir)
    result.mkdir()
    try:
        files = {TABLE_FILE: _write_table(checkpoint, result)}
        if plan.keep_pictures:
            files[PIXELS_FILE] = _write_pixels(checkpoint, result, total.faces, plan.size_px)
        about = _about(plan, source, total) | {
            "run": run_dir.name,
            "made_at": made_at.isoformat(),
            "files": files,
        }
        with (result / ABOUT_FILE).open("wb") as file:
            file.write(json.dumps(about, indent=1, allow_nan=False).encode())
            sync(file)
        is_published(target, run_dir.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        result.rename(target)
    except BaseException:
        discard_ours(result, within=run_dir)  # frees the space on a full disk
        raise
    return total


def _no_faces(total: ExtractionSummary) -> UnreadableDataset:
    reasons = ", ".join(f"{why} {count:,}" for why, count in total.rejected.most_common(3))
    return UnreadableDataset(
        f"No usable face in {counted(total.frames, 'frame')} of {counted(total.clips, 'clip')}"
        f"{f' ({reasons})' if reasons else ''}.",
        advice="Choose videos with near, well-lit faces turned to the camera.",
    )


def _write_table(checkpoint: Path, result: Path) -> str:
    with (result / TABLE_FILE).open("w+b") as file:
        header = ",".join(COLUMNS)
        file.write(f"{header}\n".encode())
        return _append(file, checkpoint / RAW_TABLE)


def _write_pixels(checkpoint: Path, result: Path, faces: int, size_px: int) -> str:
    """Write a `.npy` file from the raw pixels without loading them; returns its sha256."""
    shape = {"descr": "|u1", "fortran_order": False, "shape": (faces, size_px, size_px)}
    with (result / PIXELS_FILE).open("w+b") as file:
        np.lib.format.write_array_header_1_0(file, shape)
        return _append(file, checkpoint / RAW_PIXELS)


def _append(file: BufferedRandom, source_file: Path) -> str:
    """Append what is in `source_file`; the sha256 of the whole is the answer."""
    with source_file.open("rb") as raw:
        shutil.copyfileobj(raw, file)
    sync(file)
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()


def _about(plan: FacesPlan, source: VideoSource, total: ExtractionSummary) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "name": plan.name,
        "source": {"kind": source.kind, "path": plan.path, "holds": source.counts},
        "licence": source.licence,
        "notes": list(source.sentences),
        "plan": plan.to_json(),
        "counts": {
            "clips": total.clips,
            "people": len(total.people),
            "frames": total.frames,
            "faces": total.faces,
        },
        "rejected": dict(total.rejected.most_common()),
        "faceless": _first_names(total.faceless),
        "unreadable": _first_names(total.unreadable),
        "broken_off": _first_names(total.truncated),
    }


def _first_names(clips: list[str]) -> Mapping[str, Any]:
    return {"count": len(clips), "first": clips[:_MOST_NAMED]}
