"""The tables of sessions as files: CSV, Parquet, JSON. Each session is written before the next is
read.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from core.domain import BLENDSHAPES, Session, Timeline
from core.sessions.exporters.binned_columns import TEXTS
from core.sessions.exporters.codebook_appendix import blendshape_rows, table_rows
from core.sessions.exporters.csv_file import ENCODING
from core.sessions.exporters.csv_text import csv_text
from core.sessions.exporters.export_source import ExportBatch, ExportSource
from core.sessions.exporters.export_tables import TABLES, table_columns

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

CODEBOOK_KEY, SESSIONS_KEY = b"mien.codebook", b"mien.sessions"
"""Metadata of a Parquet file: its schema has the codebook, the file what is known of each session;
both JSON."""

JSON_FORMAT = "mien-sessions/1"

_TIMES = {"t_utc", "begins_utc", "ends_utc"}
_TEXT_COLUMNS = {*TEXTS, "person", "kind", "label", "words"} - _TIMES
_WHOLE_NUMBERS = {"frame", "face_id"}


def write_csv(batch: ExportBatch, out: BinaryIO, *, table: str) -> None:
    """One table of all sessions: UTF-8 with a byte-order mark, for Excel."""
    columns = table_columns(table, batch.codebook)
    encoding = ENCODING
    for source in batch.sources:
        text = csv_text(_complete(TABLES[table](source), columns))
        if encoding != ENCODING:  # the header is there
            text = text.split("\n", 1)[1]
        out.write(text.encode(encoding))
        encoding = "utf-8"


def _complete(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    return table if list(table.columns) == columns else table.reindex(columns=columns)


def write_parquet(batch: ExportBatch, out: BinaryIO, *, table: str) -> None:
    """One table of all sessions, each a row group or more; times are UTC timestamps.

    The rows have the blendshapes too. Each column has its unit, range and meaning as metadata.
    """
    import pyarrow.parquet as parquet

    columns = table_columns(table, batch.codebook)
    codebook = codebook_of_table(table, batch)
    if table == "rows":
        columns = [*columns, *BLENDSHAPES]
    schema = _schema(columns, codebook)
    facts = []
    with parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        for source in batch.sources:
            frame = TABLES[table](source)
            if table == "rows":
                frame = with_blendshapes(frame, source.timeline)
            writer.write_table(_arrow(_complete(frame, columns), schema), row_group_size=1 << 17)
            facts.append(session_facts(source))
        writer.add_key_value_metadata({SESSIONS_KEY: json.dumps(facts)})


def codebook_of_table(table: str, batch: ExportBatch) -> list[dict[str, str]]:
    """Column, unit, range and meaning of each column of a table."""
    rows = table_rows(table, batch.codebook)
    if table == "rows":
        rows = [*rows, *blendshape_rows()]
    return [dict(zip(("column", "unit", "range", "meaning"), row, strict=True)) for row in rows]


def with_blendshapes(frame: pd.DataFrame, timeline: Timeline) -> pd.DataFrame:
    """The rows with a column for each blendshape, NaN without landmarks."""
    import pandas as pd

    shapes = pd.DataFrame(timeline.blendshapes, columns=list(BLENDSHAPES), index=frame.index)
    return pd.concat([frame, shapes], axis=1)


def _schema(columns: list[str], codebook: list[dict[str, str]]) -> pa.Schema:
    import pyarrow as pa

    known = {one["column"]: one for one in codebook}
    types = {name: _type(name) for name in columns}
    return pa.schema(
        [
            pa.field(name, types[name], metadata={**known[name]} if name in known else None)
            for name in columns
        ],
        metadata={CODEBOOK_KEY: json.dumps(codebook)},
    )


def _type(column: str) -> pa.DataType:
    import pyarrow as pa

    if column in _TIMES:
        return pa.timestamp("ms", tz="UTC")
    if column in _TEXT_COLUMNS:
        return pa.dictionary(pa.int32(), pa.string())
    if column in _WHOLE_NUMBERS:
        return pa.int64()
    if column in BLENDSHAPES:
        return pa.float32()
    return pa.float64()


def _arrow(frame: pd.DataFrame, schema: pa.Schema) -> pa.Table:
    import pandas as pd
    import pyarrow as pa

    for name in _TIMES & set(frame.columns):
        frame[name] = pd.to_datetime(frame[name].replace("", None), utc=True, format="ISO8601")
    for name in _TEXT_COLUMNS & set(frame.columns):
        frame[name] = frame[name].astype(object).fillna("").astype(str)
    if "usable" in frame and frame["usable"].dtype == np.bool_:
        frame["usable"] = frame["usable"].astype(np.float64)
    return pa.Table.from_pandas(frame, schema=schema, preserve_index=False)


def write_json(batch: ExportBatch, out: BinaryIO) -> None:
    """Everything of all sessions as one document; each table is a list for each column."""
    codebook = {name: codebook_of_table(name, batch) for name in TABLES}
    head = {"format": JSON_FORMAT, "codebook": codebook}
    out.write(f'{json.dumps(head)[:-1]}, "sessions": ['.encode())
    separator = ""
    for source in batch.sources:
        tables = {name: make(source) for name, make in TABLES.items()}
        tables["rows"] = with_blendshapes(tables["rows"], source.timeline)
        plain = {name: _lists(table) for name, table in tables.items()}
        text = json.dumps({"session": session_facts(source), **plain}, ensure_ascii=False)
        out.write(f"{separator}\n{text}".encode())
        separator = ","
    out.write(b"\n]}\n")


def _lists(table: pd.DataFrame) -> dict[str, list[Any]]:
    return {
        name: table[name].astype(object).where(table[name].notna(), None).tolist()
        for name in table.columns
    }


def session_facts(source: ExportSource) -> dict[str, Any]:
    """What is known of a session beside its rows, as plain values."""
    facts = _plain(source.session)
    if not source.has_clock:
        del facts["began_at"]
    eyes = sorted({str(one) for one in source.timeline.eye} - {""})
    about = {"shown_as": vars(source.derived.shown_as), "eye": eyes, **source.about}
    people = {str(face): name for face, name in source.people.items()}
    return facts | about | ({"people": people} if people else {})


def _plain(session: Session) -> dict[str, Any]:
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in vars(session).items()
    }
