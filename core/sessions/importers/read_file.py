"""Reads any file that sessions can be imported from."""

from __future__ import annotations

import io
from pathlib import PurePath

from core.domain.errors import PlanError
from core.sessions.importers.foreign_files import from_fex, from_openface
from core.sessions.importers.imported_session import ImportedSession
from core.sessions.importers.mien_files import from_csv, from_json, from_parquet
from core.storage.corrupt_data import short_message

USUAL_FPS = 30.0
"""Of videos whose Fex table has frames and no times."""


def read_sessions(name: str, content: bytes, *, fps: float = USUAL_FPS) -> list[ImportedSession]:
    """The sessions of a file that Mien, Py-Feat or OpenFace wrote.

    Args:
        name: of the file; its ending says what it is.
        content: of the file.
        fps: of the video, above 0; only Fex tables need it.
    Raises:
        PlanError: it cannot be read, is of no such kind, or has no rows; in one sentence.
    """
    try:
        found = _read(PurePath(name), content, fps)
    except (ValueError, KeyError, TypeError, OSError, AttributeError) as error:
        raise PlanError(
            f"{name} cannot be read as a session: {short_message(error)}.",
            advice="Export it again, as CSV of rows, Parquet, JSON, Fex or OpenFace CSV.",
        ) from error
    if not any(len(one.timeline) for one in found):
        raise PlanError(f"{name} has no rows.", advice="Choose a file with at least one.")
    return found


def _read(path: PurePath, content: bytes, fps: float) -> list[ImportedSession]:
    if not fps > 0:
        raise ValueError(f"{fps:g} frames a second are no rate")
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        return list(from_parquet(content))
    if suffix == ".json":
        return list(from_json(content))
    return _of_csv(path, content, fps)


def _of_csv(path: PurePath, content: bytes, fps: float) -> list[ImportedSession]:
    import pandas as pd

    table = pd.read_csv(io.BytesIO(content), encoding="utf-8-sig", skipinitialspace=True)
    table.columns = table.columns.str.strip()
    names = set(table.columns)
    cells = {name: table[name].to_numpy() for name in table.columns}
    if {"session_id", "t_s", "usable"} <= names and "frame" in names:
        return list(from_csv(content))
    if {"frame", "FaceRectX"} <= names:
        return [from_fex(cells, path.stem, fps)]
    if {"timestamp", "pose_Rx"} <= names:
        return [from_openface(cells, path.stem)]
    raise ValueError("its columns are those of no table that Mien knows")
