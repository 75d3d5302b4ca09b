"""Sessions as xAPI statements (IEEE 9274.1.1): what a person did, and nothing that was measured.

Only sessions with a stored consent make statements, and only of verbs without emotion: that a
session began and ended, that a question was answered, something looked at, a task done.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO
from uuid import NAMESPACE_URL, uuid5

from core.domain import Segment, SegmentKind
from core.domain.errors import PlanError
from core.sessions.exporters.clock_times import clock_texts
from core.sessions.exporters.export_source import ExportBatch, ExportSource

HOME = "https://mien.invalid/"
"""Of actors and activities: a name that belongs to nobody (RFC 2606)."""

_VERBS = "http://adlnet.gov/expapi/verbs/"
_OF_SEGMENT = {
    SegmentKind.QUESTION: "responded",
    SegmentKind.SLIDE: "experienced",
    SegmentKind.TASK: "completed",
}
_TYPES = {
    SegmentKind.QUESTION: "http://adlnet.gov/expapi/activities/question",
    SegmentKind.SLIDE: "http://adlnet.gov/expapi/activities/media",
    SegmentKind.TASK: "http://adlnet.gov/expapi/activities/simulation",
}


def write_xapi(batch: ExportBatch, out: BinaryIO) -> None:
    """A JSON list of statements, as a learning record store takes it.

    A statement's id follows from what it says: sent twice, it is stored once.

    Raises:
        PlanError: no session has a consent, or none has any rows.
    """
    statements: list[dict[str, Any]] = []
    for source in batch.sources:
        if source.has_consent:
            statements += _statements(source)
    if not statements:
        raise PlanError(
            "No statement can be made: no consent is stored with these sessions.",
            advice="Choose sessions that were recorded with consent.",
        )
    out.write(json.dumps(statements, indent=1, ensure_ascii=False).encode())


def _statements(source: ExportSource) -> Iterator[dict[str, Any]]:
    times = source.timeline.time_s
    if not len(times):
        return
    first_s, last_s = float(times[0]), float(times[-1])
    whole = {"name": {"en": "session"}, "type": "http://adlnet.gov/expapi/activities/meeting"}
    activity = f"sessions/{_slug(source.session.id)}"
    yield _statement(source, "initialized", first_s, (activity, whole))
    for at, one in enumerate(source.segments):
        yield _of_segment(source, one, f"{activity}/{one.kind.value}-{at + 1}", last_s)
    end = _statement(source, "terminated", last_s, (activity, whole))
    yield end | {"result": {"duration": _duration(last_s - first_s)}}


def _of_segment(
    source: ExportSource, segment: Segment, activity: str, last_s: float
) -> dict[str, Any]:
    ends_s = max(segment.begins_s, last_s if segment.ends_s is None else segment.ends_s)
    definition: dict[str, Any] = {"type": _TYPES[segment.kind]}
    if segment.prompt:
        definition["name"] = {"und": segment.prompt}
    made = _statement(source, _OF_SEGMENT[segment.kind], ends_s, (activity, definition))
    return made | {"result": {"duration": _duration(ends_s - segment.begins_s)}}


def _statement(
    source: ExportSource, verb: str, time_s: float, about: tuple[str, dict[str, Any]]
) -> dict[str, Any]:
    activity, definition = about
    actor = _actor(source)
    said = f"{HOME}{activity}#{actor} {verb} {time_s:.3f}"
    made = {
        "id": str(uuid5(NAMESPACE_URL, said)),
        "actor": {"objectType": "Agent", "account": {"homePage": HOME, "name": actor}},
        "verb": {"id": f"{_VERBS}{verb}", "display": {"en": verb}},
        "object": {"objectType": "Activity", "id": f"{HOME}{activity}", "definition": definition},
    }
    if source.has_clock:
        made["timestamp"] = str(clock_texts(source.session, [time_s])[0])
    return made


def _actor(source: ExportSource) -> str:
    """The only person of the session; otherwise the session stands for whoever was there."""
    people = set(source.people.values())
    return people.pop() if len(people) == 1 else source.session.id


def _slug(session_id: str) -> str:
    return session_id.replace(" ", "-")


def _duration(seconds: float) -> str:
    """ISO 8601, to hundredths as xAPI asks."""
    return f"PT{seconds:.2f}S"
