"""Calibrations in the database: values, and their rows."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, insert, update

from core.domain import Participant
from core.domain.errors import StoreError
from core.domain.plain_values import from_plain, parse_json, to_plain
from core.measures import Calibration
from core.sessions.stored_session import text_of
from core.storage.corrupt_data import short_message

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class MeasuredCalibration:
    """A calibration with its time.

    Attributes:
        calibration: the numbers.
        measured_at: aware, UTC.
    """

    calibration: Calibration
    measured_at: datetime

    def __post_init__(self) -> None:
        if self.measured_at.utcoffset() is None:
            raise ValueError(f"the time of a calibration needs a time zone: {self.measured_at}")


@dataclass(frozen=True)
class KeptCalibration:
    """A calibration that is kept for next sessions.

    Attributes:
        participant: whose it is.
        measured: the numbers and their time.
    """

    participant: Participant
    measured: MeasuredCalibration


def write_calibration(
    connection: Connection, table: Table, owner: Mapping[str, int], measured: MeasuredCalibration
) -> None:
    """Store a calibration; an earlier one of the same owner is replaced.

    Args:
        table: `session_calibrations` or `participant_calibrations`.
        owner: its key columns, by name.
    """
    row = {
        "measured_at": text_of(measured.measured_at),
        "numbers": json.dumps(to_plain(measured.calibration), allow_nan=False),
    }
    own = [table.c[column] == key for column, key in owner.items()]
    known = update(table).where(*own).values(**row)
    if connection.execute(known).rowcount == 0:
        connection.execute(insert(table).values(**owner, **row))


def calibration_from(row: Mapping[Any, Any]) -> MeasuredCalibration:
    """A calibration from its row.

    Raises:
        StoreError: it is damaged, or of a later version.
    """
    try:
        numbers = from_plain(Calibration, parse_json(row["numbers"]))
        return MeasuredCalibration(numbers, datetime.fromisoformat(row["measured_at"]))
    except (ValueError, TypeError) as error:
        raise StoreError(
            f"A stored calibration cannot be read: {short_message(error)}.",
            advice="Update Mien, or restore the database from a copy.",
        ) from error


def readable_calibrations(rows: Iterable[Mapping[Any, Any]]) -> dict[int, MeasuredCalibration]:
    """The calibrations of a session by face; those that cannot be read are left out, and logged."""
    found = {}
    for row in rows:
        try:
            found[row["face_id"]] = calibration_from(row)
        except StoreError as error:
            _log.warning("the calibration of face %s is left out: %s", row["face_id"], error)
    return found


def own_values(by_face: Mapping[int, MeasuredCalibration]) -> dict[int, Calibration]:
    """The calibrations alone, by face, as measures take them."""
    return {face_id: one.calibration for face_id, one in by_face.items()}


def calibration_facts(by_face: Mapping[int, MeasuredCalibration]) -> list[dict[str, Any]]:
    """Calibrations as plain values for a file that a person takes away."""
    return [
        {
            "face_id": face_id,
            "measured_at": one.measured_at.isoformat(),
            **to_plain(one.calibration),
        }
        for face_id, one in by_face.items()
    ]
