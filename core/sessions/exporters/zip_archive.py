"""A session as one archive."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from core.domain import BLENDSHAPES, Session, Timeline
from core.sessions.exporters.csv_file import (
    ENCODING,
    DerivedColumns,
    codebook_bytes,
    csv_bytes,
    csv_cell,
)

if TYPE_CHECKING:
    import pandas as pd


def zip_bytes(
    session: Session, timeline: Timeline, measured: DerivedColumns, about: Mapping[str, Any]
) -> bytes:
    """Rows, marks, blendshapes, codebook and a JSON file about the session.

    Args:
        about: further plain values for session.json, such as the model card's.
    """
    facts = {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in vars(session).items()
    }
    facts["shown_as"] = vars(measured.shown_as)
    facts["eye"] = sorted({str(one) for one in timeline.eye} - {""})
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("session.csv", csv_bytes(session, timeline, measured))
        archive.writestr("events.csv", _as_csv(_events(timeline)))
        archive.writestr("blendshapes.csv", _as_csv(_blendshapes(timeline)))
        archive.writestr("codebook.csv", codebook_bytes(timeline.scheme, measured.shown_as))
        archive.writestr("session.json", json.dumps({**facts, **about}, indent=1))
    return packed.getvalue()


def _events(timeline: Timeline) -> pd.DataFrame:
    import pandas as pd

    rows = [(one.time_s, one.kind.value, csv_cell(one.words)) for one in timeline.events]
    return pd.DataFrame(rows, columns=["t_s", "kind", "words"])


def _blendshapes(timeline: Timeline) -> pd.DataFrame:
    """A separate file: 52 more columns would double the size of the session file."""
    import pandas as pd

    known = timeline.where(~np.isnan(timeline.blendshapes[:, 0]))
    keys = {"t_s": known.time_s, "frame": known.frame_index, "face_id": known.face_id}
    shapes = known.blendshapes.astype(np.float64).round(3)
    shapes_by_name = {name: shapes[:, at] for at, name in enumerate(BLENDSHAPES)}
    return pd.DataFrame(keys | shapes_by_name)


def _as_csv(table: pd.DataFrame) -> bytes:
    return table.to_csv(index=False, lineterminator="\n").encode(ENCODING)
