"""Adds moments and marks to sessions, in the caller's transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from core.domain import NO_FACE_ID, AnalysedFrame, Event, LabelScheme, Timeline
from core.domain.errors import StoreError
from core.domain.plain_values import parse_json
from core.domain.timeline import COLUMNS
from core.sessions.timeline_packing import (
    BLOCK_ROWS,
    columns_of,
    joined,
    packed_blocks,
    pauses_of,
    scheme_named,
)
from core.storage import tables
from core.storage.frame_row_columns import CURRENT_FORMAT
from core.storage.packed_rows import stored_time, unpack_rows

_SESSIONS, _BLOCKS, _FACES = tables.sessions, tables.row_blocks, tables.session_faces

# Made once: to put a statement together takes as long as to run it.
_SMALL_BLOCKS = (
    select(_BLOCKS.c.key, _BLOCKS.c.first_row, _BLOCKS.c.row_count, _BLOCKS.c.content)
    .where(_BLOCKS.c.session_key == bindparam("of_session"))
    .where(_BLOCKS.c.first_row > bindparam("after_row"))
    .where(_BLOCKS.c.row_count < BLOCK_ROWS, _BLOCKS.c.form == CURRENT_FORMAT)
    .order_by(_BLOCKS.c.first_row)
)
_KNOWN_FACES = select(_FACES.c.session_key, _FACES.c.face_id).where(
    _FACES.c.session_key.in_(bindparam("of_sessions", expanding=True))
)
_SET_AMOUNTS = (
    update(_SESSIONS)
    .where(_SESSIONS.c.key == bindparam("of_session"))
    .values({one: bindparam(one) for one in ("row_count", "face_count", "first_s", "last_s")})
)
_DROP_BLOCKS = delete(_BLOCKS).where(_BLOCKS.c.key.in_(bindparam("keys", expanding=True)))
_ADD_BLOCKS, _ADD_FACES = insert(_BLOCKS), insert(_FACES)
_ADD_PAUSES, _ADD_EVENTS = insert(tables.session_pauses), insert(tables.session_events)


@dataclass(frozen=True, eq=False)
class Batch:
    """What is new of one session; nothing new is a heartbeat.

    Attributes:
        moments: in time order.
        events: marks.
    """

    session_id: str
    moments: Sequence[AnalysedFrame]
    events: Sequence[Event] = ()


@dataclass(eq=False)
class _Addition:
    """What is added to one session: its row, its columns, and its blocks as they will be."""

    row: Mapping[Any, Any]
    columns: dict[str, Any]
    blocks: list[tuple[int, bytes]]
    first_row: int
    merged: list[int] = field(default_factory=list)  # keys of blocks that these replace


def add_batches(
    connection: Connection, found: Mapping[str, Mapping[Any, Any]], batches: Sequence[Batch]
) -> dict[str, StoreError]:
    """Add rows, pauses and marks of several sessions, and update the sessions' amounts.

    Args:
        found: rows of the sessions by id, locked for other writers.
    Returns:
        Sessions that got nothing, and why: the label scheme is unknown, or the last block is
        damaged.
    """
    by_scheme, refused = _by_scheme(found, [one for one in batches if one.moments])
    additions: list[_Addition] = []
    for scheme, own in by_scheme.items():
        for batch, addition in zip(own, _additions(scheme, found, own), strict=True):
            try:
                _merge_small_blocks(connection, addition)
            except StoreError as error:
                refused[batch.session_id] = error
            else:
                additions.append(addition)
    if additions:
        _add_rows(connection, additions)
    _add_rest(connection, found, [one for one in batches if one.session_id not in refused])
    return refused


def _by_scheme(
    found: Mapping[str, Mapping[Any, Any]], batches: Sequence[Batch]
) -> tuple[dict[LabelScheme, list[Batch]], dict[str, StoreError]]:
    """Batches by the classes of their scores; and the sessions whose classes are not known."""
    by_scheme: dict[LabelScheme, list[Batch]] = defaultdict(list)
    refused: dict[str, StoreError] = {}
    for one in batches:
        try:
            by_scheme[_scheme_of(found[one.session_id])].append(one)
        except StoreError as error:
            refused[one.session_id] = error
    return by_scheme, refused


def _scheme_of(row: Mapping[Any, Any]) -> LabelScheme:
    labels = tuple(parse_json(row["labels"])) if row["labels"] else ()
    return scheme_named(row["scheme_name"], labels, row["id"])


def _additions(
    scheme: LabelScheme, found: Mapping[str, Mapping[Any, Any]], batches: Sequence[Batch]
) -> list[_Addition]:
    """Each session's columns and blocks, made together: for a second of rows that takes a third of
    the time of one after the other.
    """
    columns = columns_of(scheme, [moment for one in batches for moment in one.moments])
    counts = [sum(len(moment.observations) or 1 for moment in one.moments) for one in batches]
    additions, first = [], 0
    for batch, count, blocks in zip(batches, counts, packed_blocks(columns, counts), strict=True):
        row = found[batch.session_id]
        own = {name: values[first : first + count] for name, values in columns.items()}
        additions.append(_Addition(row, own, blocks, row["row_count"]))
        first += count
    return additions


def add_timeline(connection: Connection, row: Mapping[Any, Any], timeline: Timeline) -> None:
    """Add rows and marks that are columns already to a session that has none.

    Args:
        row: of the session.
    Raises:
        ValueError: a number does not fit its column.
    """
    if len(timeline):
        columns = {name: getattr(timeline, name) for name in COLUMNS}
        (blocks,) = packed_blocks(columns, [len(timeline)])
        _add_rows(connection, [_Addition(row, columns, blocks, row["row_count"])])
    _add_rest(connection, {row["id"]: row}, [Batch(row["id"], (), timeline.events)])


def _merge_small_blocks(connection: Connection, addition: _Addition) -> None:
    """Let small blocks become a full one, as soon as there are enough rows.

    Raises:
        StoreError: one is damaged.
    """
    rows, count = addition.row["row_count"], len(addition.columns["time_s"])
    if rows % BLOCK_ROWS + count < BLOCK_ROWS:  # full ones begin at multiples: nothing to ask
        return
    of_last = {"of_session": addition.row["key"], "after_row": rows - BLOCK_ROWS}
    small_blocks = connection.execute(_SMALL_BLOCKS, of_last).all()
    if not small_blocks or rows - small_blocks[0].first_row + count < BLOCK_ROWS:
        return
    small = [unpack_rows(one.content, CURRENT_FORMAT) for one in small_blocks]
    columns = joined([*small, addition.columns])
    addition.first_row = small_blocks[0].first_row
    (addition.blocks,) = packed_blocks(columns, [len(columns["time_s"])])
    addition.merged = [one.key for one in small_blocks]


def _add_rows(connection: Connection, additions: Sequence[_Addition]) -> None:
    merged = [key for one in additions for key in one.merged]
    if merged:
        connection.execute(_DROP_BLOCKS, {"keys": merged})
    connection.execute(_ADD_BLOCKS, [block for one in additions for block in _block_rows(one)])
    faces = _add_faces(connection, additions)
    connection.execute(_SET_AMOUNTS, [_amounts(one, faces) for one in additions])


def _block_rows(addition: _Addition) -> Iterable[dict[str, Any]]:
    first_row = addition.first_row
    for count, content in addition.blocks:
        block = {"session_key": addition.row["key"], "first_row": first_row, "row_count": count}
        yield block | {"form": CURRENT_FORMAT, "content": content}
        first_row += count


def _amounts(addition: _Addition, faces: Mapping[int, int]) -> dict[str, Any]:
    row, times = addition.row, addition.columns["time_s"]
    bounds_s = [stored_time(float(times.min())), stored_time(float(times.max()))]
    if row["row_count"]:
        bounds_s += [row["first_s"], row["last_s"]]
    return {
        "of_session": row["key"],
        "row_count": row["row_count"] + len(times),
        "face_count": row["face_count"] + faces.get(row["key"], 0),
        "first_s": min(bounds_s),
        "last_s": max(bounds_s),
    }


def _add_faces(connection: Connection, additions: Sequence[_Addition]) -> dict[int, int]:
    """Add faces; returns how many of them are new, by session."""
    keys = [one.row["key"] for one in additions]
    known = connection.execute(_KNOWN_FACES, {"of_sessions": keys}).all()
    seen = {
        (key, face_id)
        for key, one in zip(keys, additions, strict=True)
        for face_id in set(one.columns["face_id"].tolist()) - {NO_FACE_ID}
    }
    new = sorted(seen - {(one.session_key, one.face_id) for one in known})
    if new:
        rows = [{"session_key": key, "face_id": face_id} for key, face_id in new]
        connection.execute(_ADD_FACES, rows)
    counts: dict[int, int] = defaultdict(int)
    for key, _ in new:
        counts[key] += 1
    return counts


def _add_rest(
    connection: Connection, found: Mapping[str, Mapping[Any, Any]], batches: Sequence[Batch]
) -> None:
    """Add pauses, and marks, each at its own time."""
    keyed = [(found[one.session_id]["key"], one) for one in batches]
    pauses = [row | {"session_key": key} for key, one in keyed for row in pauses_of(one.moments)]
    if pauses:
        connection.execute(_ADD_PAUSES, pauses)
    events = [
        {
            "session_key": key,
            "time_s": stored_time(event.time_s),
            "kind": event.kind.value,
            "words": event.words,
        }
        for key, one in keyed
        for event in one.events
    ]
    if events:
        connection.execute(_ADD_EVENTS, events)
