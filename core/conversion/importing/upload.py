"""Uploaded model files, stored until their import is over."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path, PureWindowsPath
from typing import BinaryIO

from core.conversion.importing.refused_files import expect_ending
from core.datasets.catalogue import discard_upload
from core.settings import Settings
from core.storage.atomic import atomic_file, store_upload
from core.storage.own_files import discard_ours

_MAX_STEM_LENGTH = 60


def keep_model_upload(uploads_dir: Path, file: BinaryIO, file_name: str, upload_id: str) -> Path:
    """Store an uploaded model file; the run that imports it deletes it (`ImportPlan.is_upload`).

    Args:
        file: its bytes, from the start.
        file_name: as the visitor's browser gives it; only its last part is used.
        upload_id: name of its folder.
    Returns:
        Its path.
    Raises:
        PlanError: a file of this name cannot be imported.
        OSError: the disk refused; nothing is stored.
    """
    name = PureWindowsPath(file_name)  # understands both kinds of slashes
    expect_ending(name.name)
    plain = "".join(one if one.isalnum() or one in "._-" else "-" for one in name.stem)
    stem = plain[:_MAX_STEM_LENGTH].strip("-.") or "model"
    return store_upload(uploads_dir / upload_id / f"{stem}{name.suffix.lower()}", file)


def keep_description(weights: Path, file: BinaryIO) -> Path:
    """Store an uploaded JSON description beside its weights; it is deleted with them.

    Raises:
        OSError: the disk refused; neither the weights nor the description is stored.
    """
    path = weights.with_suffix(".json")
    try:
        with atomic_file(path) as target:
            shutil.copyfileobj(file, target)
    except BaseException:
        discard_ours(weights.parent, within=weights.parent.parent)
        raise
    return path


def discard_model_upload(settings: Settings, plan: Mapping[str, object]) -> None:
    """Delete the upload of an import that is over, whatever its outcome.

    Args:
        plan: of the run; a file that was not uploaded is left alone.
    """
    if plan.get("is_upload") is True:
        discard_upload(settings.uploads_dir, str(plan.get("path", "")))
