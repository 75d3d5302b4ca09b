"""A stored session as files, with the columns that are derived from all its rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

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
from core.sessions.exporters.codebook import ShownAs
from core.sessions.exporters.csv_file import DerivedColumns, json_lines
from core.sessions.exporters.export_formats import EXPORTS
from core.sessions.store import SessionStore
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


def export_session(
    store: SessionStore,
    session_id: str,
    ending: str = ".csv",
    *,
    models_dir: Path,
    shown_as: str = OWN,
) -> bytes:
    """A session as a file.

    Args:
        ending: a key of `EXPORTS`.
        models_dir: the registry: for the model's card, and the threshold of sessions of earlier
            versions.
        shown_as: name of a view (`measures.views`).
    Raises:
        UnknownSession, StoreError.
        LabelSchemeMismatch: the model's classes have no such view.
    """
    session, timeline = store.entry(session_id).session, store.read(session_id)
    calibrations = store.calibrations(session_id)
    expect_view(timeline.scheme, shown_as)
    measured = derive_columns(
        timeline,
        not_sure_below=threshold_of(session, list_cards(models_dir)),
        shown_as=view_named(timeline.scheme, shown_as),
        calibrations=own_values(calibrations),
    )
    card = None
    with suppress(ModelError):  # the model may be gone
        card = load_card(models_dir, session.card_name)
    about = file_facts(card, calibrations, unreadable_calibrations(store, session_id))
    return EXPORTS[ending].write(session, timeline, measured, about)


def file_facts(
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


def export_table(store: SessionStore, session_ids: Sequence[str], *, models_dir: Path) -> bytes:
    """Sessions of one model as one CSV, each row naming its session.

    Args:
        session_ids: at least one.
        models_dir: see `export_session`.
    Raises:
        UnknownSession, StoreError.
    """
    first, *others = (export_session(store, one, models_dir=models_dir) for one in session_ids)
    return first + b"".join(one[one.index(b"\n") + 1 :] for one in others)


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
