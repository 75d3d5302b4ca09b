"""What files are made of: a session with its rows, and several of them in one export."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from core.domain import Event, EventKind, Segment, Session, Timeline
from core.sessions.exporters.codebook import codebook_rows
from core.sessions.exporters.codebook_measures import Row
from core.sessions.exporters.csv_file import DerivedColumns

SECOND = 1.0
"""The usual length of a bin, in seconds."""

LEAST_BIN_S, LONGEST_BIN_S = 0.01, 86_400.0


@dataclass(frozen=True, eq=False)
class ExportSource:
    """A session with everything that a file may say of it.

    Attributes:
        session: as stored.
        timeline: all rows, with the model's own scores.
        derived: the columns that follow from all rows.
        about: further plain values (the model's card, calibrations).
        segments: questions, slides and tasks.
        people: number of a face -> name of its participant, where one was assigned.
        bin_s: length of the bins of the table of seconds.
        has_clock: whether times of day may be told.
        was_agreed_to: of a session whose time of consent was left out.
    """

    session: Session
    timeline: Timeline
    derived: DerivedColumns
    about: Mapping[str, Any] = field(default_factory=dict)
    segments: tuple[Segment, ...] = ()
    people: Mapping[int, str] = field(default_factory=dict)
    bin_s: float = SECOND
    has_clock: bool = True
    was_agreed_to: bool = False

    def __post_init__(self) -> None:
        if not LEAST_BIN_S <= self.bin_s <= LONGEST_BIN_S:
            raise ValueError(f"a bin of {self.bin_s} s")

    @property
    def has_consent(self) -> bool:
        """Whether the person agreed to be recorded."""
        return self.was_agreed_to or self.session.consent_at is not None

    @property
    def codebook(self) -> list[Row]:
        """Column, unit, range and meaning of the table of rows, in its order."""
        return codebook_rows(self.timeline.scheme, self.derived.shown_as)


@dataclass(frozen=True, eq=False)
class ExportBatch:
    """The sessions of one file.

    Attributes:
        codebook: of the table of rows, for the columns of all sessions together.
        sources: one after another, each read when it is asked for; may be gone through once.
        count: how many.
    """

    codebook: tuple[Row, ...]
    sources: Iterable[ExportSource]
    count: int = 1

    @classmethod
    def of(cls, *sources: ExportSource) -> ExportBatch:
        """Sessions that are in memory; at least one."""
        return cls(joined_codebook(one.codebook for one in sources), sources, len(sources))

    @property
    def columns(self) -> list[str]:
        """Of the table of rows."""
        return [row[0] for row in self.codebook]


def joined_codebook(codebooks: Iterable[Iterable[Row]]) -> tuple[Row, ...]:
    """Each column once, in the order of its first appearance."""
    known: dict[str, Row] = {}
    for rows in codebooks:
        for row in rows:
            known.setdefault(row[0], row)
    return tuple(known.values())


class Pseudonyms:
    """Names for one export without identifiers: the same word has the same name in all sessions.

    No list of who is who is kept.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], str] = {}

    def name(self, kind: str, word: str) -> str:
        """Such as "session 1", in the order in which words are met."""
        of_kind = sum(known == kind for known, _ in self._known)
        return self._known.setdefault((kind, word), f"{kind} {of_kind + 1}")

    def hide(self, source: ExportSource) -> ExportSource:
        """The session without id, title, times of day, names, and words that people wrote."""
        session = source.session
        name = self.name("session", session.id)
        calibrations = source.about.get("calibrations", [])
        about = {
            **source.about,
            "calibrations": [
                {key: value for key, value in one.items() if key != "measured_at"}
                for one in calibrations
            ],
        }
        return replace(
            source,
            session=replace(session, id=name, title=name, ended_at=None, consent_at=None),
            timeline=replace(
                source.timeline, events=tuple(map(self._event, source.timeline.events))
            ),
            about=about,
            segments=tuple(map(self._segment, source.segments)),
            people={face: self.name("person", one) for face, one in source.people.items()},
            has_clock=False,
            was_agreed_to=source.has_consent,
        )

    def _event(self, event: Event) -> Event:
        if event.kind is not EventKind.MARK:  # written by the program
            return event
        return replace(event, words=self.name(event.kind.value, event.words))

    def _segment(self, segment: Segment) -> Segment:
        if not segment.prompt:
            return segment
        return replace(segment, prompt=self.name(segment.kind.value, segment.prompt))
