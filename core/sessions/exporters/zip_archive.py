"""Sessions as one archive: every table, the codebook and a JSON file about each session."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from core.domain import BLENDSHAPES, Timeline
from core.sessions.exporters.csv_file import ENCODING, codebook_bytes
from core.sessions.exporters.csv_text import csv_text
from core.sessions.exporters.export_source import ExportBatch
from core.sessions.exporters.export_tables import TABLES
from core.sessions.exporters.table_files import session_facts

if TYPE_CHECKING:
    import pandas as pd

_FILES = {"rows": "session.csv"}
"""Table -> its file, where that is not its own name."""


def write_zip(batch: ExportBatch, out: BinaryIO) -> None:
    """The files of each session; of several, each in a folder of its own."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for source in batch.sources:
            folder = f"{source.session.id}/" if batch.count > 1 else ""
            for name, make in TABLES.items():
                path = f"{folder}{_FILES.get(name, f'{name}.csv')}"
                archive.writestr(path, csv_text(make(source)).encode(ENCODING))
            shapes = csv_text(_blendshapes(source.timeline)).encode(ENCODING)
            archive.writestr(f"{folder}blendshapes.csv", shapes)
            shown_as = source.derived.shown_as
            codebook = codebook_bytes(source.timeline.scheme, shown_as)
            archive.writestr(f"{folder}codebook.csv", codebook)
            facts = json.dumps(session_facts(source), indent=1)
            archive.writestr(f"{folder}session.json", facts)


def _blendshapes(timeline: Timeline) -> pd.DataFrame:
    """A separate file: 52 more columns would double the size of the session file."""
    import pandas as pd

    known = timeline.where(~np.isnan(timeline.blendshapes[:, 0]))
    keys = {"t_s": known.time_s, "frame": known.frame_index, "face_id": known.face_id}
    shapes = known.blendshapes.astype(np.float64).round(3)
    shapes_by_name = {name: shapes[:, at] for at, name in enumerate(BLENDSHAPES)}
    return pd.DataFrame(keys | shapes_by_name)
