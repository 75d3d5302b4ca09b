"""An uploaded model's file, kept until its import is over."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path, PureWindowsPath
from typing import BinaryIO

from core.conversion.importing.kinds import expect_ending
from core.datasets.catalogue import discard_upload
from core.storage.atomic import atomic_file, store_upload
from core.storage.own_files import discard_ours
from core.storage.settings import Settings

_LONGEST_STEM = 60


def keep_model_upload(uploads_dir: Path, file: BinaryIO, file_name: str, upload_id: str) -> Path:
    """Keep an uploaded model's file; the run that imports it deletes it (`ImportPlan.is_upload`).

    Args:
        file: its bytes, from the beginning.
        file_name: as the visitor's browser says; only its last part is used.
        upload_id: names the folder it is kept in.
    Returns:
        Where it lies.
    Raises:
        PlanError: of another kind by its name.
        OSError: the disk refused; nothing is kept.
    """
    name = PureWindowsPath(file_name)  # takes both kinds of slashes for what they are
    expect_ending(name.name)
    plain = "".join(one if one.isalnum() or one in "._-" else "-" for one in name.stem)
    stem = plain[:_LONGEST_STEM].strip("-.") or "model"
    return store_upload(uploads_dir / upload_id / f"{stem}{name.suffix.lower()}", file)


def keep_description(weights: Path, file: BinaryIO) -> Path:
    """Keep an uploaded JSON description beside the weights it belongs to; it goes with them.

    Raises:
        OSError: the disk refused; neither the weights nor the description is kept.
    """
    path = weights.with_suffix(".json")
    try:
        with atomic_file(path) as kept:
            shutil.copyfileobj(file, kept)
    except BaseException:
        discard_ours(weights.parent, within=weights.parent.parent)
        raise
    return path


def discard_model_upload(settings: Settings, plan: Mapping[str, object]) -> None:
    """Delete what was uploaded for an import that is over, whatever became of it.

    Args:
        plan: of the run; one that names a file which was not uploaded is left alone.
    """
    if plan.get("is_upload") is True:
        discard_upload(settings.uploads_dir, str(plan.get("path", "")))
