"""Seconds of learners as bytes, and back: a block is what one server took together.

A block is compressed (zlib): a line of JSON that names its columns, and the bytes of all rows by
their place in a row, first bytes of all rows, then second bytes. A row is the second (int32), the
learner (uint16), and one byte for each share: two-hundredths, 255 where nothing was measured.
What a class does not share has no column.
"""

from __future__ import annotations

import json
import logging
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from core.domain.classroom import SHARE_COLUMNS, ClassSeconds, Shared, joined_seconds
from core.domain.plain_values import parse_json
from core.storage.corrupt_data import DAMAGED_CONTENT, short_message

FORMAT = 1
"""Of blocks; formats are only ever added."""

STEPS = 200
"""A share is kept in so many steps: to the nearest .005."""

_log = logging.getLogger(__name__)

_MISSING = 255
_SHARES = np.where(np.arange(256) <= STEPS, np.arange(256) / STEPS, np.nan).astype(np.float32)
_SECOND, _LEARNER, _FIRST_SHARE = slice(0, 4), slice(4, 6), 6
_LEVEL = 1  # 6 saves 3 %, and makes a withdrawal take half as long again
_ALWAYS = ("measured", "usable", "present")
_COLUMNS = {
    Shared.PRESENT: _ALWAYS,
    Shared.FACING: ("facing",),
    Shared.ENGAGEMENT: ("facing", "eyes_open", "expression"),
    Shared.EXPRESSIONS: (),  # their scores are counted by themselves
    Shared.ROWS: (),  # they are a session of their own
}


def columns_of(shared: Iterable[Shared]) -> tuple[str, ...]:
    """Names of the columns with one share for each row that a class keeps: of `SHARE_COLUMNS`."""
    kept = {name for one in shared for name in _COLUMNS[one]}
    return tuple(name for name in SHARE_COLUMNS if name in kept)


def pack(seconds: ClassSeconds, columns: Sequence[str], scores: int) -> bytes:
    """Rows as a block.

    Args:
        columns: that are kept, of `columns_of`; all others are dropped.
        scores: how many are kept: 0, or as many as there are.
    Raises:
        ValueError: there is another number of scores, or a second is too late to be kept.
    """
    if scores and seconds.scores.shape[1] != scores:
        raise ValueError(f"rows have {scores} scores, got {seconds.scores.shape[1]}")
    if len(seconds) and not 0 <= seconds.second.min() <= seconds.second.max() < 1 << 31:
        raise ValueError("seconds of a class are 0 or later, and fit 31 bits")
    shares = np.column_stack(
        [*(getattr(seconds, name) for name in columns), seconds.scores[:, :scores]]
    )
    missing = np.isnan(shares)
    steps = np.where(missing, _MISSING, np.rint(np.where(missing, 0, shares) * STEPS))
    if "measured" in columns:  # a row says that something was
        measured = columns.index("measured")
        steps[:, measured] = np.maximum(steps[:, measured], 1)
    rows = np.concatenate(
        [
            seconds.second.astype("<i4")[:, None].view(np.uint8),
            seconds.learner.astype("<u2")[:, None].view(np.uint8),
            steps.astype(np.uint8),
        ],
        axis=1,
    )
    header = json.dumps({"columns": list(columns), "scores": scores}, separators=(",", ":"))
    return _block(header.encode(), rows.T)


def unpack(blocks: Iterable[tuple[bytes, int]], scores: int) -> ClassSeconds:
    """The rows of blocks by second and learner; of those stored twice, the first. Blocks that
    cannot be read are logged: they hide no others.

    Args:
        blocks: content and format of each, in the order they were stored.
        scores: of a row, where they are kept.
    """
    return _unpacked(blocks, scores, lambda _: None)


def unpack_learners(
    blocks: Iterable[tuple[bytes, int]], scores: int, numbers: Sequence[int]
) -> ClassSeconds:
    """The same, of some learners alone."""
    return _unpacked(blocks, scores, lambda planes: np.isin(_numbers(planes), numbers))


def without_learners(
    blocks: Iterable[tuple[bytes, int]], numbers: Sequence[int]
) -> Iterator[bytes | None]:
    """Blocks without the rows of some learners, perhaps empty; None for each that holds none.

    Of a block that cannot be read nothing is left: nobody can tell whether it holds some.
    """
    is_gone = np.zeros(1 << 16, np.bool_)
    is_gone[list(numbers)] = True
    for content, form in blocks:
        try:
            header, planes = _opened(content, form)
        except DAMAGED_CONTENT as error:
            _log.warning("emptied, as somebody withdrew: a block: %s", short_message(error))
            yield _block(b'{"columns":[],"scores":0}', np.zeros((_FIRST_SHARE, 0), np.uint8))
            continue
        gone = is_gone[_numbers(planes)]
        yield _block(header, planes[:, ~gone]) if gone.any() else None


def _unpacked(
    blocks: Iterable[tuple[bytes, int]],
    scores: int,
    chosen: Callable[[NDArray[np.uint8]], NDArray[np.bool_] | None],
) -> ClassSeconds:
    """Rows of blocks; `chosen` says which of a block's, None for all."""
    by_header: dict[bytes, list[NDArray[np.uint8]]] = {}
    for content, form in blocks:
        try:
            header, planes = _opened(content, form)
        except DAMAGED_CONTENT as error:
            _log.warning("left out of a class: a block: %s", short_message(error))
            continue
        rows = chosen(planes)
        by_header.setdefault(header, []).append(planes if rows is None else planes[:, rows])
    # Together: a lesson has thousands of blocks.
    return _first_ones(
        [
            _seconds_of(header, np.concatenate(parts, axis=1), scores)
            for header, parts in by_header.items()
        ],
        scores,
    )


def _seconds_of(header: bytes, planes: NDArray[np.uint8], scores: int) -> ClassSeconds:
    """Rows whose bytes are `planes`; columns that are not kept are missing."""
    names, kept = _columns_in(header)
    missing = np.full(planes.shape[1], np.nan, np.float32)
    shares = {name: missing for name in SHARE_COLUMNS}
    for at, name in enumerate(names, start=_FIRST_SHARE):
        shares[name] = _SHARES[planes[at]]
    if kept == scores:
        of_rows = _SHARES[np.ascontiguousarray(planes[_FIRST_SHARE + len(names) :].T)]
    else:
        of_rows = np.full((planes.shape[1], scores), np.nan, np.float32)
    second = np.ascontiguousarray(planes[_SECOND].T).view("<i4")[:, 0].astype(np.int64)
    return ClassSeconds(second, _numbers(planes), **shares, scores=of_rows)


def _first_ones(parts: Sequence[ClassSeconds], scores: int) -> ClassSeconds:
    """Rows by second and learner, of each the first."""
    whole = joined_seconds(parts, scores)
    order = whole.second << 16 | whole.learner
    if len(whole) < 2 or (np.diff(order) > 0).all():
        return whole
    return whole.rows(np.unique(order, return_index=True)[1])


def _opened(content: bytes, form: int) -> tuple[bytes, NDArray[np.uint8]]:
    """Header and `(width, rows)` bytes of a block.

    Raises:
        DAMAGED_CONTENT: it cannot be read.
    """
    if form != FORMAT:
        raise ValueError(f"it has format {form}; this Mien knows {FORMAT}")
    header, body = zlib.decompress(content).split(b"\n", 1)
    names, scores = _columns_in(header)
    return header, np.frombuffer(body, np.uint8).reshape(_FIRST_SHARE + len(names) + scores, -1)


@lru_cache(maxsize=256)
def _columns_in(header: bytes) -> tuple[tuple[str, ...], int]:
    """Names of shares, and the number of scores."""
    about = parse_json(header)
    names, scores = tuple(about["columns"]), about["scores"]
    if not set(names) <= set(SHARE_COLUMNS) or not isinstance(scores, int) or scores < 0:
        raise ValueError("its columns are unknown")
    return names, scores


def _numbers(planes: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Numbers of the learners of rows."""
    return np.ascontiguousarray(planes[_LEARNER].T).view("<u2")[:, 0].astype(np.int64)


def _block(header: bytes, planes: NDArray[np.uint8]) -> bytes:
    return zlib.compress(header + b"\n" + planes.tobytes(), _LEVEL)
