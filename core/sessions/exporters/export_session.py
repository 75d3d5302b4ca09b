"""A stored session as files, with the columns that are derived from all its rows."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from core.domain import CONFIDENT2, ModelCard, Session, Timeline
from core.domain.errors import ModelError, PlanError
from core.measures import (
    MEASURES_ONLY,
    OWN,
    Calibration,
    MovementView,
    ScoreView,
    expect_view,
    in_view,
    measure_session,
    seconds_of_rows,
    shown_labels,
    view_named,
)
from core.models import list_cards, load_card
from core.sessions.calibrations import (
    MeasuredCalibration,
    calibration_facts,
    own_values,
)
from core.sessions.exporters.codebook import ShownAs, codebook_rows
from core.sessions.exporters.csv_file import DerivedColumns, json_lines
from core.sessions.exporters.export_formats import EXPORTS
from core.sessions.exporters.export_source import (
    LEAST_BIN_S,
    LONGEST_BIN_S,
    SECOND,
    ExportBatch,
    ExportSource,
    Pseudonyms,
    joined_codebook,
)
from core.sessions.people import people_of
from core.sessions.segments import segments_of
from core.sessions.store import SessionStore
from core.sessions.timeline_packing import scheme_of
from core.sessions.unreadable_calibrations import unreadable_calibrations, unreadable_text


def threshold_of(session: Session, cards: Iterable[ModelCard]) -> float:
    """The smoothed top score under which a session was shown as "not sure".

    Args:
        cards: of the registered models. A session of an earlier version has its model's threshold
            of today; without that model every label counts as shown.
    """
    if session.not_sure_below is not None:
        return session.not_sure_below
    return next((card.not_sure_below for card in cards if card.name == session.card_name), 0.0)


def derive_columns(
    timeline: Timeline,
    *,
    not_sure_below: float,
    shown_as: ScoreView | None = None,
    calibrations: Mapping[int, Calibration] | None = None,
) -> DerivedColumns:
    """The columns of the session file that follow from all rows together.

    Args:
        timeline: with the model's own scores.
        not_sure_below: see `threshold_of`.
        shown_as: None for the model's own classes.
        calibrations: by numbers of faces; None for nobody's.
    """
    view = view_named(timeline.scheme, OWN) if shown_as is None else shown_as
    own = {} if calibrations is None else calibrations
    shown = in_view(view, timeline, own)
    labels = shown_labels(shown, not_sure_below=not_sure_below)
    if view.name == MEASURES_ONLY:  # without scores; "not sure" would be a statement about them
        labels = np.full(len(timeline), "")
    two = view_named(timeline.scheme, CONFIDENT2.name).of_timeline(timeline)
    return DerivedColumns(
        measures=measure_session(timeline, own),
        seconds=seconds_of_rows(timeline),
        shown_as=ShownAs(view.scheme.labels, not_sure_below),
        shown=labels,
        steady=dict(zip(view.scheme.labels, shown.steady.T, strict=True)),
        two={
            label: two.scores[:, two.scheme.index(label)]
            for label in CONFIDENT2.labels
            if label in two.scheme.labels
        },
    )


@dataclass(frozen=True)
class ExportOptions:
    """How sessions are exported.

    Attributes:
        shown_as: name of a view (`measures.views`).
        bin_s: length of the bins of the table of seconds, 0.01 s to a day.
        with_identifiers: without, names, titles, times of day and words that people wrote are left
            out or replaced by pseudonyms.
    """

    shown_as: str = OWN
    bin_s: float = SECOND
    with_identifiers: bool = True

    def __post_init__(self) -> None:
        if not LEAST_BIN_S <= self.bin_s <= LONGEST_BIN_S:
            raise PlanError(
                f"A bin of {self.bin_s:g} s cannot be made.",
                advice=f"Choose {LEAST_BIN_S:g} to {LONGEST_BIN_S:,.0f} seconds.",
            )


def export_session(
    store: SessionStore,
    session_id: str,
    ending: str = ".csv",
    *,
    models_dir: Path,
    shown_as: str = OWN,
) -> bytes:
    """A session as a file in memory; see `write_sessions`."""
    written = io.BytesIO()
    options = ExportOptions(shown_as=shown_as)
    write_sessions(store, [session_id], (ending, written), models_dir=models_dir, options=options)
    return written.getvalue()


def write_sessions(
    store: SessionStore,
    session_ids: Sequence[str],
    to: tuple[str, BinaryIO],
    *,
    models_dir: Path,
    options: ExportOptions | None = None,
) -> None:
    """Write sessions into one file, one after another: only one is in memory.

    Args:
        session_ids: at least one; their columns are joined where their models differ.
        to: a key of `EXPORTS`, and the file.
        models_dir: the registry: for the model's card, and the threshold of sessions of earlier
            versions.
        options: None for the usual ones.
    Raises:
        UnknownSession, StoreError: nothing, or a part, was written.
        LabelSchemeMismatch: a model's classes have no such view.
        PlanError: the format cannot hold these sessions, or there is none.
    """
    if not session_ids:
        raise PlanError("No session is chosen.", advice="Name at least one.")
    ending, out = to
    batch = _batch(store, [*dict.fromkeys(session_ids)], models_dir, options or ExportOptions())
    EXPORTS[ending].write(batch, out)


def _batch(
    store: SessionStore, session_ids: Sequence[str], models_dir: Path, options: ExportOptions
) -> ExportBatch:
    cards = list_cards(models_dir)
    codebooks = []
    for one in session_ids:
        session = store.entry(one).session
        scheme = scheme_of(session)
        expect_view(scheme, options.shown_as)
        labels = view_named(scheme, options.shown_as).scheme.labels
        codebooks.append(codebook_rows(scheme, ShownAs(labels, threshold_of(session, cards))))
    pseudonyms = None if options.with_identifiers else Pseudonyms()
    sources = (_read(store, one, models_dir, options) for one in session_ids)
    hidden = sources if pseudonyms is None else map(pseudonyms.hide, sources)
    return ExportBatch(joined_codebook(codebooks), hidden, len(session_ids))


def _read(
    store: SessionStore, session_id: str, models_dir: Path, options: ExportOptions
) -> ExportSource:
    session, timeline = store.entry(session_id).session, store.read(session_id)
    card = None
    with suppress(ModelError):  # the model may be gone
        card = load_card(models_dir, session.card_name)
    source = source_of(
        store,
        (session, timeline),
        card=card,
        not_sure_below=threshold_of(session, list_cards(models_dir)),
        shown_as=view_named(timeline.scheme, options.shown_as),
    )
    return replace(source, bin_s=options.bin_s)


def source_of(
    store: SessionStore,
    rows: tuple[Session, Timeline],
    *,
    card: ModelCard | None,
    not_sure_below: float,
    shown_as: ScoreView,
) -> ExportSource:
    """A stored session with everything that files are made of.

    Args:
        rows: the session and all its rows, as read.
        card: of the model; None where it is gone.
        not_sure_below: see `threshold_of`.
        shown_as: its view.
    Raises:
        UnknownSession, StoreError.
    """
    session, timeline = rows
    calibrations = store.calibrations(session.id)
    derived = derive_columns(
        timeline,
        not_sure_below=not_sure_below,
        shown_as=shown_as,
        calibrations=own_values(calibrations),
    )
    return ExportSource(
        session,
        timeline,
        derived,
        about=_file_facts(card, calibrations, unreadable_calibrations(store, session.id)),
        segments=segments_of(store, session.id),
        people={face: one.name for face, one in people_of(store, session.id).items()},
    )


def _file_facts(
    card: ModelCard | None,
    calibrations: Mapping[int, MeasuredCalibration],
    unreadable: Sequence[int] = (),
) -> Mapping[str, Any]:
    """What an archive says about its session beside the rows, as plain values.

    Args:
        card: of the model; None where it is gone.
        calibrations: by numbers of faces.
        unreadable: faces whose calibration cannot be read.
    """
    facts: dict[str, Any] = {"calibrations": calibration_facts(calibrations)}
    if unreadable:
        facts["calibrations_note"] = unreadable_text(unreadable)
    return facts if card is None else {**facts, "model": card.to_json()}


def rows_since(
    store: SessionStore, session_id: str, row_id: int, *, models_dir: Path, shown_as: str = OWN
) -> tuple[str, int]:
    """The rows of a session after a known one, as JSON lines, and the newest row.

    Args:
        row_id: the newest known row; 0 for none.
        models_dir, shown_as: see `export_session`.
    Raises:
        UnknownSession, StoreError.
        LabelSchemeMismatch: the model's classes have no such view.
        PlanError: a view that needs earlier rows.
    """
    if shown_as == MovementView().name:
        raise PlanError(
            "Levels of expressiveness need more rows than the newest.",
            advice="Take them from the session's CSV when it has ended.",
        )
    session = store.entry(session_id).session
    timeline, newest = store.read_after(session_id, row_id)
    expect_view(timeline.scheme, shown_as)
    if newest == row_id:
        return "", row_id
    measured = derive_columns(
        timeline,
        not_sure_below=threshold_of(session, list_cards(models_dir)),
        shown_as=view_named(timeline.scheme, shown_as),
        calibrations=own_values(store.calibrations(session_id)),
    )
    return json_lines(session, timeline, measured), newest
