"""Which sessions a window, or a reference, is made of, and what of them can be compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from core.domain import SourceKind
from core.domain.counted import counted
from core.drift.columns import Columns, joined, without_labels
from core.drift.reference import DriftReference

if TYPE_CHECKING:  # a training takes this room along, and has no sessions
    from core.sessions import SessionEntry


@dataclass(frozen=True, eq=False)
class SessionColumns:
    """One session's columns.

    Attributes:
        model: the model that read it, by name.
        columns: as `columns_of_timeline` answers.
    """

    model: str
    columns: Columns


@dataclass(frozen=True, eq=False)
class Window:
    """Sessions as they can be compared.

    Attributes:
        columns: of all of them; labels and confidence of one model only.
        left_out: models whose labels and confidence are not in it, by name, in order.
    """

    columns: Columns
    left_out: tuple[str, ...] = ()


def window_of(parts: Sequence[SessionColumns], reference: DriftReference) -> Window:
    """Sessions as they are compared with a reference.

    Light, size and pose are compared whoever read the faces. Labels and confidence are those of one
    model: another one's would pass for drift. A reference that does not say whose it holds (of an
    earlier version) is compared with every model that names the same labels.
    """
    known = () if reference.mix is None else reference.mix.labels

    def fits(part: SessionColumns) -> bool:
        if reference.model:
            return part.model == reference.model
        return not known or part.columns.labels == known

    return _window(parts, {one.model for one in parts if fits(one)})


def window_of_main_model(parts: Sequence[SessionColumns]) -> tuple[str, Window]:
    """Sessions as a reference is made of them, and the model whose labels and confidence it holds.

    It is the one that read the most seconds of faces; empty without any.
    """
    seconds: Counter[str] = Counter()
    for part in parts:
        seconds[part.model] += len(part.columns)
    model = seconds.most_common(1)[0][0] if seconds else ""
    return model, _window(parts, {model})


def _window(parts: Sequence[SessionColumns], models: Collection[str]) -> Window:
    # One name may have stood for models of different labels: the first ones seen are kept.
    labels = next((one.columns.labels for one in parts if one.model in models), ())
    kept = [one.model in models and one.columns.labels == labels for one in parts]
    columns = [
        one.columns if is_kept else without_labels(one.columns)
        for one, is_kept in zip(parts, kept, strict=True)
    ]
    others = {one.model for one, is_kept in zip(parts, kept, strict=True) if not is_kept}
    return Window(joined(columns), tuple(sorted(others)))


def newest_session(
    entries: Sequence[SessionEntry], *, other_than: Collection[str] = ()
) -> list[SessionEntry]:
    """The newest session that is not among those named; the newest of all where every one is.

    Args:
        entries: newest first, as `SessionStore.sessions` answers.
        other_than: ids of sessions, such as those of a reference.
    """
    others = [entry for entry in entries if entry.session.id not in other_than]
    return (others or list(entries))[:1]


def sessions_of_days(
    entries: Sequence[SessionEntry], *, days: int, now: datetime
) -> list[SessionEntry]:
    """The sessions that began within the last days."""
    return [one for one in entries if one.session.began_at >= now - timedelta(days=days)]


WATCHED_DAYS = 7
"""How far back a notice looks: drift is what lasts, and one session is one room and one light."""

MOST_WATCHED = 20
"""Sessions that a notice looks at: it is drawn on pages that must answer at once."""


def watched_sessions(entries: Sequence[SessionEntry], *, now: datetime) -> list[SessionEntry]:
    """What a notice looks at: ended sessions of the last days that the newest one's model read.

    Args:
        entries: newest first. Sessions made by code count as nobody's, and running ones still
            grow.
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
    """One sentence on what a reference of these sessions comes from; days are UTC's."""
    days = sorted(entry.session.began_at.astimezone(UTC).date() for entry in entries)
    if days[0] == days[-1]:
        when = f"of {days[0]:%d %b %Y}"
    else:
        when = f"from {days[0]:%d %b %Y} to {days[-1]:%d %b %Y}"
    count = counted(len(entries), "session")
    return f"{count} {when}, {len(columns):,} seconds of faces."
