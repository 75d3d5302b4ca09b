"""The figures of each face of a session, for workbook and report: those that the page shows."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.domain import SourceKind
from core.measures import FaceSummary, MeasureFigure, measure_figures, shown_shares, summarise
from core.sessions.exporters.export_source import ExportSource


@dataclass(frozen=True, eq=False)
class FaceFigures:
    """What a session says of one face.

    Attributes:
        face_id: its number.
        person: whose it is; empty where not stored.
        summary: time in view, usable time and shares of what was shown.
        figures: each measure that is in files.
    """

    face_id: int
    person: str
    summary: FaceSummary
    figures: tuple[MeasureFigure, ...]

    @property
    def name(self) -> str:
        """The person, or the face's number."""
        return self.person or f"Face {self.face_id}"


def faces_of(source: ExportSource) -> list[FaceFigures]:
    """The figures of every face, by number."""
    derived, found = source.derived, []
    summary = summarise(source.timeline, not_sure_below=derived.shown_as.not_sure_below)
    for one in summary.faces:
        own = source.timeline.face_id == one.face_id
        columns = {name: values[own] for name, values in derived.measures.items()}
        # As the session is shown, which need not be the model's own classes.
        shares = shown_shares(derived.shown, derived.seconds, own & (derived.shown != ""))
        figures = measure_figures(derived.seconds[own], columns)
        in_files = tuple(each for each in figures if each.measure.basis_column)
        person = source.people.get(one.face_id, "")
        found.append(FaceFigures(one.face_id, person, replace(one, shares=shares), in_files))
    return found


def is_moment(source: ExportSource) -> bool:
    """Whether it is a single moment, without a course over time."""
    return source.session.source is SourceKind.PICTURE
