"""Selection of the sessions of a window or a reference, and of their comparable columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from core.domain import SourceKind
from core.domain.counted import counted
from core.drift.quantity_columns import Columns, concatenate, without_labels
from core.drift.reference import DriftReference

if TYPE_CHECKING:  # trainings import this package without `core.sessions`
    from core.sessions import SessionEntry


@dataclass(frozen=True, eq=False)
class SessionColumns:
    """One session's columns.

    Attributes:
        model: name of the model that classified it.
        columns: from `columns_of_timeline`.
    """

    model: str
    columns: Columns


@dataclass(frozen=True, eq=False)
class Window:
    """Columns of several sessions.

    Attributes:
        columns: of all sessions; predictions of one model only.
        left_out: names of the models whose predictions are left out, sorted.
    """

    columns: Columns
    left_out: tuple[str, ...] = ()


def window_of(parts: Sequence[SessionColumns], reference: DriftReference) -> Window:
    """The window of sessions to compare with a reference.

    Brightness, size and pose are compared for all sessions, predictions only for those of the
    reference's model: another model's would look like drift. A reference without a model name (of
    an earlier version) is compared with every model that has the same classes.
    """
    known = () if reference.mix is None else reference.mix.labels

    def is_comparable(part: SessionColumns) -> bool:
        if reference.model:
            return part.model == reference.model
        return not known or part.columns.labels == known

    return _window(parts, {one.model for one in parts if is_comparable(one)})


def window_of_main_model(parts: Sequence[SessionColumns]) -> tuple[str, Window]:
    """The window of sessions for a new reference, and the model whose predictions it includes.

    It is the model of most rows; empty without sessions.
    """
    seconds: Counter[str] = Counter()
    for part in parts:
        seconds[part.model] += len(part.columns)
    model = seconds.most_common(1)[0][0] if seconds else ""
    return model, _window(parts, {model})


def _window(parts: Sequence[SessionColumns], models: Collection[str]) -> Window:
    # Models of one name may have had different classes: the first ones are included.
    labels = next((one.columns.labels for one in parts if one.model in models), ())
    included = [one.model in models and one.columns.labels == labels for one in parts]
    columns = [
        one.columns if is_included else without_labels(one.columns)
        for one, is_included in zip(parts, included, strict=True)
    ]
    others = {
        one.model for one, is_included in zip(parts, included, strict=True) if not is_included
    }
    return Window(concatenate(columns), tuple(sorted(others)))


def newest_session(
    entries: Sequence[SessionEntry], *, other_than: Collection[str] = ()
) -> list[SessionEntry]:
    """The newest session that is not excluded; the newest of all where every one is excluded.

    Args:
        entries: newest first, from `SessionStore.sessions`.
        other_than: ids of excluded sessions, such as those of a reference.
    """
    others = [entry for entry in entries if entry.session.id not in other_than]
    return (others or list(entries))[:1]


def sessions_of_days(
    entries: Sequence[SessionEntry], *, days: int, now: datetime
) -> list[SessionEntry]:
    """The sessions that started within the last days."""
    return [one for one in entries if one.session.began_at >= now - timedelta(days=days)]


WATCHED_DAYS = 7
"""Period of the drift notice; a single session has only one place and lighting."""

MOST_WATCHED = 20
"""Maximum sessions of the notice, which is drawn on pages that must load fast."""


def watched_sessions(entries: Sequence[SessionEntry], *, now: datetime) -> list[SessionEntry]:
    """Sessions of the drift notice: ended ones of the last days, with the newest one's model.

    Args:
        entries: newest first. Demo sessions and running sessions are left out.
    """
    ended = [
        one
        for one in sessions_of_days(entries, days=WATCHED_DAYS, now=now)
        if one.session.source is not SourceKind.DEMO and one.rows and not one.is_live(now)
    ]
    return [one for one in ended if one.session.card_name == ended[0].session.card_name][
        :MOST_WATCHED
    ]


def source_of(entries: Sequence[SessionEntry], columns: Columns) -> str:
    """A sentence about the origin of a reference of these sessions; days are in UTC."""
    days = sorted(entry.session.began_at.astimezone(UTC).date() for entry in entries)
    if days[0] == days[-1]:
        when = f"of {days[0]:%d %b %Y}"
    else:
        when = f"from {days[0]:%d %b %Y} to {days[-1]:%d %b %Y}"
    count = counted(len(entries), "session")
    return f"{count} {when}, {len(columns):,} seconds of faces."
